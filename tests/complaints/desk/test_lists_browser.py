"""Lists and the search box in a real browser: by keyboard, and on a phone."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from complaints.resolution.models import Category
from tests.complaints.desk.pages import LATELY, page_of, sign_in
from tests.complaints.desk.staff import administrator
from tests.factories import handler_user, investigating

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = ViewportSize(width=390, height=844)
TOO_HIGH = "cells => cells.filter(cell => cell.scrollHeight > cell.clientHeight + 1).length"


def ask_the_box(page: Page, words: str) -> None:
    page.keyboard.press("Control+k")
    box = page.locator("#search-input-command")
    expect(box).to_be_focused()
    box.press_sequentially(words)
    box.press("Enter")


def test_enter_in_the_search_box_opens_what_was_named_or_shows_what_was_found(
    browser_page: Page, live_server: LiveServer
) -> None:
    person = handler_user()
    complaint = investigating(by=person, now=LATELY)
    sign_in(browser_page, live_server, person)
    browser_page.goto(f"{live_server.url}/desk/")
    ask_the_box(browser_page, complaint.reference)
    browser_page.wait_for_url(live_server.url + page_of(complaint))
    browser_page.goto(f"{live_server.url}/desk/")
    ask_the_box(browser_page, "nobody here")
    browser_page.wait_for_url(f"{live_server.url}/desk/search/?q=nobody%20here")


def test_on_a_phone_a_card_shows_every_line_and_its_headings_as_the_desk_writes_them(
    browser_page: Page, live_server: LiveServer
) -> None:
    Category.objects.create(
        name="Everything that has to do with a luggage trolley left at the wrong quay " * 2
    )
    sign_in(browser_page, live_server, administrator())
    browser_page.set_viewport_size(PHONE)
    browser_page.goto(f"{live_server.url}/desk/resolution/category/")
    cells = browser_page.locator("#result_list [data-label]")
    assert cells.evaluate_all(TOO_HIGH) == 0
    heading = browser_page.locator("[data-label^='Fast']").first
    assert heading.get_attribute("data-label") == "Fast track"
    assert heading.evaluate("cell => getComputedStyle(cell, '::before').textTransform") == "none"
    expect(browser_page.locator("#header-inner h1")).to_have_text("Categories", use_inner_text=True)
