"""Categories, causes, limits, queues; the post and the plans."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from complaints.followups.models import PlannedLetter
from complaints.mailroom.models import OutgoingMail
from complaints.resolution import actions
from complaints.resolution.letters import Letter
from complaints.resolution.models import AuthorityLimit, Category, Complaint, MessageKind, RootCause
from escalations.models import Queue, Reason
from tests.complaints.desk.staff import administrator, member_of
from tests.factories import (
    CategoryFactory,
    UserFactory,
    handler_user,
    investigating,
    limit,
    received,
    supervisor_user,
)

pytestmark = pytest.mark.django_db


def limit_form(**changes: object) -> dict[str, object]:
    group = Group.objects.get(name="Handler")
    return {
        "group": group.pk,
        "currency": "gbp",
        "kind": "",
        "category": "",
        "per_complaint": "200",
        "per_customer": "400",
        "window_days": "365",
        **changes,
    }


def test_a_manager_sets_how_much_a_role_may_grant_and_history_keeps_it(client: Client) -> None:
    client.force_login(member_of("Manager"))
    assert client.post("/desk/resolution/authoritylimit/add/", limit_form()).status_code == 302
    made = AuthorityLimit.objects.get()
    assert (made.currency, made.per_complaint) == ("GBP", Decimal(200))
    page = f"/desk/resolution/authoritylimit/{made.pk}/"
    assert client.post(f"{page}change/", limit_form(per_complaint="250")).status_code == 302
    past_page = client.get(f"{page}history/").text
    assert '<del class="r-muted">200.00</del> → 250.00' in past_page
    assert ">None<" not in past_page.replace("\n", "").replace(" ", "")
    listed = client.get("/desk/resolution/authoritylimit/").text
    for said in ("any remedy", "any category", "£250", "£400 in 365 days"):
        assert said in listed
    assert client.post(f"{page}delete/", {"post": "yes"}).status_code == 302
    past = AuthorityLimit.history.values_list("history_type", "per_complaint")
    assert list(past) == [("-", Decimal(250)), ("~", Decimal(250)), ("+", Decimal(200))]


@pytest.mark.parametrize(
    "wrong", [{"currency": "XXQ"}, {"currency": "£"}, {"per_complaint": "-1"}, {"per_complaint": "NaN"}]
)
def test_a_limit_that_makes_no_sense_is_refused(client: Client, wrong: dict[str, object]) -> None:
    client.force_login(member_of("Manager"))
    answer = client.post("/desk/resolution/authoritylimit/add/", limit_form(**wrong))
    assert answer.status_code == 200
    assert not AuthorityLimit.objects.exists()


@pytest.mark.parametrize("role", ["Supervisor", "Quality"])
def test_sec_18_limits_are_looked_at_and_not_changed_below_the_manager(client: Client, role: str) -> None:
    kept = limit("Handler", 200)
    client.force_login(member_of(role))
    page = f"/desk/resolution/authoritylimit/{kept.pk}/"
    assert client.get(f"{page}change/").status_code == 200
    assert client.post(f"{page}change/", limit_form(per_complaint="99999")).status_code == 403
    assert client.post(f"{page}delete/", {"post": "yes"}).status_code == 403
    kept.refresh_from_db()
    assert kept.per_complaint == Decimal(200)


@pytest.mark.parametrize(("model", "address"), [(Category, "category"), (RootCause, "rootcause")])
def test_what_complaints_are_read_by_is_added_and_renamed_but_never_deleted(
    client: Client, model: type[Category] | type[RootCause], address: str
) -> None:
    client.force_login(member_of("Manager"))
    page = f"/desk/resolution/{address}/"
    assert client.post(f"{page}add/", {"name": "Parcels", "active": "on"}).status_code == 302
    made = model.objects.get()
    assert client.post(f"{page}{made.pk}/change/", {"name": "Parcels lost"}).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.active) == ("Parcels lost", False)
    client.force_login(administrator())
    assert client.post(f"{page}{made.pk}/delete/", {"post": "yes"}).status_code == 403


def test_sec_24_the_history_of_a_category_needs_the_right_to_look(client: Client) -> None:
    category = CategoryFactory()
    version = category.history.get()
    for user, allowed in ((member_of("Quality"), True), (member_of("Handler"), False)):
        client.force_login(user)
        for page in ("history/", f"history/{version.pk}/"):
            status = client.get(f"/desk/resolution/category/{category.pk}/{page}").status_code
            assert (status == 200) is allowed


def test_a_manager_sets_up_a_queue(client: Client) -> None:
    client.force_login(member_of("Manager"))
    form = {
        "name": "Money",
        "level": "1",
        "group": Group.objects.get(name="Supervisor").pk,
        "reasons": [Reason.OVER_LIMIT.value, Reason.RAISED.value],
        "answer_within": "4 business hours",
        "active": "on",
    }
    answer = client.post("/desk/escalations/queue/add/", form)
    assert answer.status_code == 302, answer.context["errors"]
    assert Queue.objects.get().reasons == [Reason.OVER_LIMIT, Reason.RAISED]
    assert Reason.OVER_LIMIT.label in client.get("/desk/escalations/queue/").content.decode()
    wrong = client.post("/desk/escalations/queue/add/", form | {"name": "B", "answer_within": "soonish"})
    assert wrong.status_code == 200
    assert (
        client.post("/desk/escalations/queue/add/", form | {"name": "C", "reasons": ["x"]}).status_code == 200
    )
    assert Queue.objects.count() == 1


# The post and the plans go with their complaints


def with_letter(**details: Any) -> Complaint:
    handler = handler_user()
    complaint = investigating(by=handler, **details)
    actions.send_letter(
        complaint,
        kind=MessageKind.UPDATE,
        letter=Letter(f"About {complaint.title}", "We are still at it."),
        by=handler,
        now=timezone.now(),
    )
    return complaint


@pytest.mark.parametrize("address", ["mailroom/outgoingmail/", "followups/plannedletter/?shown=settled"])
def test_the_letters_of_a_hidden_complaint_are_hidden(client: Client, address: str) -> None:
    seen, hidden = with_letter(title="In the open"), with_letter(title="In the dark")
    actions.restrict(hidden, confidants=[], reason="Press", by=supervisor_user(), now=timezone.now())
    client.force_login(member_of("Quality"))
    page = client.get(f"/desk/{address}").content.decode()
    assert hidden.title not in page
    assert hidden.reference not in page
    assert seen.title in page
    for row in [*OutgoingMail.objects.filter(message__complaint=hidden)]:
        assert client.get(f"/desk/mailroom/outgoingmail/{row.pk}/change/").status_code in {302, 404}
    for plan in hidden.planned_letters.all():
        assert client.get(f"/desk/followups/plannedletter/{plan.pk}/change/").status_code in {302, 404}


def test_a_letter_of_no_complaint_is_seen(client: Client) -> None:
    complaint = with_letter(title="In the open")
    complaint.messages.filter(mail__isnull=False).update(mail=None)
    client.force_login(member_of("Quality"))
    assert "In the open" in client.get("/desk/mailroom/outgoingmail/").content.decode()


@pytest.mark.parametrize("address", ["mailroom/outgoingmail", "followups/plannedletter"])
def test_nothing_that_goes_by_itself_is_changed_by_hand(client: Client, address: str) -> None:
    with_letter()
    client.force_login(administrator())
    assert client.get(f"/desk/{address}/add/").status_code == 403
    row = OutgoingMail.objects.first() if "mail/" in f"{address}/" else None
    if row is not None:
        assert client.post(f"/desk/{address}/{row.pk}/change/", {"subject": "x"}).status_code == 403
        assert client.post(f"/desk/{address}/{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_complaint_nobody_hid_keeps_its_letters(client: Client) -> None:
    received()
    complaint = with_letter(title="In the open")
    client.force_login(member_of("Handler"))
    assert complaint.title in client.get("/desk/mailroom/outgoingmail/").content.decode()


def test_planned_letters_stand_in_the_order_they_will_go(client: Client) -> None:
    complaint = with_letter(title="In the open")
    cycle = complaint.entries.latest("pk")
    PlannedLetter.objects.all().delete()
    later, soon, gone = (
        PlannedLetter.objects.create(
            complaint=complaint, kind=kind, cycle=cycle, due_at=timezone.now() + timedelta(days=days)
        )
        for kind, days in ((MessageKind.SURVEY, 9), (MessageKind.CLOSING, 2), (MessageKind.FOLLOW_UP, 3))
    )
    PlannedLetter.objects.filter(pk=gone.pk).update(
        state="cancelled", settled_at=timezone.now(), why_cancelled="The matter moved on."
    )
    client.force_login(member_of("Manager"))
    address = "/desk/followups/plannedletter/"
    assert list(client.get(address).context["cl"].result_list) == [soon, later]
    page = client.get(f"{address}?shown=settled")
    assert list(page.context["cl"].result_list) == [gone]
    assert "The matter moved on." in page.content.decode()


def test_a_wrong_password_is_told_once(client: Client) -> None:
    answer = client.post("/desk/login/", {"username": "nobody", "password": "wrong"})
    page = answer.content.decode()
    assert page.count("errornote") == 1
    assert "Please enter the correct username and password" in page


def test_who_may_not_come_in_is_told_so(client: Client) -> None:
    client.force_login(UserFactory(is_staff=False))
    assert "Your account may not open this page." in client.get("/desk/login/").content.decode()
