"""What of a pack a compliance person must confirm before it is used."""

from collections.abc import Iterator
from dataclasses import dataclass

from complaints.policies.schema import Pack
from complaints.policies.sources import Status


@dataclass(frozen=True)
class Claim:
    """A number or a duty of a pack, and how far it may be trusted."""

    key: str  # where in the file
    says: str
    source: str
    status: Status


def claims(pack: Pack) -> Iterator[Claim]:
    for clock in pack.clocks:
        key = f"clocks.{clock.code}"
        yield Claim(key, str(clock.limit), clock.source, clock.status)
        for other in clock.instead:
            yield Claim(f"{key}, {other.when}", str(other.limit), other.source, other.status)
        if clock.extension is not None:
            furthest = str(clock.extension.furthest(clock.limit))
            yield Claim(f"{key}.extension", furthest, clock.extension.source, clock.extension.status)
    for stage in pack.stages:
        yield Claim(f"stages.{stage.code}", stage.label, stage.source, stage.status)
    for letter in pack.letters:
        yield Claim(f"letters.{letter.kind}", ", ".join(letter.requires), letter.source, letter.status)
    for one in pack.returns:
        yield Claim(f"returns.{one.code}", str(one.due), one.source, one.status)
    kept = pack.retention
    yield Claim("retention", str(kept.keep_closed_for), kept.source, kept.status)


def to_confirm(pack: Pack) -> tuple[Claim, ...]:
    """The claims nobody has yet read in the rule itself."""
    return tuple(claim for claim in claims(pack) if claim.status.must_be_confirmed)
