"""One complaint from the form to the survey, in a real browser, by everybody who has a part in it."""

import re

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from complaints.followups.models import SurveyAnswer
from complaints.resolution.models import Complaint, OfferState, RootCause, State
from tests import factories
from tests.house import DAY, HOUR, House, link_in, sent_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CUSTOMER = "jo@example.com"
PASSWORD = "only-for-this-test"


class Stage:
    """One browser, in which one person after the other sits down."""

    def __init__(self, page: Page, url: str, house: House) -> None:
        self.page, self.url, self.house = page, url, house

    def customer_opens(self, path: str) -> Page:
        self.page.context.clear_cookies()
        self.page.goto(self.url + path)
        return self.page

    def signs_in(self, person: User) -> Page:
        self.page.context.clear_cookies()
        self.page.goto(f"{self.url}/desk/")
        self.page.locator("input[name=username]").fill(person.username)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("form button[type=submit]").first.click()
        expect(self.page).to_have_url(f"{self.url}/desk/")
        return self.page

    def opens_complaint(self, person: User) -> Page:
        self.signs_in(person)
        self.page.goto(f"{self.url}/desk/resolution/complaint/{Complaint.objects.get().pk}/change/")
        return self.page

    def does(self, label: str, *, tab: str = "", **fields: str) -> None:
        """Press a button of the complaint, fill the dialog by its labels, send it."""
        if tab:
            self.page.get_by_role("navigation", name="Parts of the file").get_by_role(
                "link", name=tab
            ).click()
        button = self.page.get_by_role("link", name=label, exact=True).first
        button.or_(self.page.get_by_text("Everything else")).first.wait_for()
        if not button.is_visible():
            self.page.get_by_text("Everything else").click()
        button.click()
        dialog = self.page.get_by_role("dialog")
        for name, value in fields.items():
            write(dialog.locator(f"[name={name.replace('__', '-')}]"), value)
        dialog.locator(".r-do__foot button:not([name])").click()
        expect(dialog).to_be_hidden()

    def told(self, words: str) -> None:
        expect(self.page.get_by_text(words)).to_be_visible()


def write(field: Locator, value: str) -> None:
    if field.evaluate("field => field.tagName") == "SELECT":
        field.select_option(label=value)
    else:
        field.fill(value)


