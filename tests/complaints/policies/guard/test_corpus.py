"""How well each family of rules tells fault from harmless use, with floors that only rise."""

import pytest

from complaints.policies.guard import Family
from tests.complaints.policies.guard.corpora import FAMILIES, judged, sentences

ENOUGH = 300
PRECISION, RECALL = 0.98, 0.97


@pytest.mark.parametrize("family", FAMILIES)
def test_each_family_has_sentences_enough_half_of_them_harmless(family: Family) -> None:
    guilty, innocent = sentences(family, "guilty"), sentences(family, "innocent")
    assert len(set(guilty)) + len(set(innocent)) >= ENOUGH
    assert min(len(set(guilty)), len(set(innocent))) >= ENOUGH / 2
    assert not set(guilty) & set(innocent)


@pytest.mark.parametrize("family", FAMILIES)
def test_fault_is_found_and_harmless_use_is_left_alone(
    family: Family, capsys: pytest.CaptureFixture[str]
) -> None:
    result = judged(family)
    with capsys.disabled():
        print(f"\n{result.line()}", end="")  # noqa: T201 - the figures are wanted, kept or not
    assert result.precision >= PRECISION, result.mistaken
    assert result.recall >= RECALL, result.missed


#: The second language is tried on fewer sentences, in the families that have words of their own.
GERMAN = (
    Family.BLAME,
    Family.DEFENSIVE,
    Family.SARCASM,
    Family.GUARANTEE,
    Family.PROMISE,
    Family.AMOUNT,
    Family.JARGON,
)


@pytest.mark.parametrize("family", GERMAN)
def test_german_is_told_apart_as_well(family: Family) -> None:
    result = judged(family, "de")
    assert min(len(result.guilty), len(result.innocent)) >= 20
    assert result.precision >= 0.95, result.mistaken
    assert result.recall >= 0.9, result.missed
