"""Who stands in for whom at the supervisors' desk: the page, and its two deeds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q
from django.urls import reverse

from complaints.desk.dialogs.dialog import Dialogs
from complaints.desk.forms.base import NoFields
from complaints.desk.forms.substituting import SubstituteForm
from complaints.desk.next_step import Button
from complaints.resolution.actors import name_of
from escalations import actions
from escalations.models import ARRANGE, WORK, Substitution, SubstitutionQuerySet, day_of

LIST = "admin:escalations_substitution_changelist"
NAME, END = "admin:escalations_substitution_name", "admin:escalations_substitution_end"
SHOWN = 50


@dataclass
class Absences:
    """What the page is about; with one absence in hand where a deed is about one."""

    person: User
    now: datetime
    one: Substitution | None = None

    def __str__(self) -> str:
        return str(self.one or "Substitutes")

    def may_end(self, one: Substitution) -> bool:
        theirs = self.person.pk in (one.principal_id, one.substitute_id)
        return (
            one.ended_at is None
            and one.ends_on >= day_of(self.now)
            and (theirs or self.person.has_perm(ARRANGE))
        )


@dataclass(frozen=True, slots=True)
class Row:
    absence: Substitution
    words: str
    colour: str
    end: str


on_absences: Dialogs[Absences] = Dialogs()


@on_absences.dialog(
    "name",
    "Name a substitute",
    form=SubstituteForm,
    permission=WORK,
    when=lambda _absences: True,
    title="Name a substitute",
    guidance=(
        "They see the queue and decide in it, recorded as “they for you”. Nobody may grant more than their own "
        "authority, nor more than yours. What one of you proposed the other cannot approve."
    ),
    submit="Name them",
)
def name(absences: Absences, form: SubstituteForm) -> str:
    named = actions.name_substitute(**form.cleaned_data, by=absences.person, now=absences.now)
    return f"{name_of(named.substitute)} stands in for {name_of(named.principal)}."


@on_absences.dialog(
    "end",
    "End",
    form=NoFields,
    permission=WORK,
    when=lambda absences: absences.one is not None and absences.may_end(absences.one),
    title="End it now",
    guidance="The seat goes back at once. What was decided meanwhile stands.",
    submit="End it",
    part="one",
)
def end(absences: Absences, _form: NoFields) -> str:
    assert absences.one is not None  # noqa: S101 - the dialog is about one
    ended = actions.end_substitution(absences.one, by=absences.person, now=absences.now)
    return f"{name_of(ended.substitute)} no longer stands in for {name_of(ended.principal)}."


def context(absences: Absences) -> dict[str, Any]:
    """One's own absences and those one stands in for; everybody's for those who arrange them."""
    seen = Substitution.objects.select_related("principal", "substitute", "named_by", "ended_by")
    if not absences.person.has_perm(ARRANGE):
        seen = seen.filter(Q(principal=absences.person) | Q(substitute=absences.person))
    today = day_of(absences.now)
    running = seen.filter(ended_at__isnull=True, ends_on__gte=today)
    past = seen.exclude(ended_at__isnull=True, ends_on__gte=today).order_by("-ends_on", "-pk")
    return {
        "title": "Substitutes",
        "running": _rows(running, absences),
        "past": _rows(past, absences),
        "name": Button("Name a substitute", reverse(NAME))
        if on_absences["name"].is_offered(absences)
        else None,
        "arranges": absences.person.has_perm(ARRANGE),
        "now": absences.now,
    }


def _rows(found: SubstitutionQuerySet, absences: Absences) -> list[Row]:
    rows = []
    for one in found[:SHOWN]:
        words, colour = _state(one, absences.now)
        end = reverse(END, args=[one.pk]) if absences.may_end(one) else ""
        rows.append(Row(one, words, colour, end))
    return rows


def _state(one: Substitution, now: datetime) -> tuple[str, str]:
    if one.ended_at is not None:
        return "Ended early", "gray"
    if one.stands(now):
        return "Stands in now", "green"
    return ("To come", "blue") if one.starts_on > day_of(now) else ("Over", "gray")
