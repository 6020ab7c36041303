import pytest

from escalations.mood import heat_in


@pytest.mark.parametrize(
    ("text", "heat"),
    [
        ("You charged me twice. Please put it right.", ()),
        ("I am not angry, only tired.", ()),
        ("This is DISGRACEFUL and I am fed up.", ("disgraceful", "fed up")),
        ("I can’t sleep. Nobody called back.", ("can't sleep", "nobody called back")),
        ("ANSWER ME! WHAT HAPPENED HERE, this is a joke", ("joke", "shouting")),
        ("Unacceptable!!!", ("unacceptable", "shouting")),
        ("HELLO!!!", ()),
        ("Das ist eine Frechheit, ich habe die Nase voll.", ("frechheit", "die nase voll")),
        ("Wir waren entsetzt und fühlen uns betrogen.", ("entsetzt", "betrogen")),
        ("Angry, angry, ANGRY.", ()),
        ("", ()),
    ],
)
def test_two_different_words_or_one_and_shouting_are_heated(text: str, heat: tuple[str, ...]) -> None:
    assert heat_in(text) == heat
