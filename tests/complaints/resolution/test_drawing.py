from pathlib import Path
from typing import Any
from xml.dom.minidom import Element, parseString

import pytest
from django.core.management import CommandError, call_command

from complaints.resolution.drawing import NotPlaced, arrows, picture, places, table, with_table
from complaints.resolution.drawing.graph import first_state
from complaints.resolution.models import OPEN_STATES, Move, State

ROOT = Path(__file__).resolve().parents[3]
PICTURE = ROOT / "docs" / "lifecycle.svg"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
AGAIN = "./run manage draw_lifecycle --out docs/lifecycle.svg --table-in docs/architecture.md"


def drawn() -> Element:
    root = parseString(picture()).documentElement  # noqa: S318  # our own words
    assert root is not None
    return root


def words_of(element: Any) -> str:
    pieces = (one.data if one.nodeType == one.TEXT_NODE else words_of(one) for one in element.childNodes)
    return " ".join(piece.strip() for piece in pieces)


def words_under(root: Element, name: str) -> set[str]:
    return {words_of(element) for element in root.getElementsByTagName(name)}


def test_the_readme_s_picture_is_drawn_from_the_code() -> None:
    assert PICTURE.read_text(encoding="utf-8") == picture(), f"the picture is old; draw it again: {AGAIN}"


def test_the_table_of_moves_in_the_documents_is_read_from_the_code() -> None:
    text = ARCHITECTURE.read_text(encoding="utf-8")
    assert text == with_table(text), f"the table is old; write it again: {AGAIN}"


def test_every_state_and_every_move_has_its_word_in_the_picture() -> None:
    words = words_under(drawn(), "text")
    assert {state.label for state in State} <= words
    assert {move.label for move in Move} <= words


def test_the_graph_is_read_whole() -> None:
    assert [arrow.move for arrow in arrows()] == list(Move)
    reopen = next(arrow for arrow in arrows() if arrow.move is Move.REOPEN)
    assert (reopen.sources, reopen.target) == ((State.ANSWERED, State.CLOSED), State.INVESTIGATING)


def test_the_picture_says_itself_in_words_for_those_who_cannot_see_it() -> None:
    root = drawn()
    (said,) = words_under(root, "desc")
    assert root.getAttribute("role") == "img"
    assert root.getAttribute("aria-labelledby") == "title desc"
    assert words_under(root, "title") == {"The life of a complaint"}
    assert all(f"{move.label}: from " in said for move in Move)


def test_the_picture_has_colours_for_light_and_for_dark_and_asks_nobody_for_anything() -> None:
    assert "prefers-color-scheme:dark" in picture()
    assert picture().count("http") == 1  # the name of the format


def test_a_state_without_a_place_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(places.BOXES, State.WAITING)
    with pytest.raises(NotPlaced, match="Waiting"):
        picture()


def test_a_move_without_a_road_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(places.ROADS, (Move.LAPSE, State.OFFERED))
    with pytest.raises(NotPlaced, match="Let the offer lapse from Offered"):
        picture()


def test_a_road_that_no_move_takes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    there = places.ROADS[Move.CLOSE, State.ANSWERED]
    monkeypatch.setitem(places.ROADS, (Move.CLOSE, State.RECEIVED), there)
    with pytest.raises(NotPlaced, match="Close from Received"):
        picture()


def test_a_move_that_leaves_every_open_state_needs_a_way_out_of_the_fence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(places.FROM_FENCE, Move.WITHDRAW)
    with pytest.raises(NotPlaced, match="Withdraw from any open state"):
        picture()


@pytest.mark.parametrize(("move", "source"), list(places.ROADS))
def test_each_road_leads_from_its_state_to_where_the_move_leads(move: Move, source: State) -> None:
    road = places.ROADS[move, source]
    target = next(arrow.target for arrow in arrows() if arrow.move is move)
    assert places.BOXES[source].touches(road.points[0])
    assert places.BOXES[target].touches(road.points[-1])


@pytest.mark.parametrize("move", list(places.FROM_FENCE))
def test_each_way_out_of_the_fence_leads_where_the_move_leads(move: Move) -> None:
    target = next(arrow.target for arrow in arrows() if arrow.move is move)
    assert places.BOXES[target].touches(places.FROM_FENCE[move].points[-1])


def test_the_beginning_leads_to_the_state_a_new_complaint_is_in() -> None:
    assert places.BOXES[first_state()].touches(places.BEGINNING[-1])


@pytest.mark.parametrize("state", list(State))
def test_the_fence_holds_the_open_states_and_no_other(state: State) -> None:
    box = places.BOXES[state]
    corners = [(x, y) for x in (box.left, box.right) for y in (box.top, box.bottom)]
    assert {within(places.FENCE, corner) for corner in corners} == {state in OPEN_STATES}


def within(fence: tuple[tuple[int, int], ...], point: tuple[int, int]) -> bool:
    """Cast a ray to the right and count what it crosses."""
    x, y = point
    sides = zip(fence, (*fence[1:], fence[0]), strict=True)
    upright = [(a, b) for a, b in sides if a[0] == b[0]]
    return sum(a[0] > x and min(a[1], b[1]) < y < max(a[1], b[1]) for a, b in upright) % 2 == 1


def test_no_two_states_stand_on_each_other() -> None:
    boxes = list(places.BOXES.values())
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            apart = one.right < other.left or other.right < one.left
            assert apart or one.bottom < other.top or other.bottom < one.top


def test_a_text_without_a_place_for_the_table_is_refused() -> None:
    with pytest.raises(NotPlaced, match="needs the lines"):
        with_table("# A text\n")


def test_the_command_writes_the_picture_and_the_table(tmp_path: Path) -> None:
    text = tmp_path / "text.md"
    text.write_text("before\n<!-- moves: begin -->\nold\n<!-- moves: end -->\nafter\n")
    call_command("draw_lifecycle", out=tmp_path / "life.svg", table_in=text)
    assert (tmp_path / "life.svg").read_text() == picture()
    assert text.read_text() == f"before\n<!-- moves: begin -->\n{table()}\n<!-- moves: end -->\nafter\n"


def test_the_command_fails_in_one_sentence_when_a_place_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(places.BOXES, State.MERGED)
    with pytest.raises(CommandError, match="Merged"):
        call_command("draw_lifecycle", out=tmp_path / "life.svg")
    assert not (tmp_path / "life.svg").exists()
