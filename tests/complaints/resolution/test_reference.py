from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.resolution.reference import check_letter, compose, understand

YEARS = st.integers(2000, 2099)
NUMBERS = st.integers(1, 999_999)


def test_a_reference_is_year_number_and_check_letter() -> None:
    assert compose(2026, 4217) == f"C26-004217-{check_letter('26004217')}"


@pytest.mark.parametrize(
    "spoken", ["C26-004217-{}", "c26 4217 {}", "26/4217", "C26004217{}", " c26-4217-{} "]
)
def test_what_people_type_or_hear_is_understood(spoken: str) -> None:
    reference = compose(2026, 4217)
    assert understand(spoken.format(reference[-1].lower())) == reference


@pytest.mark.parametrize("noise", ["", "C", "hello", "C26-", "C26-4217-4217", "4217"])
def test_what_is_no_reference_is_not_taken_for_one(noise: str) -> None:
    assert understand(noise) is None


@given(YEARS, NUMBERS, st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_always_changes_the_letter(year: int, number: int, place: int, by: int) -> None:
    digits = f"{year % 100:02}{number:06}"
    wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    assert check_letter(wrong) != check_letter(digits)


@given(YEARS, NUMBERS)
def test_two_digits_exchanged_always_change_the_letter(year: int, number: int) -> None:
    digits = f"{year % 100:02}{number:06}"
    for a, b in combinations(range(8), 2):
        if digits[a] != digits[b]:
            swapped = list(digits)
            swapped[a], swapped[b] = swapped[b], swapped[a]
            assert check_letter("".join(swapped)) != check_letter(digits)
