"""What a report looks at: who asks, when, over which days, and narrowed to what."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q

from complaints.resolution.models import Complaint
from complaints.resolution.models.complaints import ComplaintQuerySet
from reporting.periods import Period

#: Narrows to complaints that have none: no product, no cause, no handler.
NONE = "none"
#: The same for the business; in brackets, for a business may be called None.
NO_COMPANY = "(none)"


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything a figure depends on. `chosen` is the same as an address has it."""

    user: User | AnonymousUser
    now: datetime
    period: Period
    product: str = ""
    cause: str = ""
    channel: str = ""
    company: str = ""
    handler: str = ""
    without_imported: bool = False
    currency: str = ""
    chosen: dict[str, str] = field(default_factory=dict)

    def seen(self) -> ComplaintQuerySet:
        return Complaint.objects.visible_to(self.user)

    def complaints(self) -> ComplaintQuerySet:
        """The complaints this person may see, narrowed to what was chosen, of all times."""
        narrowed = self.seen().filter(
            _is("category", self.product),
            _is("finding__root_cause", self.cause),
            _is("handler", self.handler),
        )
        if self.channel:
            narrowed = narrowed.filter(channel=self.channel)
        if self.company:
            name = "" if self.company == NO_COMPANY else self.company
            narrowed = narrowed.filter(company__iexact=name)
        if self.without_imported:
            narrowed = narrowed.filter(imported=False)
        return narrowed

    def over(self, period: Period) -> "Scope":
        return replace(self, period=period)

    def address(self, **changes: str) -> str:
        """The query string that leads to the same scope with these changes; an empty value drops one."""
        return urlencode({name: value for name, value in {**self.chosen, **changes}.items() if value})


def _is(field_name: str, chosen: str) -> Q:
    if not chosen:
        return Q()
    return Q(**{f"{field_name}__isnull": True}) if chosen == NONE else Q(**{field_name: chosen})
