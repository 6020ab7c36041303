"""Every page a customer can meet: nothing for axe to find, and nothing wider than the screen."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from complaints.resolution import links
from complaints.resolution.links import Purpose
from complaints.resolution.models import Complaint
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG_WORD = "Unbeschreiblichunangenehmerweise" * 3


def path(purpose: Purpose, complaint: Complaint) -> str:
    return links.path(purpose, links.token(purpose, complaint))


def send_empty(page: Page) -> None:
    page.locator("main form button[type=submit]").first.click()
    page.get_by_role("alert").wait_for()


def complain(page: Page) -> None:
    page.get_by_label("Your name").fill(LONG_WORD)
    page.get_by_label("E-mail address").fill("jo@example.com")
    page.get_by_label("Your complaint in one line").fill(LONG_WORD)
    page.get_by_label("What happened?").fill(f"{LONG_WORD} https://example.com/{LONG_WORD}")
    page.get_by_role("button", name="Send your complaint").click()
    page.wait_for_url("**/thanks/**")


Deed = Callable[[Page], None]


def pages() -> Iterator[tuple[str, str, Deed | None]]:
    """Name, address, and what is done on it first."""
    now = timezone.now() - timedelta(hours=6)
    waiting = path(Purpose.ANSWER, factories.waiting(now=now))
    offered = path(Purpose.OFFER, factories.offered(now=now, title=LONG_WORD, words=LONG_WORD))
    standing = path(Purpose.STATUS, factories.acknowledged(now=now, words=LONG_WORD))
    answered = factories.answered(now=now - timedelta(days=10))
    closed = factories.closed(now=now - timedelta(days=40))
    yield "form", "/", None
    yield "form with errors", "/", send_empty
    yield "thanks", "/", complain
    yield "status", standing, None
    yield "status with errors", standing, send_empty
    yield "status of an offer", path(Purpose.STATUS, factories.offered(now=now)), None
    yield "withdraw", f"{standing}withdraw/", None
    yield "withdraw with errors", f"{standing}withdraw/", send_empty
    yield "answer", waiting, None
    yield "answer with errors", waiting, send_empty
    yield "nothing to answer", path(Purpose.ANSWER, answered), None
    yield "offer", offered, None
    yield "offer kept", path(Purpose.OFFER, answered), None
    yield "accept", f"{offered}accept/", None
    yield "accept with errors", f"{offered}accept/", send_empty
    yield "decline", f"{offered}decline/", None
    yield "decline with errors", f"{offered}decline/", send_empty
    yield "follow-up", path(Purpose.FOLLOW_UP, answered), None
    yield "follow-up with errors", path(Purpose.FOLLOW_UP, answered), send_empty
    yield "survey", path(Purpose.SURVEY, closed), None
    yield "survey with errors", path(Purpose.SURVEY, closed), send_empty
    yield "bad link", "/c/offer/nonsense/", None
    yield "no page", "/nothing-here/", None


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1400])
def test_axe_finds_nothing_on_any_page(
    browser_page: Page, live_server: LiveServer, settings: Settings, width: int, scheme: str
) -> None:
    settings.DEBUG = False
    browser_page.set_viewport_size({"width": width, "height": 850})
    browser_page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    wrong = {}
    for name, address, deed in pages():
        browser_page.goto(live_server.url + address)
        if deed:
            deed(browser_page)
        found = Axe().run(browser_page)
        if found.violations_count:
            wrong[name] = found.generate_report()
        if browser_page.evaluate("document.documentElement.scrollWidth") > width:
            wrong[f"{name}, too wide"] = browser_page.url
    assert wrong == {}
