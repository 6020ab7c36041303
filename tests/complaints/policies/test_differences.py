from complaints.policies.differences import Line, differences


def test_only_what_changed_is_shown_with_its_neighbours() -> None:
    before = "\n".join(f"line {number}" for number in range(1, 21))
    after = before.replace("line 3\n", "line three\n").replace("line 19", "line 19\nand one more")
    assert differences(before, after) == (
        Line("", "line 1"),
        Line("", "line 2"),
        Line("-", "line 3"),
        Line("+", "line three"),
        Line("", "line 4"),
        Line("", "line 5"),
        Line("…"),
        Line("", "line 18"),
        Line("", "line 19"),
        Line("+", "and one more"),
        Line("", "line 20"),
    )


def test_two_equal_texts_differ_in_nothing() -> None:
    assert differences("a\nb\n", "a\nb") == ()
