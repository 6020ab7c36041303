"""What becomes of the clocks of a complaint when its facts change."""

from dataclasses import dataclass

from complaints.policies.facts import Facts
from complaints.policies.schema import Pack


@dataclass(frozen=True)
class Switch:
    """Codes of clocks. Those that begin count from where their rule says, not from the switch."""

    ended: frozenset[str]
    begun: frozenset[str]
    kept: frozenset[str]


def switch(pack: Pack, *, before: Facts, after: Facts) -> Switch:
    old = {clock.code for clock in pack.clocks_for(before)}
    new = {clock.code for clock in pack.clocks_for(after)}
    return Switch(ended=frozenset(old - new), begun=frozenset(new - old), kept=frozenset(old & new))
