"""The two pages in a real browser: by keyboard, on a phone, without scripts, and with nothing for axe to find."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from complaints.followups.models import FollowUpAnswer, SurveyAnswer
from complaints.resolution import links
from complaints.resolution.links import Purpose
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def address(live_server: LiveServer, purpose: Purpose) -> str:
    make = factories.answered if purpose == Purpose.FOLLOW_UP else factories.closed
    complaint = make(now=timezone.now() - timedelta(days=40))
    return live_server.url + links.path(purpose, links.token(purpose, complaint))


@pytest.mark.parametrize("purpose", [Purpose.FOLLOW_UP, Purpose.SURVEY])
@pytest.mark.parametrize("width", [390, 1400])
def test_axe_finds_nothing_on_any_face_of_the_page(
    live_server: LiveServer, browser_page: Page, purpose: Purpose, width: int
) -> None:
    browser_page.set_viewport_size({"width": width, "height": 850})
    browser_page.goto(address(live_server, purpose))
    faces = [Axe().run(browser_page).generate_report()]
    browser_page.get_by_role("button").click()
    expect(browser_page.get_by_role("alert")).to_be_visible()
    faces.append(Axe().run(browser_page).generate_report())
    for choice in ("Yes", "5 Very"):
        for found in browser_page.get_by_label(choice).all():
            found.check()
    browser_page.get_by_role("button").click()
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Thank you")
    faces.append(Axe().run(browser_page).generate_report())
    assert [face for face in faces if "Found 0 accessibility violations" not in face] == []
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_survey_is_answered_by_keyboard_alone(live_server: LiveServer, browser_page: Page) -> None:
    browser_page.goto(address(live_server, Purpose.SURVEY))
    press = browser_page.keyboard.press
    browser_page.get_by_label("1 Very dissatisfied").focus()
    for key in ("Space", "ArrowDown", "ArrowDown", "Tab", "ArrowDown", "Tab"):
        press(key)
    browser_page.keyboard.type("All fine.")
    press("Tab")
    press("Enter")
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Thank you")
    answer = SurveyAnswer.objects.get()
    assert (answer.score, answer.still_open, answer.text) == (3, False, "All fine.")


def test_without_scripts_everything_works(live_server: LiveServer, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(address(live_server, Purpose.FOLLOW_UP))
    page.get_by_label("No, something").check()
    page.get_by_role("textbox").fill("No money yet.")
    page.get_by_role("button").click()
    expect(page.get_by_text("up again")).to_be_visible()
    assert FollowUpAnswer.objects.get().text == "No money yet."
    page.context.close()