@pytest.fixture
def stage(
    browser_page: Page, live_server: LiveServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Stage:
    settings.SITE_URL = live_server.url
    house = House(factories.NOW)
    monkeypatch.setattr(timezone, "now", lambda: house.now)
    for person in (house.handler, house.supervisor, house.manager):
        person.set_password(PASSWORD)
        person.save()
    return Stage(browser_page, live_server.url, house)


def state() -> str:
    return str(Complaint.objects.get().state)


def test_from_the_form_to_the_survey(stage: Stage) -> None:
    complain(stage)
    stage.house.pass_to(stage.house.now + HOUR)
    assert state() == State.ACKNOWLEDGED
    ask_and_answer(stage)
    propose_and_approve(stage)
    offer_and_accept(stage)
    put_right(stage)
    say_how_it_was(stage)
    assert [subject.removeprefix("Your complaint …").lstrip(": ") for subject in sent_to(CUSTOMER)] == [
        "thank you, we are looking into it",
        "a question",
        "our offer to put this right",
        "what we have done",
        "is everything right now?",
        "is now closed",
        "how did we do?",
    ]


def complain(stage: Stage) -> None:
    page = stage.customer_opens("/")
    page.get_by_label("Your name").fill("Jo Bright")
    page.get_by_label("E-mail address").fill(CUSTOMER)
    page.get_by_label("Your complaint in one line").fill("Charged twice for a week in Faro")
    page.get_by_label("What happened?").fill("You charged me twice and nobody called back.")
    page.get_by_label("What would put it right for you?").fill("The second charge back")
    page.get_by_role("button", name="Send your complaint").click()
    expect(page.get_by_text(Complaint.objects.get().reference).first).to_be_visible()


def ask_and_answer(stage: Stage) -> None:
    page = stage.signs_in(stage.house.handler)
    page.goto(f"{stage.url}/desk/resolution/complaint/?list=unassigned")
    page.get_by_role("link", name="Charged twice for a week in Faro").first.click()
    stage.does("Start investigating")
    assert Complaint.objects.get().handler == stage.house.handler
    stage.does("Ask the customer", questions="Which card was it?")
    assert state() == State.WAITING
    stage.house.look()
    page = stage.customer_opens(link_in("answer"))
    page.get_by_label("Which card was it?").fill("The blue one, it ends in 4417.")
    page.get_by_role("button", name="Send your answer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert state() == State.INVESTIGATING


def propose_and_approve(stage: Stage) -> None:
    stage.house.now += HOUR
    page = stage.opens_complaint(stage.house.handler)
    expect(page.get_by_text("The blue one, it ends in 4417.").first).to_be_visible()
    stage.does(
        "Record finding",
        what_happened="The gateway tried twice.",
        fault="Our fault",
        basis="Documents or records",
        basis_detail="Both payments in the gateway's record",
        explanation="Our payment page was sent twice.",
        root_cause=RootCause.objects.create(name="Payment taken twice").name,
    )
    due = (stage.house.now + 10 * DAY).date().isoformat()
    tried = "An apology, and a free night."
    stage.does("Make an offer", lines__0__amount="500", lines__0__due_on=due, tried=tried)
    assert state() == State.REFERRED
    stage.told("The offer is with a superior.")
    page = stage.signs_in(stage.house.supervisor)
    page.goto(f"{stage.url}/desk/escalations/escalation/")
    page.get_by_role("button", name="Claim next").first.click()
    expect(page.get_by_text("Claimed by you")).to_be_visible()
    stage.does("Approve £500", text="In line with like cases.")
    assert state() == State.APPROVED


def offer_and_accept(stage: Stage) -> None:
    stage.opens_complaint(stage.house.handler)
    stage.does("Send the offer")
    stage.house.look()
    page = stage.customer_opens(link_in("offer"))
    expect(page.get_by_text("500")).to_be_visible()
    page.get_by_role("link", name="Accept this offer").click()
    page.get_by_role("button", name="Accept the offer").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert state() == State.OFFERED
    page.get_by_label("Type the reference").fill(Complaint.objects.get().reference)
    page.get_by_label("I accept this offer.").check()
    page.get_by_role("button", name="Accept the offer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You have accepted our offer")
    assert state() == State.FULFILLING


def put_right(stage: Stage) -> None:
    stage.house.now += DAY
    stage.opens_complaint(stage.house.handler)
    stage.does("Record as done", tab="Offer", proof="Transfer 4711")
    stage.opens_complaint(stage.house.manager)
    stage.does("Check the payment", tab="Offer")
    stage.opens_complaint(stage.house.handler)
    stage.does("Tell the outcome")
    stage.does("Document", problem="Charged twice", cause="A retry without a key", solution="Paid back")
    assert state() == State.ANSWERED
    assert Complaint.objects.get().offers.get().state == OfferState.FULFILLED


def say_how_it_was(stage: Stage) -> None:
    house = stage.house
    while not any(re.search("is everything right now", subject) for subject in sent_to(CUSTOMER)):
        house.pass_to(house.now + DAY)
    page = stage.customer_opens(link_in("follow-up"))
    page.get_by_label("Yes, it is right").check()
    page.get_by_role("button", name="Send your answer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    house.pass_to(house.now + 5 * DAY)
    assert state() == State.CLOSED
    page = stage.customer_opens(link_in("survey"))
    assert page.locator("input[type=radio]:checked").count() == 0
    page.get_by_label("4 Satisfied").check()
    page.get_by_label("No, nothing is open").check()
    page.get_by_role("button", name="Send your answer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert SurveyAnswer.objects.get().score == 4
    house.pass_to(house.now + 10 * DAY)
    page = stage.opens_complaint(house.manager)
    expect(page.get_by_text("Closed").first).to_be_visible()
