"""With the keyboard alone: Tab, Enter, Escape, and Ctrl with Enter."""

from playwright.sync_api import expect

from tests.browser import steps

MOST_TABS = 80


def tab_to(page, wanted):
    """Press Tab until a control has the focus."""
    page.wait_for_load_state()
    for _ in range(MOST_TABS):
        if wanted.evaluate("it => it === document.activeElement"):
            return wanted
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {wanted}")


def test_a_reader_signs_in_and_comments_without_a_mouse(open_page, script, make):
    letter = make.letter()
    page = open_page(**script)
    steps.open_letter(page, letter)

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    tab_to(page, steps.field(page, "Your comment"))
    page.keyboard.type("Written without a mouse.")
    tab_to(page, page.get_by_role("button", name="Continue with Google"))
    page.keyboard.press("Enter")
    expect(steps.field(page, "Display name")).to_be_focused()
    page.keyboard.type("Ada")
    page.keyboard.press("Enter")

    expect(steps.field(page, "Your comment")).to_have_value("Written without a mouse.")
    tab_to(page, page.get_by_role("button", name="Post comment"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Posted.")).to_be_visible()
    expect(steps.comment(page, "Written without a mouse.")).to_be_focused()


def test_replies_menus_and_branches_answer_to_keys(person, make):
    letter = make.letter()
    question = make.comment(letter, author=make.account("Bo"), source="Who else was there?")
    make.comment(letter, parent=question, source="I was.")
    page = person(make.account("Ada"))
    steps.open_letter(page, letter)
    asked = steps.comment(page, "Who else was there?")

    menu = tab_to(page, asked.locator("summary"))
    page.keyboard.press("Enter")
    expect(asked.get_by_role("button", name="Report")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(asked.get_by_role("button", name="Report")).to_be_hidden()
    expect(menu).to_be_focused()

    knob = tab_to(page, page.locator(".kids > summary"))
    page.keyboard.press("Enter")
    expect(steps.comment(page, "I was.")).to_be_hidden()
    expect(page.get_by_text("1 reply to Bo")).to_be_visible()
    expect(knob).to_be_focused()
    page.keyboard.press("Enter")
    expect(steps.comment(page, "I was.")).to_be_visible()

    answer = asked.get_by_role("link", name="Reply", exact=True)
    answer.focus()
    page.keyboard.press("Enter")
    expect(steps.field(page, "Your reply")).to_be_focused()
    page.keyboard.type("So was she.")
    page.keyboard.press("Escape")
    expect(steps.field(page, "Your reply")).to_have_count(0)
    expect(answer).to_be_focused()

    page.keyboard.press("Enter")
    expect(steps.field(page, "Your reply")).to_have_value("So was she.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Posted.")).to_be_visible()
    expect(steps.comment(page, "So was she.")).to_be_focused()
