"""The dialogs in a real browser: in place, with every word kept, and back on the page when done."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from complaints.resolution.models import Complaint, State
from tests.complaints.desk.pages import IN_A_WEEK, LATELY, page_of, sign_in
from tests.factories import handler_user, investigating, ready_to_offer, supervisor_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def open_page(page: Page, live_server: LiveServer, complaint: Complaint, person: User) -> None:
    sign_in(page, live_server, person)
    page.goto(live_server.url + page_of(complaint))


def test_a_refused_note_keeps_its_place_and_a_good_one_ends_in_the_story(
    browser_page: Page, live_server: LiveServer
) -> None:
    person = handler_user()
    complaint = investigating(by=person, now=LATELY)
    open_page(browser_page, live_server, complaint, person)
    browser_page.get_by_text("Everything else").click()
    browser_page.get_by_role("link", name="Write a note").click()
    dialog = browser_page.get_by_role("dialog")
    dialog.get_by_role("button", name="Keep the note").click()
    expect(dialog.get_by_role("alert")).to_contain_text("missing")
    expect(dialog.get_by_label("Note")).to_be_focused()
    dialog.get_by_label("Note").fill("Billing confirms two captures.")
    dialog.get_by_role("button", name="Keep the note").click()
    expect(browser_page.get_by_text("The note is in the file.")).to_be_visible()
    expect(browser_page.locator(".r-note")).to_contain_text("Billing confirms two captures.")
    assert browser_page.url == live_server.url + page_of(complaint)


def test_a_letter_that_is_stopped_says_so_first_and_the_keyboard_goes_on_from_there(
    browser_page: Page, live_server: LiveServer
) -> None:
    person = handler_user()
    complaint = investigating(by=person, now=LATELY)
    open_page(browser_page, live_server, complaint, person)
    browser_page.get_by_text("Everything else").click()
    browser_page.get_by_role("link", name="Write to the customer").click()
    dialog = browser_page.get_by_role("dialog")
    dialog.get_by_label("Letter to the customer").fill("Thank you. Your card 4111 1111 1111 1111 is blocked.")
    dialog.get_by_role("button", name="Send the letter").click()
    expect(dialog.get_by_role("alert")).to_be_focused()
    expect(dialog.get_by_role("heading", level=2)).to_be_in_viewport()
    browser_page.keyboard.press("Tab")
    expect(dialog.get_by_label("Subject")).to_be_focused()


def test_the_amounts_are_weighed_against_the_authority_before_sending(
    browser_page: Page, live_server: LiveServer
) -> None:
    person = handler_user()
    complaint = ready_to_offer(by=person, now=LATELY)
    open_page(browser_page, live_server, complaint, person)
    browser_page.get_by_role("link", name="Make an offer").click()
    dialog = browser_page.get_by_role("dialog")
    expect(dialog.locator("[data-row]:visible")).to_have_count(1)
    dialog.get_by_label("Amount").first.fill("150")
    expect(dialog.locator("[data-room-line]")).to_contain_text("within your authority")
    for _ in range(3):
        dialog.get_by_role("button", name="Add a line").click()
    expect(dialog.locator("[data-row]:visible")).to_have_count(4)
    dialog.get_by_label("Amount").nth(3).fill("100")
    expect(dialog.locator("[data-room-line]")).to_contain_text("it goes to a superior")
    for row in (0, 3):
        dialog.get_by_label("By when").nth(row).fill(IN_A_WEEK.isoformat())
    dialog.get_by_label("What was tried so far").fill("Rang her twice.")
    dialog.get_by_role("button", name="Put the offer forward").click()
    expect(browser_page.get_by_text("The offer is with a superior.")).to_be_visible()
    assert Complaint.objects.get().state == State.REFERRED
    assert Complaint.objects.get().offers.get().lines.count() == 2


def test_escape_does_not_throw_typed_words_away_unasked(browser_page: Page, live_server: LiveServer) -> None:
    person = handler_user()
    open_page(browser_page, live_server, investigating(by=person, now=LATELY), person)
    browser_page.get_by_text("Everything else").click()
    browser_page.get_by_role("link", name="Write a note").click()
    dialog = browser_page.get_by_role("dialog")
    dialog.get_by_label("Note").fill("A long note")
    browser_page.once("dialog", lambda question: question.dismiss())
    browser_page.keyboard.press("Escape")
    expect(dialog.get_by_label("Note")).to_have_value("A long note")


def test_everything_works_without_scripts(browser_page: Page, live_server: LiveServer) -> None:
    person = handler_user()
    complaint = investigating(by=person, now=LATELY)
    browser = browser_page.context.browser
    assert browser is not None
    page = browser.new_context(java_script_enabled=False).new_page()
    open_page(page, live_server, complaint, person)
    page.get_by_text("Everything else").click()
    page.get_by_role("link", name="Write a note").click()
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Note").fill("Without scripts.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator(".r-note")).to_contain_text("Without scripts.")
    page.context.close()


def test_which_dates_another_policy_changes_is_shown_before_it_is_done(
    browser_page: Page, live_server: LiveServer
) -> None:
    lead = supervisor_user()
    complaint = investigating(by=lead, now=LATELY)
    open_page(browser_page, live_server, complaint, lead)
    browser_page.get_by_text("Everything else").click()
    browser_page.get_by_role("link", name="Change the policy").click()
    dialog = browser_page.get_by_role("dialog")
    dialog.get_by_label("Put it under").select_option("au_rg271")
    dialog.get_by_label("Why these rules?").fill("It is about our Australian branch.")
    dialog.get_by_role("button", name="Put it under these rules").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Nothing has changed yet")
    expect(dialog.get_by_role("table")).to_contain_text("Give the IDR response")
    complaint.refresh_from_db()
    assert complaint.pack_code == "house"
    dialog.get_by_role("button", name="Put it under these rules").click()
    expect(browser_page.get_by_text("It comes under")).to_be_visible()
    complaint.refresh_from_db()
    assert complaint.pack_code == "au_rg271"
