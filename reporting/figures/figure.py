"""What a figure is: rows of one kind, on one date, that meet a condition. Its number and its list are one query."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from reporting.scope import Scope

Rows = QuerySet[Any]
Condition = Callable[[Scope], Q]


def everything(_scope: Scope) -> Q:
    return Q()


def always(condition: Q) -> Condition:
    """A condition that is the same whoever asks and whenever."""
    return lambda _scope: condition


@dataclass(frozen=True, slots=True)
class Column:
    """Something more to show of a row in a list."""

    title: str
    path: str
    words: dict[str, str] | None = None
    #: Where it is the row's own date: the page that tells its reason.
    why: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of rows that can be counted. `complaint` is the way from a row to its complaint; empty if it is one."""

    code: str
    rows: Callable[[Scope], Rows]
    complaint: str = "complaint"
    columns: tuple[Column, ...] = ()

    def path(self, field: str) -> str:
        return f"{self.complaint}__{field}" if self.complaint else field

    def seen(self, scope: Scope, **bounds: datetime) -> Rows:
        """Those whose complaint this person may see and has not narrowed away, and is within these bounds."""
        if not self.complaint:
            return self.rows(scope).filter(**bounds)
        return self.rows(scope).filter(
            Exists(scope.complaints().filter(pk=OuterRef(self.complaint), **bounds))
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """`says` names the rows in words, `dated` the date by which they are counted.

    Conditions must not join to-many relations: a row would be counted once for each match.
    """

    code: str
    title: str
    says: str
    source: Source
    moment: str
    dated: str
    condition: Condition = everything
    #: As things stand now, whatever the period.
    standing: bool = False

    @property
    def dated_words(self) -> str:
        return "as things stand now" if self.standing else f"by {self.dated}"

    @property
    def is_by_receipt(self) -> bool:
        """Its rows are dated by the receipt of their complaints, which every list shows anyway."""
        return self.moment == self.source.path("received_at")

    @property
    def batch(self) -> tuple[str, str, bool]:
        """Figures of one batch are counted in one query."""
        return self.source.code, self.moment, self.standing

    def base(self, scope: Scope) -> Rows:
        """All rows of the source within the period, whatever the condition."""
        if self.standing:
            return self.source.seen(scope)
        of_complaint = f"{self.source.complaint}__"
        if self.moment.startswith(of_complaint):  # no need to join the complaint to ask for its date
            return self.source.seen(scope, **scope.period.bounds(self.moment.removeprefix(of_complaint)))
        return self.source.seen(scope).filter(**scope.period.bounds(self.moment))

    def rows(self, scope: Scope) -> Rows:
        return self.base(scope).filter(self.condition(scope))


@dataclass(frozen=True, slots=True)
class Rate:
    """A share: rows of one figure among those of another, of which they are a part."""

    code: str
    title: str
    part: Figure
    whole: Figure
    remark: str = ""

    @property
    def says(self) -> str:
        """The rate in words: what is divided by what, and the date used."""
        return f"{self.part.says}, of {self.whole.says}; {self.whole.dated_words}. {self.remark}".strip()


@dataclass(frozen=True, slots=True)
class Span:
    """How long it took from receipt to the moment of a figure's rows, nights and weekends included."""

    code: str
    title: str
    figure: Figure
