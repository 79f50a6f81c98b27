"""What people do at a page, in their words. Nothing here needs script: it presses and types.

Controls are found as a screen reader finds them, by the role and the name of the contract.
"""

from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from discuss.letters.models import Letter

PROVIDERS = ("Google", "X (Twitter)", "Facebook", "WordPress.com")


def open_letter(page: Page, letter: Letter, query: str = "") -> None:
    """Go to a letter's page."""
    page.goto(f"/letters/{letter.slug}{query}")


def field(place: Page | Locator, name: str) -> Locator:
    """Find a field to write in by its name."""
    return place.get_by_role("textbox", name=name)


def press(place: Page | Locator, name: str) -> None:
    """Press a button by its name."""
    place.get_by_role("button", name=name).click()


def follow(place: Page | Locator, name: str) -> None:
    """Follow a link by its name."""
    place.get_by_role("link", name=name).click()


def comment(page: Page, words: str) -> Locator:
    """Find a comment, or a tombstone, by words in it."""
    return page.get_by_role("article").filter(has_text=words)


def entry(page: Page, words: str) -> Locator:
    """Find a comment together with its replies."""
    return page.get_by_role("listitem").filter(has=page.locator("> article", has_text=words))


def composer(page: Page) -> Locator:
    """Find the form that a comment is written in."""
    return page.locator("form", has=page.get_by_role("textbox", name="Your comment"))


def write(page: Page, words: str) -> None:
    """Write a comment, and leave it unsent."""
    page.wait_for_load_state()  # a page that is still loading may not keep what is written
    field(page, "Your comment").fill(words)


def post(page: Page, words: str) -> None:
    """Write a comment and post it; the next page shows it."""
    write(page, words)
    press(page, "Post comment")
    expect(page.get_by_text("Posted.")).to_be_visible()
    page.wait_for_load_state()


def open_reply(page: Page, to: str) -> Locator:
    """Press "Reply" at the comment that says `to`, and return the field for the answer."""
    comment(page, to).get_by_role("link", name="Reply", exact=True).click()
    expect(field(page, "Your reply")).to_be_visible()
    page.wait_for_load_state()
    return field(page, "Your reply")


def reply(page: Page, to: str, words: str) -> None:
    """Answer the comment that says `to`."""
    open_reply(page, to).fill(words)
    press(page, "Post reply")
    expect(page.get_by_text("Posted.")).to_be_visible()
    page.wait_for_load_state()


def follow_to_rules(page: Page) -> None:
    """Go to the rules that hold a comment, as a moderator does."""
    page.goto("/moderation")
    page.get_by_role("navigation", name="Moderation").get_by_role("link", name="Rules").click()
    expect(page.get_by_role("heading", name="Rules that hold a comment")).to_be_visible()


def open_menu(comment: Locator, name: str) -> None:
    """Open one of a comment's menus: "More", or a moderator's "Remove…"."""
    summary = comment.locator("summary").filter(has_text=name)
    summary = summary.or_(comment.locator(f'summary[aria-label^="{name}"]'))
    summary.click()
    expect(summary.locator("..")).to_have_attribute("open", "")


def answer_provider(page: Page, name: str, answer: str = "Allow") -> None:
    """Say at a provider who one is, or that one would rather not; it leads back to the site."""
    expect(page.get_by_text("stands in for")).to_be_visible()
    provider = urlsplit(page.url).netloc
    field(page, "Display name").fill(name)
    press(page, answer)
    page.wait_for_url(lambda url: urlsplit(url).netloc != provider)


def open_sign_in(page: Page) -> None:
    """Follow the link in the header to the page for signing in."""
    follow(page.get_by_role("banner"), "Sign in")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def sign_in(page: Page, provider: str, name: str, form: Locator | None = None) -> None:
    """Sign in from the form on this page, there and back.

    :param form: whose buttons are pressed, where the page has several.
    """
    press(form or page, f"Continue with {provider}")
    answer_provider(page, name)


def log_out(page: Page) -> None:
    """Log out by the menu in the header."""
    header = page.get_by_role("banner")
    header.locator("summary").click()
    press(header, "Log out")
    expect(header.get_by_role("link", name="Sign in")).to_be_visible()
    page.wait_for_load_state()
