from collections.abc import Mapping, Sequence
from datetime import date


class UnreadableExport(Exception):
    """The whole file cannot be read as it stands; the message is fit for the person who brought it."""


class NotText(UnreadableExport):
    """A workbook, an archive, a picture: not a table written as text."""


class UnknownProfile(UnreadableExport):
    """A profile was named that we do not have, or a mapping names fields we do not know."""


class UnknownLayout(UnreadableExport):
    """No profile fits the header. Carries what a person needs to make a mapping."""

    def __init__(
        self,
        message: str,
        *,
        header: Sequence[str] = (),
        line_number: int = 0,
        suggestions: Mapping[str, Sequence[str]] | None = None,
        missing: Sequence[str] = (),
    ) -> None:
        super().__init__(message)
        self.header = tuple(header)
        self.line_number = line_number
        self.suggestions = {field: tuple(columns) for field, columns in (suggestions or {}).items()}
        self.missing = tuple(missing)


class AmbiguousDates(UnreadableExport):
    """Day and month cannot be told apart. `examples` pairs a date as written with what each order makes of it."""

    def __init__(self, column: str, examples: Sequence[tuple[str, Mapping[str, date]]]) -> None:
        self.column = column
        self.examples = tuple((raw, dict(readings)) for raw, readings in examples)
        self.orders = tuple(sorted({order for _, readings in self.examples for order in readings}))
        shown = ", ".join(f"“{raw}”" for raw, _ in self.examples)
        super().__init__(
            f"The dates in the column “{column}” can be read in more than one way: {shown}. "
            f"Say which order is meant: {' or '.join(self.orders)}."
        )


class BadDate(ValueError):
    """One cell is not a date we can believe; the message says why."""


class RefusedRow(ValueError):
    """One record cannot become a complaint; the message says why."""
