"""Columns drawn as SVG shapes: no script, no inline style. The table under them says the same."""

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT, STEP = 120, 24
MOST_NAMED = 13


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a chart, in the chart's own units."""

    x: int
    y: float
    height: float
    label: str
    value: int
    is_partial: bool


@dataclass(frozen=True, slots=True)
class Chart:
    columns: list[Column]
    width: int
    most: int

    @property
    def height(self) -> int:
        return HEIGHT

    @property
    def has_room(self) -> bool:
        """For a name under each column."""
        return len(self.columns) <= MOST_NAMED


def chart(values: Sequence[tuple[str, int, bool]]) -> Chart | None:
    """Columns for these (label, number, partial?); nothing where there is nothing to see."""
    most = max((value for _, value, _ in values), default=0)
    if not most:
        return None
    columns = [
        _column(place, label, value, most, is_partial=is_partial)
        for place, (label, value, is_partial) in enumerate(values)
    ]
    return Chart(columns, STEP * len(columns), most)


def _column(place: int, label: str, value: int, most: int, *, is_partial: bool) -> Column:
    height = round(HEIGHT * value / most, 2)
    return Column(STEP * place, round(HEIGHT - height, 2), height, label, value, is_partial)
