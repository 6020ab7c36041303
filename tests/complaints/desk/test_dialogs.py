"""Each deed of the desk: done as asked, or refused with every word kept; and offered only where it is possible."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from complaints.desk.dialogs import on_complaint
from complaints.desk.forms.rules import mark_of
from complaints.followups.actions import send_due
from complaints.resolution import actions, foreseeing
from complaints.resolution.letters import SAY_HERE, Letter
from complaints.resolution.models import (
    AuthorityLimit,
    Complaint,
    Customer,
    EntryKind,
    Finding,
    Message,
    MessageKind,
    OfferState,
    Outcome,
    Priority,
    RootCause,
    State,
)
from escalations.actions import set_up_queues
from escalations.models import Escalation
from tests.complaints.desk.pages import (
    IN_A_WEEK,
    LATELY,
    at_stage,
    do,
    everything,
    filled,
    no_logins,
    page_of,
)
from tests.factories import (
    CustomerFactory,
    documented,
    fulfilling,
    handler_user,
    investigating,
    quality_user,
    ready_to_offer,
    received,
    responded,
    supervisor_user,
)

pytestmark = pytest.mark.django_db
LINE = {"lines-0-kind": "refund", "lines-0-amount": "80", "lines-0-due_on": IN_A_WEEK.isoformat()}
Check = Callable[[Complaint], object]


def entries(kind: EntryKind) -> Check:
    return lambda complaint: complaint.entries.filter(kind=kind).exists()


def in_state(state: State) -> Check:
    return lambda complaint: complaint.state == state


def letter(kind: MessageKind, words: str) -> Check:
    return lambda complaint: complaint.messages.filter(kind=kind, body__contains=words).count() == 1


def nothing(complaint: Complaint, person: User) -> None:
    return None


def last_letter(complaint: Complaint) -> Message:
    return complaint.messages.filter(direction="out", author__isnull=False).latest("pk")


def last_letter_of(complaint: Complaint) -> int:
    return last_letter(complaint).pk


def taken_back(complaint: Complaint, person: User) -> None:
    actions.take_back(last_letter(complaint), by=person, now=LATELY)


@dataclass
class Deed:
    """A dialog at a stage: what is typed, what must be true afterwards, and what is refused."""

    stage: str
    typed: dict[str, Any]
    done: list[Check]
    refused: dict[str, Any] | None = None
    kept: str = ""
    by: Callable[..., User] = handler_user
    prepare: Callable[[Complaint, User], dict[str, Any] | None] = nothing
    part: Callable[[Complaint], int] | None = None


def a_colleague(complaint: Complaint, person: User) -> dict[str, Any]:
    return {"to": handler_user(last_name="Colleague").pk}


def a_point(complaint: Complaint, person: User) -> None:
    actions.add_point(complaint, text="Charged twice", by=person, now=LATELY)


def an_open_sibling(complaint: Complaint, person: User) -> dict[str, Any]:
    return {"into": received(now=LATELY, customer=complaint.customer).reference.lower()}


def an_answer(complaint: Complaint, person: User) -> dict[str, Any]:
    return {f"answer-{complaint.questions.get().pk}": "On the blue one."}


def as_shown(complaint: Complaint, person: User) -> dict[str, Any]:
    """What the dialog shows before it is confirmed."""
    pack = next(one for one in foreseeing.packs_to_choose(complaint) if one.code == "uk_telecom")
    return {"seen": mark_of(pack, foreseeing.under(complaint, pack, now=timezone.now()))}


def all_lines_done(complaint: Complaint, person: User) -> None:
    for line in complaint.offers.get(state=OfferState.ACCEPTED).lines.all():
        actions.complete_line(line, proof="Paid", by=person, now=LATELY)


def no_finding_against_us(complaint: Complaint, person: User) -> None:
    Finding.objects.filter(complaint=complaint).update(fault="no")


def followed_up(complaint: Complaint, person: User) -> None:
    actions.document(complaint, problem="P", cause="C", solution="S", by=person, now=LATELY)
    actions.record_follow_up(complaint, satisfied=True, text="", by=person, now=LATELY)


def paper_letter(complaint: Complaint, person: User) -> None:
    Customer.objects.filter(complaints=complaint).update(preferred_channel="letter")
    complaint.refresh_from_db()
    words = Letter("News", "We are working on it.")
    actions.send_letter(complaint, kind=MessageKind.UPDATE, letter=words, by=person, now=LATELY)


def under_the_council(complaint: Complaint, person: User) -> None:
    Complaint.objects.filter(pk=complaint.pk).update(pack_code="uk_council", pack_version=1)
    complaint.refresh_from_db()


def in_the_second_stage(complaint: Complaint, person: User) -> None:
    under_the_council(complaint, person)
    actions.request_stage(complaint, words="Please look again.", by=person, now=LATELY)


def a_payment_of_a_colleague(complaint: Complaint, person: User) -> None:
    for line in complaint.offers.get(state=OfferState.ACCEPTED).lines.all():
        done = actions.complete_line(line, proof="Paid", by=handler_user(), now=LATELY)
        type(done).objects.filter(pk=done.pk).update(needs_check=True)


def first_line(complaint: Complaint) -> int:
    return complaint.offers.get(state=OfferState.ACCEPTED).lines.earliest("pk").pk


def first_fulfilment(complaint: Complaint) -> int:
    return complaint.offers.get(state=OfferState.ACCEPTED).lines.earliest("pk").fulfilment.pk


def first_point(complaint: Complaint) -> int:
    return complaint.points.earliest("pk").pk


def unposted(complaint: Complaint) -> int:
    return next(message.pk for message in complaint.messages.all() if message.awaits_posting)


def a_promise(complaint: Complaint, person: User) -> None:
    words = Letter("News", f"Thank you. We will send you the bill by {IN_A_WEEK:%-d %B %Y}.")
    actions.send_letter(complaint, kind=MessageKind.UPDATE, letter=words, by=person, now=LATELY)


def the_promise(complaint: Complaint) -> int:
    return complaint.promises.get().pk


DEEDS: dict[str, Deed] = {
    "acknowledge": Deed(
        "received",
        {"spoken": "Thanked her, told her both dates."},
        [in_state(State.ACKNOWLEDGED), letter(MessageKind.ACKNOWLEDGEMENT, "both dates")],
        {"spoken": "   "},
    ),
    "acknowledge-letter": Deed(
        "received",
        {"body": "Thank you. Final response by Monday.", "put_in": "on"},
        [letter(MessageKind.ACKNOWLEDGEMENT, "by Monday"), in_state(State.RECEIVED)],
        {"body": "", "subject_line": "My own subject"},
        kept="My own subject",
    ),
    "investigate": Deed("acknowledged", {}, [in_state(State.INVESTIGATING)]),
    "take": Deed("received", {}, [lambda complaint: complaint.handler is not None]),
    "assign": Deed(
        "investigating",
        {},
        [lambda complaint: complaint.handler is not None and complaint.handler.last_name == "Colleague"],
        {"to": ""},
        by=supervisor_user,
        prepare=a_colleague,
    ),
    "after-abuse": Deed(
        "investigating",
        {"what": "He said he would wait for me outside."},
        [entries(EntryKind.ASSIGNMENT), lambda complaint: complaint.handler is None],
        {"what": " "},
    ),
    "ask": Deed(
        "investigating",
        {"questions": "On which card?\n- On which day?"},
        [
            in_state(State.WAITING),
            lambda complaint: (
                [q.text for q in complaint.questions.all()] == ["On which card?", "On which day?"]
            ),
            letter(MessageKind.QUESTION, "- On which card?\n- On which day?\n"),
            lambda complaint: (
                not re.search(r"\[(questions|date)", complaint.messages.get(kind="question").body)
            ),
        ],
        {"questions": "On which card?", "body": "Please tell us more."},
        kept="Please tell us more.",
    ),
    "hear": Deed(
        "waiting",
        {"channel": "phone"},
        [in_state(State.INVESTIGATING), letter(MessageKind.ANSWER, "On the blue one.")],
        {"channel": "letter"},
        kept='<option value="letter" selected>',
        prepare=an_answer,
    ),
    "rules": Deed(
        "investigating",
        {"dispute": "payment", "dispute_reference": "CB-7", "reason": "It was a card payment."},
        [entries(EntryKind.RULES), lambda complaint: complaint.dispute == "payment"],
        {"statement_day": "32", "reason": "She said so."},
        kept="She said so.",
    ),
    "pack": Deed(
        "investigating",
        {"pack": "uk_telecom", "reason": "It is about their line."},
        [entries(EntryKind.RULES), lambda complaint: complaint.pack_code == "uk_telecom"],
        {"pack": "nowhere", "reason": "She said so."},
        kept="She said so.",
        by=supervisor_user,
        prepare=as_shown,
    ),
    "move-date": Deed(
        "investigating",
        {
            "clock": "resolve",
            "until": (timezone.localdate() + timedelta(days=60)).isoformat(),
            "reason": "The courier does not answer.",
            "body": "It takes longer: the courier does not answer.",
        },
        [
            entries(EntryKind.DATE),
            letter(MessageKind.UPDATE, "the courier does not answer"),
            lambda complaint: complaint.deadlines.running().get(clock="resolve").was_moved,
            lambda complaint: not complaint.deadlines.running().filter(clock="tell").exists(),
        ],
        {"reason": "The courier does not answer.", "until": "2020-01-01"},
        kept="The courier does not answer.",
    ),
    "next-stage": Deed(
        "answered",
        {"words": "Please look again."},
        [in_state(State.INVESTIGATING), lambda complaint: complaint.stage == "stage2"],
        {"words": " "},
        prepare=under_the_council,
    ),
    "stage-thanks": Deed(
        "answered",
        {"tell": "spoken", "spoken": "Told her who looks at it, and by when."},
        [entries(EntryKind.STAGE)],
        {"tell": "spoken", "spoken": " "},
        prepare=in_the_second_stage,
    ),
    "referral": Deed(
        "answered",
        {"to": "The Ombudsman", "reference": "FOS-1"},
        [entries(EntryKind.REFERRAL), lambda complaint: complaint.dispute_reference == "FOS-1"],
        {"to": " "},
    ),
    "waive": Deed(
        "investigating",
        {"reason": "The statement shows it."},
        [lambda complaint: complaint.questions.get().waived_because == "The statement shows it."],
        {"reason": " "},
    ),
    "finding": Deed(
        "investigating",
        {
            "fault": "yes",
            "basis": "evidence",
            "basis_detail": "Bank statement",
            "what_happened": "Two captures.",
            "explanation": "Our system tried twice.",
        },
        [lambda complaint: complaint.finding.basis_detail == "Bank statement"],
        {"fault": "yes", "basis": "evidence", "basis_detail": "", "what_happened": "Two captures."},
        kept="Two captures.",
    ),
    "answer-point": Deed(
        "investigating",
        {"answer": "You were.", "outcome": "upheld"},
        [lambda complaint: complaint.points.get().outcome == Outcome.UPHELD],
        {"answer": "You were.", "outcome": ""},
        kept="You were.",
        prepare=a_point,
        part=first_point,
    ),
    "add-point": Deed(
        "investigating",
        {"text": "No call back"},
        [lambda complaint: complaint.points.get().text == "No call back"],
        {"text": ""},
    ),
    "correct": Deed(
        "investigating",
        {"title": "Charged three times", "priority": "serious", "reason": "Miscounted"},
        [
            lambda complaint: (
                (complaint.title, complaint.priority) == ("Charged three times", Priority.SERIOUS)
            )
        ],
        {"title": "Charged three times", "reason": ""},
        kept="Charged three times",
    ),
    "restrict": Deed(
        "investigating",
        {"reason": "Press"},
        [lambda complaint: complaint.restricted],
        {"reason": ""},
        by=supervisor_user,
    ),
    "make-offer": Deed(
        "ready",
        LINE | {"benefit": "All your money back"},
        [
            in_state(State.APPROVED),
            lambda complaint: complaint.offers.get().lines.get().amount.amount == 80,
            lambda complaint: timezone.localtime(complaint.offers.get().open_until).hour == 23,
        ],
        LINE | {"lines-0-amount": "", "benefit": "All your money back"},
        kept="All your money back",
    ),
    "revise": Deed(
        "approved",
        {"reason": "Too little"},
        [
            in_state(State.INVESTIGATING),
            lambda complaint: complaint.offers.get().state == OfferState.WITHDRAWN,
        ],
        {"reason": ""},
    ),
    "send-offer": Deed(
        "approved",
        {},
        [in_state(State.OFFERED), letter(MessageKind.OFFER, "Refund of £100.00")],
        {"body": " \n ", "subject_line": "My own subject"},
        kept="My own subject",
    ),
    "accept": Deed(
        "offered",
        {"spoken": "“Yes, that is fine”, by telephone."},
        [in_state(State.FULFILLING)],
        {"spoken": ""},
    ),
    "decline": Deed(
        "offered",
        {"reason": "Too little for three calls.", "wants_manager": "on"},
        [in_state(State.INVESTIGATING), entries(EntryKind.CONCERN)],
        {"reason": "", "wants_manager": "on"},
        kept="checked",
    ),
    "complete": Deed(
        "fulfilling",
        {"proof": "Payment 4711"},
        [entries(EntryKind.FULFILMENT)],
        {"proof": ""},
        part=first_line,
    ),
    "check": Deed(
        "fulfilling",
        {},
        [lambda complaint: complaint.offers.get().lines.get().fulfilment.checked_by is not None],
        prepare=a_payment_of_a_colleague,
        part=first_fulfilment,
    ),
    "fulfil": Deed(
        "fulfilling",
        {},
        [in_state(State.ANSWERED), letter(MessageKind.OUTCOME, "Refund of £100.00")],
        {"body": "", "subject_line": "My own subject"},
        kept="My own subject",
        prepare=all_lines_done,
    ),
    "respond": Deed(
        "ready",
        {"outcome": "not_upheld"},
        [
            in_state(State.ANSWERED),
            letter(MessageKind.FINAL_RESPONSE, "Citizens Advice"),
            lambda complaint: complaint.outcome == Outcome.NOT_UPHELD,
        ],
        {"outcome": "upheld", "body": ""},
        kept='<option value="upheld" selected>',
    ),
    "settle": Deed(
        "acknowledged",
        {"acceptance": "“Thank you, that is kind.”", "proof": "Seat changed while she was on the line"},
        [in_state(State.ANSWERED), letter(MessageKind.FINAL_RESPONSE, "Citizens Advice")],
        {"acceptance": "", "proof": "Seat changed while she was on the line"},
        kept="Seat changed while she was on the line",
    ),
    "document": Deed(
        "answered",
        {"problem": "Charged twice", "cause": "Retry", "solution": "Key added"},
        [lambda complaint: complaint.solution == "Key added"],
        {"problem": "Charged twice", "cause": "Retry", "solution": ""},
        kept="Retry",
    ),
    "follow-up": Deed(
        "answered",
        {"satisfied": "yes", "text": "All is well."},
        [lambda complaint: complaint.followed_up_at is not None, in_state(State.ANSWERED)],
        {"text": "All is well."},
        kept="All is well.",
    ),
    "close": Deed("answered", {}, [in_state(State.CLOSED)], prepare=followed_up),
    "reopen": Deed(
        "answered", {"reason": "Not paid after all"}, [in_state(State.INVESTIGATING)], {"reason": ""}
    ),
    "withdraw": Deed(
        "investigating",
        {"words": "“Leave it.”"},
        [in_state(State.WITHDRAWN), letter(MessageKind.REPLY, "Leave it")],
        {"words": ""},
    ),
    "merge": Deed(
        "investigating",
        {"reason": "The same call"},
        [in_state(State.MERGED)],
        {"into": "C26-999999-Z", "reason": "The same call"},
        kept="The same call",
        prepare=an_open_sibling,
    ),
    "raise": Deed(
        "investigating",
        {"ask": "May we pay more?", "tried": "An apology", "mood": "tired"},
        [lambda complaint: Escalation.objects.filter(complaint=complaint, tried="An apology").exists()],
        {"ask": "May we pay more?", "tried": ""},
        kept="May we pay more?",
    ),
    "note": Deed("closed", {"text": "She called to thank us."}, [entries(EntryKind.NOTE)], {"text": ""}),
    "update": Deed(
        "investigating",
        {"body": "We have found both charges."},
        [letter(MessageKind.UPDATE, "We have found both charges.")],
        {"body": "", "subject_line": "My own subject"},
        kept="My own subject",
    ),
    "received": Deed(
        "investigating",
        {"channel": "visit", "body": "She came by."},
        [letter(MessageKind.REPLY, "She came by.")],
        {"channel": "visit", "body": ""},
        kept='<option value="visit" selected>',
    ),
    "attach": Deed(
        "investigating",
        {"file": SimpleUploadedFile("log.txt", b"two captures")},
        [lambda complaint: complaint.documents.get().name == "log.txt"],
        {"file": SimpleUploadedFile("page.html", b"<script>alert(1)</script>")},
        kept="We take PDF",
    ),
    "report": Deed(
        "closed",
        {"paper": "incident_report"},
        [lambda complaint: complaint.documents.filter(name__startswith="Incident report").count() == 2],
        {"paper": "novel"},
        kept="Select a valid choice",
    ),
    "posted": Deed(
        "investigating",
        {},
        [lambda complaint: not any(message.awaits_posting for message in complaint.messages.all())],
        prepare=paper_letter,
        part=unposted,
    ),
    "take-back": Deed(
        "waiting",
        {},
        [lambda complaint: actions.was_taken_back(last_letter(complaint))],
        part=last_letter_of,
    ),
    "write-anew": Deed(
        "waiting",
        {"body": "Dear customer, which card did you use? Our mistake before."},
        [
            letter(MessageKind.QUESTION, "Our mistake before"),
            lambda complaint: complaint.messages.filter(kind=MessageKind.QUESTION).count() == 2,
        ],
        refused={"body": ""},
        kept="Write the letter",
        prepare=taken_back,
        part=last_letter_of,
    ),
    "keep-promise": Deed(
        "investigating",
        {"text": "By post"},
        [lambda complaint: complaint.promises.get().kept_at is not None, entries(EntryKind.PROMISE)],
        prepare=a_promise,
        part=the_promise,
    ),
    "drop-promise": Deed(
        "investigating",
        {"reason": "Settled by telephone"},
        [lambda complaint: complaint.promises.get().dropped_at is not None],
        {"reason": ""},
        prepare=a_promise,
        part=the_promise,
    ),
}


@pytest.fixture(autouse=True)
def documents_in_a_folder_of_their_own(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def queues() -> None:
    set_up_queues()


def rewind(typed: Iterable[Any]) -> None:
    """A file that was sent has been read to its end."""
    for value in typed:
        if hasattr(value, "seek"):
            value.seek(0)


def ready(name: str, client: Client) -> tuple[Complaint, str, dict[str, Any]]:
    """A complaint at the stage, the dialog's address, and what the preparing adds to the typing."""
    deed = DEEDS[name]
    person = deed.by()
    complaint = at_stage(deed.stage, by=person)
    more = deed.prepare(complaint, person) or {}
    client.force_login(person)
    rewind([*deed.typed.values(), *(deed.refused or {}).values()])
    return complaint, do(complaint, name, deed.part(complaint) if deed.part else None), more


