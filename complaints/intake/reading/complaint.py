"""Cells of one record into a complaint."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final

from complaints.intake.reading.dates import DateColumn
from complaints.intake.reading.exceptions import BadDate, RefusedRow
from complaints.intake.reading.profiles import FIELDS
from complaints.intake.reading.records import Channel, ComplaintRecord, Standing
from complaints.intake.reading.wording import channel_of, number_of, standing_of, value_of, words_of

TITLE: Final = 200
_FIRST_WORDS = 80
_REMEMBERED = 1_000
_WORDING = 100
# What is translated into a code of ours keeps its original wording among the extras.
_TRANSLATED = frozenset({"channel", "status", "outcome"})


class Maker:
    """Bound to one file: which cell is what. Raises RefusedRow where a record is no complaint we can take in."""

    def __init__(
        self,
        names: Sequence[str],
        fields: Mapping[str, int],
        *,
        ignored: frozenset[int],
        received: DateColumn,
        closed: DateColumn,
    ) -> None:
        # A field without a column reads the last cell, which is always an empty one that we add.
        self._at = tuple(fields.get(ours, -1) for ours in FIELDS)
        self._names = unmistakable(names)
        self._fields = fields
        taken = ignored | {index for ours, index in fields.items() if ours not in _TRANSLATED}
        self._extras = [(name, index) for index, name in enumerate(self._names) if index not in taken]
        self._received, self._closed = received, closed
        self._channels: dict[str, Channel] = {}
        self._standings: dict[str, Standing] = {}

    def believable(self, cells: list[str]) -> bool:
        try:
            self.make(cells)
        except RefusedRow:
            return False
        return True

    def make(self, cells: list[str]) -> tuple[ComplaintRecord, tuple[str, ...]]:
        cells.append("")
        (number, received, clock, check, closed, title, words, product, sub_product, issue, sub_issue, channel, company,
         region, postcode, status, outcome, name, email, phone) = [cells[index] for index in self._at]  # fmt: skip
        extras = {
            named: text for named, index in self._extras if cells[index] and (text := value_of(cells[index]))
        }
        remarks: list[str] = []
        received_at = self._received_at(received, clock, check, extras, remarks)
        closed_at = self._closed_at(closed, extras, remarks) if closed else None
        issue, sub_issue, product, words = (
            value_of(issue),
            value_of(sub_issue),
            value_of(product),
            words_of(words),
        )
        external_id = self._external_id(number, cells)
        record = ComplaintRecord(
            external_id,
            received_at,
            self._title(value_of(title), extras)
            or _title_from(issue, sub_issue, product, words, external_id),
            words,
            product,
            value_of(sub_product),
            issue,
            sub_issue,
            self._channel(value_of(channel)),
            value_of(company),
            value_of(region),
            number_of(postcode),
            self._standing(value_of(status), closed_at),
            value_of(status),
            value_of(outcome),
            closed_at,
            value_of(name),
            value_of(email),
            value_of(phone),
            extras,
        )
        return record, tuple(remarks)

    def _external_id(self, raw: str, cells: Sequence[str]) -> str:
        if "external_id" not in self._fields:
            # Two identical rows are then one complaint, so that importing twice still doubles nothing.
            return "sha256:" + sha256("\x1f".join(cells[:-1]).encode("utf-8", "replace")).hexdigest()[:40]
        number = number_of(raw)
        if not number:
            raise RefusedRow("no number by which the complaint is known")
        return number

    def _received_at(
        self, raw: str, clock: str, check: str, extras: dict[str, str], remarks: list[str]
    ) -> datetime:
        raw, clock, check = value_of(raw), value_of(clock), value_of(check)
        if not raw and not check:
            raise RefusedRow("no date of receipt")
        try:
            return self._received.read(raw or check, clock=clock, check=check)
        except BadDate as reason:
            if not clock:
                raise RefusedRow(f"date of receipt: {reason}") from None
        return self._without_clock(raw or check, clock, check, extras, remarks)

    def _without_clock(
        self, raw: str, clock: str, check: str, extras: dict[str, str], remarks: list[str]
    ) -> datetime:
        try:
            received_at = self._received.read(raw, check=check)
        except BadDate as reason:
            raise RefusedRow(f"date of receipt: {reason}") from None
        extras[self._names[self._fields["received_time"]]] = clock
        remarks.append(f"“{clock[:40]}” is not a time of day; the day alone was taken")
        return received_at

    def _closed_at(self, raw: str, extras: dict[str, str], remarks: list[str]) -> datetime | None:
        text = value_of(raw)
        if not text:
            return None
        try:
            return self._closed.read(text)
        except BadDate as reason:
            extras[self._names[self._fields["closed"]]] = text
            remarks.append(f"date of closing left out: {reason}")
            return None

    def _title(self, title: str, extras: dict[str, str]) -> str:
        if len(title) > TITLE:
            extras[self._names[self._fields["title"]]] = title
        return _shortened(title, TITLE) if title else ""

    def _channel(self, wording: str) -> Channel:
        wording = wording[:_WORDING]
        code = self._channels.get(wording)
        if code is None:
            code = channel_of(wording)
            if len(self._channels) < _REMEMBERED:
                self._channels[wording] = code
        return code

    def _standing(self, wording: str, closed_at: datetime | None) -> Standing:
        if not wording:
            return Standing.CLOSED if closed_at else Standing.OPEN
        wording = wording[:_WORDING]
        code = self._standings.get(wording)
        if code is None:
            code = standing_of(wording)
            if len(self._standings) < _REMEMBERED:
                self._standings[wording] = code
        return code


def unmistakable(names: Sequence[str]) -> list[str]:
    """Names one can keep values under: none empty, none twice."""
    seen: dict[str, int] = {}
    told: list[str] = []
    for position, name in enumerate(names, start=1):
        wanted = name or f"column {position}"
        seen[wanted] = seen.get(wanted, 0) + 1
        told.append(wanted if seen[wanted] == 1 else f"{wanted} ({seen[wanted]})")
    return told


def _title_from(issue: str, sub_issue: str, product: str, words: str, external_id: str) -> str:
    named = f"{issue}: {sub_issue}" if issue and sub_issue else issue or sub_issue
    if named or not words:
        return _shortened(named or product or f"Complaint {external_id}", TITLE)
    return _shortened(words[: 4 * TITLE], _FIRST_WORDS) or f"Complaint {external_id}"


def _shortened(text: str, most: int) -> str:
    """One line, cut between words, with the mark that shows it."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return line[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:.-") + "…"
