from collections.abc import Sequence
from datetime import date, datetime


class PolicyError(Exception):
    """What every refusal of this app descends from."""


class NaiveMoment(PolicyError):
    """A moment without a zone would be read in the zone of whichever machine asks."""

    def __init__(self, moment: datetime) -> None:
        super().__init__(f"The moment {moment.isoformat()} has no time zone.")


class BadCalendar(PolicyError):
    pass


class BadLimit(PolicyError):
    pass


class NeverOpen(PolicyError):
    """The calendar has not enough working time left in the years it is kept for."""


class OutOfRange(PolicyError):
    def __init__(self, year: int, first: int, last: int) -> None:
        super().__init__(f"Calendars are kept for the years {first} to {last}; {year} is outside.")


class PackInvalid(PolicyError):
    def __init__(self, file: str, key: str, reason: str) -> None:
        self.file, self.key, self.reason = file, key, reason
        super().__init__(f"{file}: {key}: {reason}")


class NoSuchPack(PolicyError):
    def __init__(self, code: str, version: int | None = None) -> None:
        which = code if version is None else f"{code} version {version}"
        super().__init__(f"There is no policy pack {which}.")


class NoPackInForce(PolicyError):
    def __init__(self, code: str, on: date) -> None:
        super().__init__(f"No version of policy pack {code} was in force on {on.isoformat()}.")


class NoSuchClock(PolicyError):
    def __init__(self, code: str, pack: str) -> None:
        super().__init__(f"Policy pack {pack} has no clock {code}.")


class BadPack(PolicyError):
    """`key` is where, seen from the table that is wrong; left empty, the table itself."""

    def __init__(self, reason: str, *, key: str = "") -> None:
        self.key = key
        super().__init__(reason)


class BadFacts(PolicyError):
    pass


class NoSuchStage(PolicyError):
    def __init__(self, code: str, pack: str) -> None:
        super().__init__(f"Policy pack {pack} has no stage {code}.")


class CannotExtend(PolicyError):
    pass


class BadLetterText(PolicyError):
    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(problems))


class NoWording(PolicyError):
    def __init__(self) -> None:
        super().__init__("There is no text for this letter in any language.")


class MayNotWord(PolicyError):
    def __init__(self) -> None:
        super().__init__("Your role does not choose the words of our letters.")


class WordingMovedOn(PolicyError):
    def __init__(self, version: int) -> None:
        super().__init__(
            f"Somebody has saved version {version} while you were writing. Compare the two, then save again."
        )


class NothingNew(PolicyError):
    def __init__(self) -> None:
        super().__init__("Nothing has changed.")


class WhyNeeded(PolicyError):
    def __init__(self) -> None:
        super().__init__("Write down why it changes.")


class KeptAsWritten(PolicyError):
    def __init__(self) -> None:
        super().__init__("A version is never changed. Write a new one.")


class MayNotRule(PolicyError):
    def __init__(self) -> None:
        super().__init__("Your role does not write the rules we work by.")


class VersionMovedOn(PolicyError):
    def __init__(self, version: int) -> None:
        super().__init__(
            f"Somebody has kept version {version} while you were writing, or one that begins on the same day."
        )


class BegunAlready(PolicyError):
    def __init__(self, version: int) -> None:
        super().__init__(f"Version {version} has begun or is withdrawn already; it stays as it is.")
