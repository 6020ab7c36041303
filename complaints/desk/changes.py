"""What was changed in the facts of a complaint, by whom and why: field by field, before and after."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.formats import date_format

from complaints.resolution.actors import name_of
from complaints.resolution.models import Category, Complaint

MOST = 50
#: What the row keeps for the machine.
UNSHOWN = {"state_since", "next_due_at", "next_due_label", "pack_code", "pack_version"}

#: Worth a line though no field that is shown differs.
TELLING = ("Opened", "Restricted")


@dataclass(frozen=True, slots=True)
class Difference:
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    at: datetime
    who: str
    why: str
    differences: list[Difference]


def changes_of(complaint: Complaint) -> list[Change]:
    """The latest changes, newest first; a bounded number of them."""
    records = list(
        complaint.history.select_related("history_user").order_by("-history_date", "-pk")[: MOST + 1]
    )
    names = Names(records)
    older = [*records[1:], None]
    changes = [_change(new, old, names) for new, old in zip(records, older, strict=True)][:MOST]
    return [change for change in changes if change.differences or change.why in TELLING]


def _change(new: Any, old: Any, names: "Names") -> Change:
    who = name_of(new.history_user) if new.history_user else "the customer, or the house itself"
    return Change(new.history_date, who, new.history_change_reason or "", list(_differences(new, old, names)))


def _differences(new: Any, old: Any, names: "Names") -> Iterable[Difference]:
    if old is None:
        return
    for field in new.tracked_fields:
        if field.name in UNSHOWN:
            continue
        before, after = getattr(old, field.attname), getattr(new, field.attname)
        if before != after:
            label = str(field.verbose_name).capitalize()
            yield Difference(label, names.say(field.name, before), names.say(field.name, after))


class Names:
    """What the numbers in the history stand for, looked up once for all of it."""

    def __init__(self, records: list[Any]) -> None:
        handlers = {record.handler_id for record in records} - {None}
        categories = {record.category_id for record in records} - {None}
        self.known: dict[str, dict[Any, str]] = {
            "handler": {user.pk: name_of(user) for user in User.objects.filter(pk__in=handlers)},
            **_words(records),
            "category": {one.pk: one.name for one in Category.objects.filter(pk__in=categories)},
        }

    def say(self, field: str, value: Any) -> str:
        if value in (None, ""):
            return "nothing"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, datetime):
            return date_format(timezone.localtime(value), "j M Y, H:i")
        return str(self.known.get(field, {}).get(value, value))


def _words(records: list[Any]) -> dict[str, dict[Any, str]]:
    """What the codes stand for that are chosen from a list: states, outcomes, channels."""
    fields = records[0].tracked_fields if records else ()
    return {field.name: dict(field.flatchoices) for field in fields if field.choices}
