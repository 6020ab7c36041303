"""The picture, as SVG: readable on light and dark, and by those who hear it read."""

from collections.abc import Iterator
from textwrap import wrap
from xml.sax.saxutils import escape

from complaints.resolution.drawing import places
from complaints.resolution.drawing.graph import Arrow, NotPlaced, arrows, first_state
from complaints.resolution.drawing.places import Box, Point, Road
from complaints.resolution.models import OPEN_STATES, Move, State

CORNER = 8
LINE = 15
STYLE = """\
svg{--paper:#fff;--ink:#1f2937;--line:#64748b;--fence:#94a3b8;--open:#f0fdfa;--edge:#0f766e;--done:#f1f5f9;\
font-family:system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-size:12.5px}
@media(prefers-color-scheme:dark){svg{--paper:#111827;--ink:#e5e7eb;--line:#94a3b8;--fence:#64748b;--open:#113f3c;\
--edge:#2dd4bf;--done:#1f2937}}
.paper{fill:var(--paper)}
.open{fill:var(--open);stroke:var(--edge);stroke-width:1.5}
.done{fill:var(--done);stroke:var(--line);stroke-width:1.5}
.road{fill:none;stroke:var(--line);stroke-width:1.5}
.fence{fill:none;stroke:var(--fence);stroke-dasharray:5 4}
.head,.start{fill:var(--line)}
text{fill:var(--ink);stroke:var(--paper);stroke-width:4px;stroke-linejoin:round;paint-order:stroke}
.state{font-size:14px;font-weight:600;text-anchor:middle;stroke:none}
.centred{text-anchor:middle}
.aside{font-size:11.5px;text-anchor:end;opacity:.8}"""


def picture() -> str:
    """The whole lifecycle as one SVG file. Raises NotPlaced for a state or move that has no place in it."""
    drawn = arrows()
    require_places(drawn)
    return "\n".join([*_head(drawn), *_roads(drawn), *map(_state, State), "</svg>", ""])


def require_places(drawn: list[Arrow]) -> None:
    roads = {
        (arrow.move, source) for arrow in drawn if not leaves_from_fence(arrow) for source in arrow.sources
    }
    fenced = {arrow.move for arrow in drawn if leaves_from_fence(arrow)}
    labelled = {move for (move, _), road in places.ROADS.items() if road.label} | places.FROM_FENCE.keys()
    differing = [
        *(State(state).label for state in set(State) ^ places.BOXES.keys()),
        *(f"{move.label} from {state.label}" for move, state in roads ^ places.ROADS.keys()),
        *(f"{move.label} from any open state" for move in fenced ^ places.FROM_FENCE.keys()),
        *(f"the words of {move.label}" for move in set(Move) - labelled),
    ]
    if differing:
        raise NotPlaced(f"Graph and drawing/places.py do not agree on: {', '.join(sorted(differing))}.")


def leaves_from_fence(arrow: Arrow) -> bool:
    return set(arrow.sources) == set(OPEN_STATES)


def _head(drawn: list[Arrow]) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {places.WIDTH} {places.HEIGHT}" '
        'role="img" aria-labelledby="title desc">'
    )
    yield '<title id="title">The life of a complaint</title>'
    yield f'<desc id="desc">{escape(in_words(drawn))}</desc>'
    yield f"<style>\n{STYLE}\n</style>"
    yield (
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" '
        'markerUnits="userSpaceOnUse" orient="auto"><path class="head" d="M0 0L8 4L0 8z"/></marker></defs>'
    )
    yield f'<rect class="paper" width="{places.WIDTH}" height="{places.HEIGHT}" rx="10"/>'
    corners = "L".join(f"{x} {y}" for x, y in places.FENCE)
    yield f'<path class="fence" d="M{corners}z"/>'
    x, y = places.FENCE_LABEL
    yield f'<text class="aside" x="{x}" y="{y}">open: we still owe the customer something</text>'


def in_words(drawn: list[Arrow]) -> str:
    """The same for those who cannot see it: one sentence a move."""
    return f"A complaint begins as {first_state().label}. " + " ".join(map(_sentence, drawn))


def _sentence(arrow: Arrow) -> str:
    sources = " or ".join(source.label for source in arrow.sources)
    if leaves_from_fence(arrow):
        sources = "any open state"
    return f"{arrow.move.label}: from {sources} to {arrow.target.label}."


def _roads(drawn: list[Arrow]) -> Iterator[str]:
    start, end = places.BEGINNING
    yield f'<circle class="start" cx="{start[0]}" cy="{start[1]}" r="5"/>'
    yield _line(Road((start, end)))
    roads = [(arrow.move, road) for arrow in drawn for road in roads_of(arrow)]
    yield from (_line(road) for _, road in roads)
    yield from (_label(move.label, road) for move, road in roads if road.label)


def roads_of(arrow: Arrow) -> list[Road]:
    if leaves_from_fence(arrow):
        return [places.FROM_FENCE[arrow.move]]
    return [places.ROADS[arrow.move, source] for source in arrow.sources]


def _line(road: Road) -> str:
    (x, y), (to_x, to_y) = road.points[0], road.points[-1]
    way = f"M{x} {y}{''.join(_bends(road.points))}L{to_x} {to_y}"
    return f'<path class="road" d="{way}" marker-end="url(#head)"/>'


def _bends(points: tuple[Point, ...]) -> Iterator[str]:
    """Each corner rounded: a line until shortly before it, and a curve around it."""
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        (x, y), (x1, y1), (x2, y2) = corner, _towards(corner, before), _towards(corner, after)
        yield f"L{x1} {y1}Q{x} {y} {x2} {y2}"


def _towards(corner: Point, other: Point) -> Point:
    (x, y), (to_x, to_y) = corner, other
    return (x + CORNER * ((to_x > x) - (to_x < x)), y + CORNER * ((to_y > y) - (to_y < y)))


def _label(words: str, road: Road) -> str:
    x, y = road.label or road.points[0]
    lines = "".join(
        f'<tspan x="{x}" y="{y + LINE * number}">{escape(line)}</tspan>'
        for number, line in enumerate(wrap(words, road.wrap))
    )
    kind = ' class="centred"' if road.centred else ""
    return f"<text{kind}>{lines}</text>"


def _state(state: State) -> str:
    box: Box = places.BOXES[state]
    kind = "open" if state in OPEN_STATES else "done"
    x, y = box.left + box.width // 2, box.top + box.height // 2 + 5
    return (
        f'<rect class="{kind}" x="{box.left}" y="{box.top}" width="{box.width}" height="{box.height}" rx="8"/>'
        f'<text class="state" x="{x}" y="{y}">{escape(state.label)}</text>'
    )
