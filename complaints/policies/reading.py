"""Reads a table into a frozen dataclass: nothing missing, nothing unknown, nothing of another type."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from enum import EnumType
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from complaints.policies.bank_holidays import HolidayList
from complaints.policies.calendars import Calendar
from complaints.policies.exceptions import BadPack, PackInvalid, PolicyError
from complaints.policies.limits import Limit, limit_from
from complaints.policies.periods import Period, Week
from complaints.policies.special_days import (
    AfterHours,
    Closure,
    Opening,
    YearlyHoliday,
)
from complaints.policies.words import WEEKDAYS

T = TypeVar("T")
NAMES = {str: "a text", int: "a whole number", date: "a date", bool: "true or false"}


@dataclass(frozen=True)
class Place:
    """Where in which file we are, for errors."""

    file: str
    key: str = ""

    def at(self, key: str) -> "Place":
        return Place(self.file, f"{self.key}.{key}" if self.key else key)

    def number(self, index: int) -> "Place":
        return Place(self.file, f"{self.key}[{index}]")

    def refuse(self, reason: str) -> PackInvalid:
        return PackInvalid(self.file, self.key or "(the file)", reason)


def read(kind: type[T], table: object, place: Place) -> T:
    """The table as an object of this dataclass."""
    if not isinstance(table, Mapping):
        raise place.refuse("must be a table.")
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]  # only dataclasses come here
    _refuse_unknown(table, known, place)
    hints = get_type_hints(kind)
    values = {}
    for name, field in known.items():
        if name in table:
            values[name] = value_of(hints[name], table[name], place.at(name))
        elif field.default is MISSING:
            raise place.at(name).refuse("is missing.")
    try:
        return kind(**values)
    except BadPack as error:
        raise (place.at(error.key) if error.key else place).refuse(str(error)) from error
    except PolicyError as error:
        raise place.refuse(str(error)) from error


def value_of(kind: Any, raw: object, place: Place) -> Any:
    """One value as the type the schema wants."""
    kind = _without_nothing(kind)
    if kind in READERS:
        return READERS[kind](raw, place)
    if get_origin(kind) is tuple:
        if not isinstance(raw, list):
            raise place.refuse("must be a list.")
        return tuple(value_of(get_args(kind)[0], item, place.number(index)) for index, item in enumerate(raw))
    if isinstance(kind, EnumType):
        return _choice(kind, raw, place)
    if is_dataclass(kind):
        return read(kind, raw, place)  # type: ignore[arg-type]  # mypy takes it for an instance
    if type(raw) is not kind:
        raise place.refuse(f"must be {NAMES[kind]}, not {raw!r}.")
    if raw == "":
        raise place.refuse("must not be empty.")
    return raw


def _without_nothing(kind: Any) -> Any:
    """The type of "this or nothing": nothing is a key that is left out."""
    if get_origin(kind) is not UnionType:
        return kind
    return next(one for one in get_args(kind) if one is not NoneType)


def _refuse_unknown(table: Mapping[str, object], known: Mapping[str, object], place: Place) -> None:
    for key in table:
        if key not in known:
            close = get_close_matches(key, known, n=1)
            raise place.at(key).refuse("is not known here" + (f"; is it {close[0]}?" if close else "."))


def _choice(kind: EnumType, raw: object, place: Place) -> object:
    choices = list(map(str, kind.__members__.values()))
    if raw not in choices:
        raise place.refuse(f"must be one of {', '.join(choices)}; not {raw!r}.")
    return kind(raw)


def _limit(raw: object, place: Place) -> Limit:
    try:
        return limit_from(value_of(str, raw, place))
    except PackInvalid:
        raise
    except PolicyError as error:
        raise place.refuse(str(error)) from error


def _decimal(raw: object, place: Place) -> Decimal:
    """Written as text, so that no binary fraction comes between the pack and the sum."""
    try:
        number = Decimal(value_of(str, raw, place))
    except InvalidOperation:
        raise place.refuse(f'must be a number in quotes such as "250.00", not {raw!r}.') from None
    if not number.is_finite():
        raise place.refuse("must be a finite number.")
    return number


def _date(raw: object, place: Place) -> date:
    if not isinstance(raw, date) or isinstance(raw, datetime):
        raise place.refuse(f"must be a date such as 2026-04-01, not {raw!r}.")
    return raw


def _period(raw: object, place: Place) -> Period:
    opens, _, closes = value_of(str, raw, place).partition("-")
    try:
        return Period.between(opens.strip(), closes.strip())
    except PolicyError as error:
        raise place.refuse(str(error)) from error


def _zone(raw: object, place: Place) -> ZoneInfo:
    try:
        return ZoneInfo(value_of(str, raw, place))
    except (ZoneInfoNotFoundError, ValueError):
        raise place.refuse(f"{raw!r} is not a time zone such as Europe/London.") from None


def _holiday_list(raw: object, place: Place) -> HolidayList:
    country, _, region = value_of(str, raw, place).partition("-")
    try:
        return HolidayList(country, region)
    except PolicyError as error:
        raise place.refuse(str(error)) from error


def _calendar(raw: object, place: Place) -> Calendar:
    rules = read(CalendarRules, raw, place)
    try:
        return Calendar(
            zone=rules.zone,
            week=rules.week.periods,
            holiday_lists=rules.holiday_lists,
            yearly_holidays=rules.yearly_holidays,
            closures=rules.closures,
            openings=rules.openings,
            after_hours=rules.after_hours,
        )
    except PolicyError as error:
        raise place.refuse(str(error)) from error


@dataclass(frozen=True)
class WeekRules:
    monday: tuple[Period, ...] = ()
    tuesday: tuple[Period, ...] = ()
    wednesday: tuple[Period, ...] = ()
    thursday: tuple[Period, ...] = ()
    friday: tuple[Period, ...] = ()
    saturday: tuple[Period, ...] = ()
    sunday: tuple[Period, ...] = ()

    @property
    def periods(self) -> Week:
        return tuple(getattr(self, name.lower()) for name in WEEKDAYS)


@dataclass(frozen=True)
class CalendarRules:
    zone: ZoneInfo
    week: WeekRules
    holiday_lists: tuple[HolidayList, ...] = ()
    yearly_holidays: tuple[YearlyHoliday, ...] = ()
    closures: tuple[Closure, ...] = ()
    openings: tuple[Opening, ...] = ()
    after_hours: AfterHours = AfterHours.NEXT_BUSINESS_DAY


READERS: dict[type, Callable[[object, Place], object]] = {
    Limit: _limit,
    Decimal: _decimal,
    date: _date,
    Period: _period,
    ZoneInfo: _zone,
    HolidayList: _holiday_list,
    Calendar: _calendar,
}
