"""By what a report can be broken down, and how a value of it narrows the list behind a cell."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import DateField, F
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncMonth, Upper

from complaints.resolution.actors import name_of
from complaints.resolution.models import Category, Channel, RootCause
from complaints.resolution.permission import SUPERVISE
from reporting import periods
from reporting.figures import Figure
from reporting.scope import NO_COMPANY, NONE

Names = Callable[[], dict[Any, str]]


@dataclass(frozen=True, slots=True)
class Dimension:
    """`parameter` is the filter it is; a month is none, it narrows the period. `permission` is who may look by it."""

    code: str
    tab: str
    noun: str
    nothing: str
    key: Callable[[Figure], Combinable]
    parameter: str = ""
    names: Names = dict
    permission: str = ""

    def is_open_to(self, user: User) -> bool:
        return not self.permission or user.has_perm(self.permission)

    def narrowing(self, value: Any, label: str) -> dict[str, str]:
        """What an address must say to mean this value."""
        if self.code == "company":
            return {self.parameter: label if value else NO_COMPANY}
        return {self.parameter: NONE if value is None else str(value)}


def _month(figure: Figure) -> TruncMonth:
    return TruncMonth(figure.moment, output_field=DateField(), tzinfo=periods.zone())


def _at(field: str) -> Callable[[Figure], Combinable]:
    return lambda figure: F(figure.source.path(field))


def _company(figure: Figure) -> Upper:
    return Upper(figure.source.path("company"))


def _products() -> dict[Any, str]:
    return dict(Category.objects.values_list("pk", "name"))


def _causes() -> dict[Any, str]:
    return dict(RootCause.objects.values_list("pk", "name"))


def _handlers() -> dict[Any, str]:
    return {person.pk: name_of(person) for person in User.objects.filter(is_staff=True)}


def _channels() -> dict[Any, str]:
    return dict(Channel.choices)


MONTH = Dimension("month", "By month", "Month", "", _month)
PRODUCT = Dimension("product", "By product", "Product", "No product", _at("category"), "product", _products)
CAUSE = Dimension(
    "cause", "By cause", "Root cause", "No cause named", _at("finding__root_cause"), "cause", _causes
)
CHANNEL = Dimension("channel", "By channel", "Channel", "", _at("channel"), "channel", _channels)
COMPANY = Dimension("company", "By business", "Business", "No business named", _company, "company")
#: For those who lead them: what it says of a person is for no colleague.
HANDLER = Dimension(
    "handler", "By handler", "Handler", "Nobody", _at("handler"), "handler", _handlers, SUPERVISE
)
DIMENSIONS = {one.code: one for one in (MONTH, PRODUCT, CAUSE, CHANNEL, COMPANY, HANDLER)}
