import pytest

from complaints.intake.reading.exceptions import UnknownProfile
from complaints.intake.reading.profiles import CFPB, FCC, Profile, profile_named, suggestions_for


def test_column_names_match_whatever_their_case_blanks_and_underscores() -> None:
    assert CFPB.match(["COMPLAINT_ID", "date_received", "Sub product", "zipCode"]) == {
        "external_id": 0,
        "received": 1,
        "sub_product": 2,
        "postcode": 3,
    }


def test_the_older_layout_of_the_bureau_is_the_same_profile() -> None:
    found = CFPB.match(["Complaint ID", "Product", "Date received", "Company response"])
    assert found["status"] == found["outcome"] == 3
    assert CFPB.fits(found)


def test_the_likelier_name_wins_and_the_first_of_two_equal_columns() -> None:
    assert FCC.match(["Issue", "Customer Complaint", "Ticket #", "Date", "Date"])["title"] == 1
    assert FCC.match(["Ticket", "Date", "Date"])["received"] == 1


def test_a_saved_mapping_needs_its_date_and_its_number() -> None:
    profile = Profile.from_mapping("ours", {"received": "Eingang", "external_id": "Nr.", "title": ""})
    assert profile.fits(profile.match(["nr", "EINGANG"]))
    assert not profile.fits(profile.match(["Eingang", "Betreff"]))


def test_a_mapping_of_fields_we_do_not_have_is_refused_by_name() -> None:
    with pytest.raises(UnknownProfile, match="colour"):
        Profile.from_mapping("odd", {"received": "Date", "colour": "Blue"})
    with pytest.raises(UnknownProfile, match="date of receipt"):
        Profile.from_mapping("odd", {"title": "Subject"})


def test_profiles_are_found_by_name_and_an_unknown_name_lists_those_we_have() -> None:
    assert profile_named("CFPB") is CFPB
    with pytest.raises(UnknownProfile, match="cfpb, fcc"):
        profile_named("ombudsman")


def test_a_foreign_header_gets_suggestions() -> None:
    suggested = suggestions_for(
        ["Aktenzeichen", "Eingangsdatum", "Betreff", "Beschreibung", "PLZ", "Schuhgröße"]
    )
    assert suggested["external_id"][0] == "Aktenzeichen"
    assert suggested["received"][0] == "Eingangsdatum"
    assert suggested["title"][0] == "Betreff"
    assert suggested["words"][0] == "Beschreibung"
    assert suggested["postcode"][0] == "PLZ"
    assert all("Schuhgröße" not in columns for columns in suggested.values())


def test_a_column_is_suggested_only_for_what_it_is_most_like() -> None:
    suggested = suggestions_for(["Case No", "Customer", "E-mail", "What happened"])
    assert suggested["customer_name"] == ("Customer",)
    assert "customer_phone" not in suggested
    assert suggested["words"] == ("What happened",)
