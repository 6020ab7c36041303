"""The small language of letters: only listed names resolve, and a value is never read (SEC-09)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.policies import letter_text, shipped_letters
from complaints.policies.exceptions import BadLetterText
from complaints.policies.letter_names import BY_WORDING, FINISHED_BY_STAFF, Name, Wording, names_of
from complaints.policies.letter_text import LetterText

NAMES = {
    "reference": Name("reference", "the reference"),
    "customer_name": Name("customer_name", "the name"),
    "by_email": Name("by_email", "by e-mail", only_asked=True),
}
VALUES = {"reference": "C26-000001-A", "customer_name": "Ann Lee", "by_email": "yes"}
HOSTILE = [
    "{{ settings.SECRET_KEY }}",
    "{% load static %}",
    "{0.__class__}",
    "{customer_name.__class__}",
    "{customer_name!r}",
    "{customer_name:>9999999}",
    "{customer_name",
    "customer_name}",
    "{}",
    "{ customer_name }",
    "{Customer_Name}",
    "{firm_phone}",
    "{{customer_name}}",
]


def problems(subject: str, body: str) -> tuple[str, ...]:
    with pytest.raises(BadLetterText) as caught:
        letter_text.check(LetterText(subject, body), NAMES)
    return caught.value.problems


def filled(body: str, **values: str) -> str:
    return letter_text.fill(LetterText("Subject", body), {**VALUES, **values}).body


@pytest.mark.parametrize("written", HOSTILE)
def test_sec_09_what_is_not_on_the_list_is_refused_by_name_in_subject_and_body(written: str) -> None:
    found = problems("Fine", f"Dear all,\n{written}")
    assert all(one.startswith("Line 2: ") for one in found)
    assert written in "".join(found) or written == "customer_name}"
    assert any(one.startswith("Subject: ") for one in problems(written, "Fine"))


@pytest.mark.parametrize("written", [*HOSTILE, "[if by_email]", "[end]", "\\1 \\g<0>"])
def test_sec_09_what_a_customer_is_called_comes_out_as_it_was_typed(written: str) -> None:
    letter = letter_text.fill(
        LetterText("To {customer_name}", "Dear {customer_name},\n\n{reference}"),
        {**VALUES, "customer_name": written},
    )
    assert letter.body == f"Dear {written},\n\nC26-000001-A\n"
    assert letter.subject == f"To {written}"


@given(st.text(max_size=200), st.text(max_size=60))
def test_sec_09_any_text_is_refused_or_comes_out_with_listed_names_alone(body: str, value: str) -> None:
    text = LetterText("Subject", body)
    try:
        letter_text.check(text, NAMES)
    except BadLetterText:
        return
    letter = letter_text.fill(text, dict.fromkeys(NAMES, value)).body
    assert "{" not in letter.replace(value, "")


def test_a_name_that_has_no_value_is_an_error_and_never_a_gap() -> None:
    with pytest.raises(BadLetterText, match="customer_name"):
        letter_text.fill(LetterText("S", "{customer_name}"), {})


def test_lines_depend_on_a_name() -> None:
    body = "Hello\n\n[if by_email]\nOn this page.\n[else]\nBy telephone.\n[end]\n\nGoodbye"
    assert filled(body) == "Hello\n\nOn this page.\n\nGoodbye\n"
    assert filled(body, by_email="") == "Hello\n\nBy telephone.\n\nGoodbye\n"


def test_what_is_left_out_leaves_no_gap_but_a_gap_that_was_meant_stays() -> None:
    body = "One\n\n[if by_email]\nTwo\n[end]\n\n{customer_name}\n\nThree\n\n\n\nFour"
    assert filled(body, by_email="", customer_name="") == "One\n\nThree\n\n\n\nFour\n"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("[if reference]\nx", "Line 1: this [if …] has no [end]."),
        ("x\n[end]", "Line 2: there is no [if …] before it."),
        ("[else]", "Line 1: there is no [if …] before it."),
        ("[if reference]\n[else]\n[else]\n[end]", "Line 3: there already is an [else]."),
        ("[if reference]\n[if reference]\n[end]", "Line 2: one [if …] cannot stand inside another."),
        ("[if colour]\n[end]", "Line 1: “colour” stands for nothing in this letter."),
        ("[If reference]\n", "Line 1: “[If reference]” is not understood."),
        (" [if reference] Hello\n[end]", "Line 1: “[if reference] Hello” is not understood."),
        ("{by_email}", "Line 1: “{by_email}” is only for asking: [if by_email]."),
        ("", "The letter is empty."),
        ("x" * 20_001, "The letter is longer than 20000 characters."),
    ],
)
def test_every_slip_is_told_with_its_line(body: str, problem: str) -> None:
    assert any(one.startswith(problem) for one in problems("Fine", body)), problems("Fine", body)


def test_a_subject_is_one_line_and_there() -> None:
    assert "The letter needs a subject." in problems(" ", "Fine")
    assert "The subject is one line." in problems("One\nTwo", "Fine")


@pytest.mark.parametrize("language", shipped_letters.languages())
@pytest.mark.parametrize("wording", Wording)
def test_every_shipped_letter_keeps_the_rules_we_set_for_others(wording: Wording, language: str) -> None:
    text = shipped_letters.in_language(language).get(wording)
    if text is None:
        assert language != shipped_letters.FIRST
        assert wording in FINISHED_BY_STAFF
        return
    letter_text.check(text, names_of(wording))
    assert "{reference}" in text.subject


def test_sec_33_the_acknowledgement_knows_no_name_of_what_a_stranger_typed() -> None:
    codes = {name.code for name in BY_WORDING[Wording.ACKNOWLEDGEMENT]}
    assert not codes & {"customer_name", "title", "words", "desired_outcome"}


@pytest.mark.parametrize(
    ("wanted", "house", "available", "language"),
    [
        ("de", "en-GB", ["de", "en-GB"], "de"),
        ("de-AT", "en-GB", ["de", "en-GB"], "de"),
        ("de_AT", "en-GB", ["de-AT", "de", "en-GB"], "de-AT"),
        ("fr", "de", ["de", "en-GB"], "de"),
        ("fr", "de-CH", ["de", "en-GB"], "de"),
        ("en", "en-AU", ["de", "en-AU", "en-GB"], "en-AU"),
        ("en", "en-AU", ["de", "en-GB"], "en-GB"),
        ("", "", ["de", "en-GB"], "en-GB"),
        ("fr", "it", ["de", "en-GB"], "en-GB"),
    ],
)
def test_a_letter_is_in_the_customers_language_else_in_the_policys(
    wanted: str, house: str, available: list[str], language: str
) -> None:
    assert shipped_letters.best(wanted, house, available) == language
