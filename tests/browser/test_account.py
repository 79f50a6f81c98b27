"""The account: its name, the ways in, taking one's data along, and leaving."""

from playwright.sync_api import expect

from tests.browser import steps


def test_two_ways_in_lead_to_one_name(open_page, script):
    page = open_page(**script)
    page.goto("/signin")
    steps.sign_in(page, "Google", "Ada")
    page.goto("/account")
    steps.field(page, "Display name").fill("Ada L.")
    steps.press(page, "Save name")
    expect(page.get_by_text("Name saved.")).to_be_visible()

    steps.press(page, "Link X (Twitter)")
    steps.answer_provider(page, "ada_l")
    expect(page.get_by_text("Linked. You can sign in with X (Twitter)")).to_be_visible()
    steps.log_out(page)
    page.goto("/signin")
    steps.sign_in(page, "X (Twitter)", "ada_l")
    expect(page.get_by_role("banner")).to_contain_text("Ada L.")

    page.goto("/account")
    steps.press(page, "Unlink Google")
    expect(page.get_by_text("Unlinked.")).to_be_visible()
    expect(page.get_by_role("button", name="Link Google", exact=True)).to_be_visible()


def test_somebody_takes_their_data_and_leaves_and_may_change_their_mind(open_page, script, make):
    letter = make.letter()
    page = open_page(**script)
    steps.open_letter(page, letter)
    steps.sign_in(page, "Google", "Ada")
    steps.post(page, "By spring I phoned.")
    page.goto("/account")
    with page.expect_download() as taken:
        steps.press(page, "Download my data")
    assert "By spring I phoned." in taken.value.path().read_text()

    steps.press(page, "Delete my account")
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete your account")
    page.get_by_label("Delete the words too.").check()
    steps.press(page, "Delete my account")
    expect(page.get_by_role("banner").get_by_role("link", name="Sign in")).to_be_visible()

    steps.open_letter(page, letter)
    expect(steps.comment(page, "By spring I phoned.")).to_be_visible()
    steps.sign_in(page, "Google", "Ada")
    expect(page.get_by_text("Commenting as Ada via Google")).to_be_visible()
