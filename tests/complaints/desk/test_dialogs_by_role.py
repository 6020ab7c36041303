"""Which buttons whom at which stage, as the graph, the roles and the facts say; and no way round them."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django_fsm import can_proceed

from complaints.desk.dialogs import on_complaint
from complaints.resolution.models import Complaint, Move
from complaints.resolution.permission import may_move
from tests.complaints.desk.pages import (
    IN_A_WEEK,
    STAGES,
    at_stage,
    do,
    everything,
    no_logins,
    opened,
    page_of,
)
from tests.factories import handler_user, manager_user, quality_user, supervisor_user

pytestmark = pytest.mark.django_db

MOVES: dict[str, tuple[Move, ...]] = {
    "acknowledge": (Move.ACKNOWLEDGE,),
    "investigate": (Move.INVESTIGATE,),
    "ask": (Move.ASK,),
    "hear": (Move.HEAR,),
    "make-offer": (Move.PROPOSE, Move.REFER),
    "revise": (Move.REVISE,),
    "send-offer": (Move.OFFER,),
    "accept": (Move.ACCEPT,),
    "decline": (Move.DECLINE,),
    "fulfil": (Move.FULFIL,),
    "respond": (Move.RESPOND,),
    "settle": (Move.SETTLE,),
    "close": (Move.CLOSE,),
    "reopen": (Move.REOPEN,),
    "withdraw": (Move.WITHDRAW,),
    "merge": (Move.MERGE,),
}
#: Facts these need beside graph and role; without them there is no button either.
WANT_FACTS = {"make-offer": "ready", "respond": "ready", "fulfil": "", "close": ""}
#: Approving and refusing are the supervisors' desk's; lapsing is the clock's.
ELSEWHERE = {Move.APPROVE, Move.REFUSE, Move.LAPSE}
ROLES = {
    "handler": handler_user,
    "supervisor": supervisor_user,
    "manager": manager_user,
    "quality": quality_user,
}
#: Something sensible in every field any dialog has, so that nothing but the guards stands in the way.
ANYTHING = {
    "spoken": "Thanked, told both dates.",
    "reason": "Because.",
    "words": "Leave it.",
    "text": "Words.",
    "subject_line": "News",
    "body": "A letter with [questions].",
    "questions": "On which card?",
    "answer_by": IN_A_WEEK.isoformat(),
    "channel": "phone",
    "waived_because": "No matter.",
    "outcome": "upheld",
    "acceptance": "Yes.",
    "proof": "Paid.",
    "currency": "GBP",
    "open_until": IN_A_WEEK.isoformat(),
    "follow_up_on": IN_A_WEEK.isoformat(),
    "lines-TOTAL_FORMS": "1",
    "lines-INITIAL_FORMS": "0",
    "lines-0-kind": "refund",
    "lines-0-amount": "10",
    "lines-0-due_on": IN_A_WEEK.isoformat(),
}
PROTECTED = {
    "state": "closed",
    "is_open": "",
    "handler": "1",
    "restricted": "on",
    "approved_by": "1",
    "outcome": "upheld",
    "reference": "C26-000001-A",
    "imported": "on",
    "_save": "Save",
}


def test_every_move_has_its_dialog_or_its_place_elsewhere() -> None:
    assert {move for moves in MOVES.values() for move in moves} | ELSEWHERE == set(Move)
    assert set(MOVES) <= {dialog.name for dialog in on_complaint}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("stage", STAGES)
def test_buttons_are_shown_as_graph_and_role_say(stage: str, role: str) -> None:
    complaint, person = at_stage(stage, by=handler_user()), ROLES[role]()
    file = opened(complaint, person)
    shown = {dialog.name for dialog in on_complaint.offered(file)} & set(MOVES)
    allowed = {name for name, moves in MOVES.items() if may(person, complaint, moves)}
    assert shown <= allowed
    assert allowed - shown <= set(WANT_FACTS)


def may(person: User, complaint: Complaint, moves: tuple[Move, ...]) -> bool:
    return any(may_move(person, move) and can_proceed(getattr(complaint, move)) for move in moves)


@pytest.mark.parametrize(("name", "stage"), [("make-offer", "ready"), ("respond", "ready")])
def test_facts_bring_the_button(name: str, stage: str) -> None:
    person = handler_user()
    without, with_facts = at_stage("investigating", by=person), at_stage(stage, by=person)
    assert name not in {dialog.name for dialog in on_complaint.offered(opened(without, person))}
    assert name in {dialog.name for dialog in on_complaint.offered(opened(with_facts, person))}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("stage", STAGES)
def test_the_page_links_exactly_to_what_is_offered(client: Client, stage: str, role: str) -> None:
    complaint, person = at_stage(stage, by=handler_user()), ROLES[role]()
    client.force_login(person)
    page = client.get(page_of(complaint)).content.decode()
    file = opened(complaint, person)
    for dialog in on_complaint:
        if not dialog.part:
            assert (f'href="{do(complaint, dialog.name)}"' in page) == dialog.is_offered(file), dialog.name


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("stage", STAGES)
def test_sec_19_a_forged_move_succeeds_only_where_graph_and_role_allow_it(
    client: Client, stage: str, role: str
) -> None:
    complaint, person = at_stage(stage, by=handler_user()), ROLES[role]()
    client.force_login(person)
    before = no_logins(everything())
    for name, moves in MOVES.items():
        if may(person, complaint, moves):
            continue
        answer = client.post(do(complaint, name), ANYTHING, headers={"X-Desk-Dialog": "1"})
        assert answer.status_code in (403, 409, 422), (name, answer.status_code)
    assert no_logins(everything()) == before


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("stage", ["received", "investigating", "referred", "answered"])
def test_sec_15_and_19_no_field_is_written_by_posting_it(client: Client, stage: str, role: str) -> None:
    complaint = at_stage(stage, by=handler_user())
    client.force_login(ROLES[role]())
    before = no_logins(everything())
    for address in (page_of(complaint), page_of(complaint, "facts")):
        for extra in ({}, {"_saveasnew": "1"}, {"_popup": "1"}, {"_fsm_transition_to": "close"}):
            assert client.post(address, PROTECTED | extra).status_code == 405
    assert no_logins(everything()) == before


def test_sec_15_unknown_fields_beside_known_ones_are_left_alone(client: Client) -> None:
    person = handler_user()
    complaint = at_stage("investigating", by=person)
    client.force_login(person)
    typed = {"title": "New title", "priority": "normal", "reason": "Misspelt", "desired_outcome": "Money"}
    assert client.post(do(complaint, "correct"), PROTECTED | typed).status_code == 303
    after = Complaint.objects.get(pk=complaint.pk)
    assert after.title == "New title"
    for field in ("state", "handler_id", "restricted", "reference", "imported", "outcome"):
        assert getattr(after, field) == getattr(complaint, field), field


def test_sec_16_a_forged_row_in_the_list_makes_no_complaint(client: Client) -> None:
    supervisor = supervisor_user()
    complaint = at_stage("investigating", by=supervisor)
    client.force_login(supervisor)
    rows = {
        "form-TOTAL_FORMS": "2",
        "form-INITIAL_FORMS": "1",
        "form-0-id": complaint.pk,
        "form-0-state": "closed",
        "form-0-title": "Owned",
        "form-1-title": "Planted",
        "form-1-state": "closed",
        "_save": "Save",
    }
    before = no_logins(everything())
    client.post("/desk/resolution/complaint/", rows)
    client.post(
        "/desk/resolution/complaint/", {"action": "delete_selected", "_selected_action": complaint.pk}
    )
    assert no_logins(everything()) == before


@pytest.mark.parametrize("extra", [{}, {"_saveasnew": "1"}, {"_popup": "1"}, {"_continue": "1"}])
def test_sec_18_those_who_only_read_add_nothing(client: Client, extra: dict[str, Any]) -> None:
    complaint = at_stage("investigating", by=handler_user())
    client.force_login(quality_user())
    before = no_logins(everything())
    data = {**ANYTHING, **PROTECTED, **extra, "title": "Planted", "name": "Eve", "email": "eve@example.com"}
    assert client.get("/desk/resolution/complaint/add/").status_code == 403
    assert client.post("/desk/resolution/complaint/add/", data).status_code == 403
    assert (
        client.post(f"/desk/resolution/complaint/{complaint.pk}/delete/", {"post": "yes"}).status_code == 403
    )
    assert no_logins(everything()) == before


def test_nobody_deletes_a_complaint(client: Client) -> None:
    complaint = at_stage("closed", by=handler_user())
    root = User.objects.create_superuser("root", "root@firm.example", "x")
    client.force_login(root)
    assert (
        client.post(f"/desk/resolution/complaint/{complaint.pk}/delete/", {"post": "yes"}).status_code == 403
    )
    assert Complaint.objects.filter(pk=complaint.pk).exists()


def test_an_administrator_has_every_button_and_no_authority(client: Client) -> None:
    root = User.objects.create_superuser("root", "root@firm.example", "x")
    complaint = at_stage("ready", by=handler_user())
    client.force_login(root)
    assert "You grant no money yourself" in client.get(page_of(complaint)).content.decode()
    data = ANYTHING | {"benefit": "Money", "tried": "An apology."}
    assert client.post(do(complaint, "make-offer"), data).status_code == 303
    assert Complaint.objects.get(pk=complaint.pk).state == "referred"