def test_every_dialog_is_tried_here() -> None:
    assert set(DEEDS) == {dialog.name for dialog in on_complaint}


@pytest.mark.parametrize("name", DEEDS)
def test_the_deed_is_done_and_said_and_done_once_though_the_form_is_sent_twice(
    name: str, client: Client
) -> None:
    complaint, address, more = ready(name, client)
    data = filled(client, address, **more, **DEEDS[name].typed)
    answer = client.post(address, data)
    assert answer.status_code == 303, answer.content.decode()
    assert answer["Location"] == page_of(complaint)
    complaint = Complaint.objects.get(pk=complaint.pk)
    assert all(check(complaint) for check in DEEDS[name].done)
    if not complaint.restricted:
        assert list(client.get(page_of(complaint)).context["messages"])
    after = no_logins(everything())
    rewind(data.values())
    assert client.post(address, data).status_code in (303, 404)
    assert no_logins(everything()) == after


@pytest.mark.parametrize("name", [name for name, deed in DEEDS.items() if deed.refused])
def test_what_is_refused_changes_nothing_and_loses_no_word(name: str, client: Client) -> None:
    _complaint, address, _more = ready(name, client)
    data = filled(client, address, **(DEEDS[name].refused or {}))
    before = no_logins(everything())
    answer = client.post(address, data)
    assert answer.status_code in (409, 422)
    assert no_logins(everything()) == before
    page = answer.content.decode()
    assert 'role="alert"' in page
    assert DEEDS[name].kept in page


