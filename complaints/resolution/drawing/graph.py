from dataclasses import dataclass
from typing import Any

from complaints.resolution.models import Complaint, Move, State


class NotPlaced(Exception):
    """The graph has something the drawing has no place for, or the drawing something the graph has not."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """One move with all the states it may be made from, in the order of the enum."""

    move: Move
    sources: tuple[State, ...]
    target: State


def arrows() -> list[Arrow]:
    """What django_fsm knows of the complaint's state, in the order of the moves."""
    found: dict[str, dict[State, State]] = {}
    for transition in _field().get_all_transitions(Complaint):
        found.setdefault(transition.name, {})[State(transition.source)] = State(transition.target)
    if differing := found.keys() ^ {move.value for move in Move}:
        raise NotPlaced(f"The moves and the graph differ: {', '.join(sorted(differing))}.")
    return [_arrow(move, found[move.value]) for move in Move]


def _arrow(move: Move, ways: dict[State, State]) -> Arrow:
    (target,) = set(ways.values())
    return Arrow(move, tuple(state for state in State if state in ways), target)


def first_state() -> State:
    return State(_field().default)


def _field() -> Any:
    return Complaint._meta.get_field("state")  # noqa: SLF001  # Django's public name for it
