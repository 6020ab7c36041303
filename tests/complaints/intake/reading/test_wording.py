import pytest

from complaints.intake.reading.records import Channel, Standing
from complaints.intake.reading.wording import channel_of, number_of, standing_of, value_of, words_of


@pytest.mark.parametrize(
    "raw", ["", "  ", "N/A", "n/a", "None", "null", "NULL", "-", "--", "NaN", "#N/A", "\\N", "k. A."]
)
def test_no_value_is_empty_however_it_is_spelled(raw: str) -> None:
    assert value_of(raw) == ""


@pytest.mark.parametrize("raw", ["0", "No", "00501", "335XX", "Nonesuch Ltd", "N/A Systems", "unknown"])
def test_what_only_looks_like_nothing_is_kept(raw: str) -> None:
    assert value_of(raw) == raw


def test_a_narrative_that_mentions_n_a_is_kept_to_the_last_blank() -> None:
    words = "  They wrote N/A on my form.\r\nNone of it is true. "
    assert words_of(words) == words
    assert words_of("N/A") == ""


def test_numbers_that_passed_through_a_spreadsheet_are_themselves_again() -> None:
    assert number_of("3571115.0") == "3571115"
    assert number_of('="02134"') == "02134"
    assert number_of("00501") == "00501"
    assert number_of("v1.0") == "v1.0"


@pytest.mark.parametrize(
    ("wording", "channel"),
    [
        ("Web", Channel.WEB),
        ("Internet", Channel.WEB),
        ("Phone", Channel.PHONE),
        ("Customer Care Call", Channel.PHONE),
        ("Téléphone", Channel.PHONE),
        ("Email", Channel.EMAIL),
        ("E-Mail", Channel.EMAIL),
        ("Postal mail", Channel.LETTER),
        ("Brief", Channel.LETTER),
        ("Referral", Channel.REFERRAL),
        ("Fax", Channel.OTHER),
        ("", Channel.OTHER),
    ],
)
def test_channels_are_translated_into_ours(wording: str, channel: Channel) -> None:
    assert channel_of(wording) is channel


@pytest.mark.parametrize(
    "wording", ["Closed", "Closed with explanation", "Solved", "resolved.", "Erledigt", "Clôturé"]
)
def test_what_says_it_is_over_is_closed(wording: str) -> None:
    assert standing_of(wording) is Standing.CLOSED


@pytest.mark.parametrize(
    "wording", ["In progress", "Open", "Pending", "Untimely response", "Not resolved", "Unsolved", ""]
)
def test_what_does_not_say_so_is_open(wording: str) -> None:
    assert standing_of(wording) is Standing.OPEN