@pytest.mark.parametrize("name", DEEDS)
def test_sec_41_sec_43_opening_a_dialog_changes_nothing_and_shows_no_link_of_the_customers(
    name: str, client: Client
) -> None:
    """With such a link staff could answer for the customer."""
    _complaint, address, _more = ready(name, client)
    before = no_logins(everything())
    assert "/c/" not in client.get(address).content.decode()
    for method in (client.head, client.options):
        method(address)
    client.get(address, headers={"X-Desk-Dialog": "1", "Purpose": "prefetch"})
    assert no_logins(everything()) == before


@pytest.mark.parametrize("name", DEEDS)
def test_sec_52_a_deed_without_the_token_is_refused(name: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    _complaint, address, more = ready(name, strict)
    before = no_logins(everything())
    assert strict.post(address, {**more, **DEEDS[name].typed}).status_code == 403
    assert no_logins(everything()) == before


@pytest.mark.parametrize("name", DEEDS)
def test_sec_18_those_who_only_read_are_refused_a_forged_deed(name: str, client: Client) -> None:
    _complaint, address, more = ready(name, client)
    data = filled(client, address, **more, **DEEDS[name].typed)
    client.force_login(quality_user())
    before = no_logins(everything())
    assert client.get(address).status_code == 403
    assert client.post(address, data).status_code == 403
    assert no_logins(everything()) == before


@pytest.mark.parametrize("name", ["assign", "restrict"])
def test_a_handler_is_refused_what_is_a_supervisors(name: str, client: Client) -> None:
    complaint = at_stage("investigating", by=handler_user())
    client.force_login(handler_user())
    assert client.post(do(complaint, name), {"reason": "Press", "to": handler_user().pk}).status_code == 403
    complaint.refresh_from_db()
    assert not complaint.restricted


@pytest.mark.parametrize("name", DEEDS)
def test_a_dialog_on_what_one_may_not_see_is_not_there(name: str, client: Client) -> None:
    complaint, address, more = ready(name, client)
    data = filled(client, address, **more, **DEEDS[name].typed)
    stranger = handler_user()
    complaint.about.add(stranger)
    client.force_login(stranger)
    before = no_logins(everything())
    assert client.get(address).status_code == 404
    assert client.post(address, data).status_code == 404
    assert no_logins(everything()) == before


def test_a_letter_that_still_lacks_what_only_a_person_can_say_does_not_go(client: Client) -> None:
    complaint, address, _more = ready("update", client)
    answer = client.post(address, filled(client, address))
    assert answer.status_code == 409
    assert f"Replace {SAY_HERE} with your own words." in answer.content.decode()
    assert not complaint.messages.filter(kind=MessageKind.UPDATE).exists()


def test_desk_js_gets_the_bare_form(client: Client) -> None:
    _complaint, address, _more = ready("note", client)
    fragment = client.get(address, headers={"X-Desk-Dialog": "1"}).content.decode()
    assert fragment.lstrip().startswith('<div class="r-do">')
    assert "csrfmiddlewaretoken" in fragment


def test_a_colleague_was_quicker(client: Client) -> None:
    """The form was open when somebody else did it: 409, a sentence, and the typed words are still there."""
    complaint, address, _more = ready("acknowledge", client)
    data = filled(client, address, spoken="Thanked her, told her both dates.")
    actions.acknowledge(complaint, spoken="Thanked already.", by=handler_user(), now=timezone.now())
    answer = client.post(address, data)
    assert answer.status_code == 409
    assert "is not possible: the complaint is acknowledged" in answer.content.decode()
    assert "Thanked her, told her both dates." in answer.content.decode()
    assert client.get(address).status_code == 409


def test_an_offer_above_the_authority_goes_to_a_superior(client: Client) -> None:
    complaint, address, _more = ready("make-offer", client)
    data = filled(client, address, **LINE | {"lines-0-amount": "500", "tried": "Rang her twice."})
    assert client.post(address, data).status_code == 303
    assert Complaint.objects.get(pk=complaint.pk).state == State.REFERRED
    asked = Escalation.objects.get(complaint=complaint, reason="over_limit")
    assert asked.tried == "Rang her twice."
    assert "Tried so far: Rang her twice." in client.get(page_of(complaint)).content.decode()


def test_above_the_authority_the_superior_must_be_told_what_was_tried(client: Client) -> None:
    complaint, address, _more = ready("make-offer", client)
    answer = client.post(address, filled(client, address, **LINE | {"lines-0-amount": "500"}))
    assert answer.status_code == 409
    assert "Write down what was tried so far." in answer.content.decode()
    assert not complaint.offers.exists()


def test_a_handler_may_ask_a_superior_within_the_own_authority(client: Client) -> None:
    complaint, address, _more = ready("make-offer", client)
    assert (
        client.post(address, filled(client, address, defer="on", tried="A call.", **LINE)).status_code == 303
    )
    assert Complaint.objects.get(pk=complaint.pk).state == State.REFERRED


def test_the_authority_left_stands_beside_the_amounts(client: Client) -> None:
    _complaint, address, _more = ready("make-offer", client)
    page = client.get(address).content.decode()
    assert "£200 left of £200" in page
    assert json.loads(client.get(address).context["form"].left) == {"GBP": "200.00"}


def test_the_authority_left_is_said_in_every_currency_one_may_grant_in(client: Client) -> None:
    _complaint, address, _more = ready("make-offer", client)
    handlers = AuthorityLimit.objects.get(currency="GBP", group__name="Handler")
    handlers.pk, handlers.currency, handlers.per_complaint = None, "EUR", 90
    handlers.save()
    page = re.sub(r"<[^>]+>", "", client.get(address).content.decode())
    assert "£200 left of £200 · €90 left of €90 on this complaint" in page


def test_an_offer_has_as_many_lines_as_are_filled_in(client: Client) -> None:
    complaint, address, _more = ready("make-offer", client)
    second = {
        "lines-2-kind": "apology",
        "lines-2-action": "A letter",
        "lines-2-due_on": IN_A_WEEK.isoformat(),
    }
    assert client.post(address, filled(client, address, **LINE, **second)).status_code == 303
    assert [line.kind for line in complaint.offers.get().lines.all()] == ["refund", "apology"]


@pytest.mark.parametrize("amount", ["0", "-5", "NaN", "1e9999", "80.005", "eighty"])
def test_sec_21_an_amount_that_is_none_is_refused(client: Client, amount: str) -> None:
    complaint, address, _more = ready("make-offer", client)
    answer = client.post(address, filled(client, address, **LINE | {"lines-0-amount": amount}))
    assert answer.status_code == 422
    assert not complaint.offers.exists()


def test_a_settlement_with_money_is_granted_within_the_authority(client: Client) -> None:
    complaint = at_stage("ready", by=(person := handler_user()))
    client.force_login(person)
    typed = {
        "acceptance": "“Fine.”",
        "proof": "Paid, 4711",
        "lines-0-kind": "goodwill",
        "lines-0-amount": "50",
    }
    address = do(complaint, "settle")
    assert client.post(address, filled(client, address, **typed)).status_code == 303
    assert complaint.offers.get().state == OfferState.FULFILLED
    assert complaint.offers.get().lines.get().due_on == timezone.localtime().date()


def test_a_no_in_the_follow_up_takes_the_complaint_up_again(client: Client) -> None:
    complaint, address, _more = ready("follow-up", client)
    assert (
        client.post(address, filled(client, address, satisfied="no", text="Nothing came.")).status_code == 303
    )
    assert Complaint.objects.get(pk=complaint.pk).state == State.INVESTIGATING
    assert Escalation.objects.filter(complaint=complaint, reason="unhappy").exists()


def test_the_same_words_from_a_form_opened_anew_are_taken_again(client: Client) -> None:
    complaint, address, _more = ready("note", client)
    for _ in range(2):
        assert client.post(address, filled(client, address, text="She called.")).status_code == 303
    assert complaint.entries.filter(kind=EntryKind.NOTE, text="She called.").count() == 2


def test_a_form_that_was_refused_can_be_mended_and_sent(client: Client) -> None:
    complaint, address, _more = ready("update", client)
    data = filled(client, address)
    refused = client.post(address, data)
    assert refused.status_code == 409
    assert refused.context["once"] == data["once"]
    assert client.post(address, data | {"body": "We have both charges."}).status_code == 303
    assert complaint.messages.filter(kind=MessageKind.UPDATE).count() == 1


def test_the_thanks_sent_by_hand_is_the_one_that_would_have_gone(client: Client) -> None:
    complaint, address, _more = ready("acknowledge-letter", client)
    client.post(address, filled(client, address, body="Thank you, Maria.", put_in="on"))
    send_due(now=timezone.now() + timedelta(days=3))
    assert complaint.messages.filter(kind=MessageKind.ACKNOWLEDGEMENT).count() == 1


def test_the_dates_to_tell_stand_in_the_script(client: Client) -> None:
    complaint, address, _more = ready("acknowledge", client)
    page = client.get(address).content.decode()
    final = complaint.deadlines.get(clock="final_response").due_at
    assert f"{timezone.localtime(final):%-d %B}" in page


def test_points_without_an_answer_are_listed_before_the_final_response(client: Client) -> None:
    person = handler_user()
    complaint = ready_to_offer(by=person, now=LATELY, points=["No call back"])
    client.force_login(person)
    address = do(complaint, "respond")
    page = client.get(address).content.decode()
    assert "Not answered yet" in page
    assert "No call back" in page
    typed = {"outcome": "not_upheld", "body": "My long letter", "put_in": "on"}
    answer = client.post(address, filled(client, address, **typed))
    assert answer.status_code == 409
    assert "My long letter" in answer.content.decode()


def test_the_final_response_is_filed_as_a_pdf(client: Client) -> None:
    person = handler_user()
    complaint = responded(by=person, now=LATELY)
    client.force_login(person)
    answer = complaint.messages.get(kind=MessageKind.FINAL_RESPONSE)
    address = do(complaint, "report")
    for _ in range(2):
        assert client.post(address, filled(client, address, paper=f"letter-{answer.pk}")).status_code == 303
    kept = complaint.documents.get()
    assert (kept.message, kept.content_type) == (answer, "application/pdf")
    assert answer.subject in client.get(address).content.decode()


def test_what_the_policy_wants_said_is_offered_and_put_in_by_one_tick(client: Client) -> None:
    complaint, address, _more = ready("respond", client)
    data = filled(client, address, outcome="not_upheld", body="Dear Maria,\n\nthank you, and sorry.")
    answer = client.post(address, data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "has to say what we decided; our reasons" in page
    assert "how to take the matter further" in page
    assert "Put it in for me" in page
    assert "We do not uphold your complaint. …" in page
    assert "you may take the matter to the small claims court" in page
    assert "Dear Maria," in page
    box = re.search(r'<input[^>]*name="put_in"[^>]*>', page)
    assert box
    assert 'type="checkbox"' in box.group()
    assert client.post(address, data | {"put_in": "on"}).status_code == 303
    message = complaint.messages.get(kind=MessageKind.FINAL_RESPONSE)
    assert message.body.startswith("Dear Maria,\n\nthank you, and sorry.\n\nWe do not uphold your complaint.")
    assert "small claims court" in message.body
    assert message.template.startswith("final_response en-GB shipped ")


@pytest.mark.parametrize("body", ["", "   ", "\n\n"])
@pytest.mark.parametrize("name", ["ask", "send-offer", "respond", "settle", "fulfil", "update"])
def test_an_emptied_letter_is_refused(client: Client, name: str, body: str) -> None:
    _complaint, address, more = ready(name, client)
    data = filled(client, address, **more, **DEEDS[name].typed) | {"body": body}
    answer = client.post(address, data)
    assert answer.status_code == 422
    assert "Write the letter to the customer." in answer.content.decode()


def test_only_ones_own_parts_are_found(client: Client) -> None:
    person = handler_user()
    mine, other = fulfilling(by=person, now=LATELY), fulfilling(by=person, now=LATELY)
    client.force_login(person)
    line = first_line(other)
    assert client.get(do(mine, "complete", line)).status_code == 404
    assert client.post(do(mine, "complete", line), {"proof": "Paid"}).status_code == 404
    assert client.get(do(mine, "complete")).status_code == 404
    assert client.get(do(mine, "note", line)).status_code == 404
    assert client.get(do(mine, "no-such-deed")).status_code == 404


def test_whoever_paid_does_not_check(client: Client) -> None:
    person = handler_user()
    complaint = fulfilling(by=person, now=LATELY)
    all_lines_done(complaint, person)
    offer = complaint.offers.get()
    fulfilment = offer.lines.get().fulfilment
    type(fulfilment).objects.filter(pk=fulfilment.pk).update(needs_check=True)
    client.force_login(person)
    assert client.post(do(complaint, "check", fulfilment.pk)).status_code == 409
    assert "/do/check/" not in client.get(page_of(complaint, "offer")).content.decode()


def test_a_merged_complaint_must_be_one_that_is_seen(client: Client) -> None:
    person = handler_user()
    complaint = investigating(by=person, now=LATELY)
    hidden = received(now=LATELY, customer=complaint.customer, about=[person])
    client.force_login(person)
    address = do(complaint, "merge")
    assert hidden.reference not in client.get(address).content.decode()
    answer = client.post(address, {"into": hidden.reference, "reason": "Same"})
    assert "There is no such complaint." in answer.content.decode()


def test_closing_waits_for_what_is_missing(client: Client) -> None:
    person = handler_user()
    complaint = documented(by=person, now=LATELY)
    client.force_login(person)
    assert client.get(do(complaint, "close")).status_code == 409
    assert client.post(do(complaint, "close")).status_code == 409
    assert "Ask whether it is right now." in client.get(page_of(complaint)).content.decode()


def test_an_unnamed_cause_of_our_fault_holds_the_closing_up(client: Client) -> None:
    person = handler_user()
    complaint = responded(by=person, now=LATELY)
    followed_up(complaint, person)
    RootCause.objects.get()
    Finding.objects.filter(complaint=complaint).update(root_cause=None)
    client.force_login(person)
    assert "the root cause named in the finding" in client.get(page_of(complaint)).content.decode()
    assert client.post(do(complaint, "close")).status_code == 409


def test_a_customer_without_an_address_is_said_before_anything_is_typed(client: Client) -> None:
    person = handler_user()
    customer = CustomerFactory(email="", address="")
    complaint = investigating(by=person, now=LATELY, customer=customer)
    client.force_login(person)
    address = do(complaint, "update")
    assert "we have no address" in client.get(address).content.decode()
    answer = client.post(address, filled(client, address, body="My long letter"))
    assert answer.status_code == 409
    assert "My long letter" in answer.content.decode()
