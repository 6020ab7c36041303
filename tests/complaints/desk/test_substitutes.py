from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localtime, now

from complaints.desk.substitutes import LIST, NAME
from escalations import actions
from escalations.models import Substitution
from tests.complaints.desk.staff import administrator, member_of

pytestmark = pytest.mark.django_db


def asked(**details: object) -> dict[str, object]:
    today = localtime(now()).date()
    return {"starts_on": today, "ends_on": today + timedelta(days=3), "reason": "On leave", **details}


def named(principal: object, substitute: object) -> Substitution:
    return actions.name_substitute(
        principal,  # type: ignore[arg-type]
        substitute=substitute,  # type: ignore[arg-type]
        starts_on=localtime(now()).date(),
        ends_on=localtime(now()).date(),
        reason="On leave",
        by=principal,  # type: ignore[arg-type]
        now=now(),
    )


def test_one_names_ones_own_substitute_and_ends_it(client: Client) -> None:
    me, other = member_of("Supervisor"), member_of("Supervisor")
    client.force_login(me)
    assert b"Nobody is away" in client.get(reverse(LIST)).content
    assert client.post(reverse(NAME), asked(substitute=other.pk)).status_code == 303
    absence = Substitution.objects.get()
    assert (absence.principal, absence.substitute, absence.named_by) == (me, other, me)
    assert b"Stands in now" in client.get(reverse(LIST)).content
    end = reverse("admin:escalations_substitution_end", args=[absence.pk])
    assert client.get(end).status_code == 200
    absence.refresh_from_db()
    assert absence.ended_at is None
    assert client.post(end).status_code == 303
    absence.refresh_from_db()
    assert absence.ended_by == me


def test_a_supervisor_names_nobody_for_another(client: Client) -> None:
    me, other, third = (member_of("Supervisor") for _ in range(3))
    client.force_login(me)
    client.post(reverse(NAME), asked(substitute=other.pk, principal=third.pk))
    assert Substitution.objects.get().principal == me


def test_a_manager_names_one_for_somebody_absent(client: Client) -> None:
    boss, other, third = member_of("Manager"), member_of("Supervisor"), member_of("Supervisor")
    client.force_login(boss)
    client.post(reverse(NAME), asked(substitute=other.pk, principal=third.pk))
    absence = Substitution.objects.get()
    assert (absence.principal, absence.named_by) == (third, boss)


def test_whoever_arranges_it_for_others_says_who_is_away(client: Client) -> None:
    other = member_of("Supervisor")
    client.force_login(administrator())
    assert "---------" not in client.get(reverse(NAME)).text
    answer = client.post(reverse(NAME), asked(substitute=other.pk))
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"principal": ["Choose one."]}


def test_what_is_refused_is_said_and_what_was_typed_stays(client: Client) -> None:
    me, other = member_of("Supervisor"), member_of("Supervisor")
    named(other, me)
    client.force_login(me)
    answer = client.post(reverse(NAME), asked(substitute=other.pk, reason="A course"))
    assert answer.status_code == 409
    assert b"A course" in answer.content
    assert "stands in for" in answer.content.decode()


def test_others_absences_are_for_those_who_arrange_them(client: Client) -> None:
    me, other, third, boss = *(member_of("Supervisor") for _ in range(3)), member_of("Manager")
    absence = named(other, third)
    end = reverse("admin:escalations_substitution_end", args=[absence.pk])
    client.force_login(me)
    assert "On leave" not in client.get(reverse(LIST)).content.decode()
    assert client.post(end).status_code == 404
    client.force_login(boss)
    assert "On leave" in client.get(reverse(LIST)).content.decode()
    assert client.post(end).status_code == 303


def test_handlers_have_no_such_page(client: Client) -> None:
    client.force_login(member_of("Handler"))
    assert client.get(reverse(LIST)).status_code == 403
    assert client.post(reverse(NAME), asked()).status_code == 403
