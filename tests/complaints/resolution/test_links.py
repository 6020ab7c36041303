"""SEC-43: a link opens one page of one complaint, until it expires or is revoked."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core import signing

from complaints.resolution import links
from complaints.resolution.links import BadLink, Purpose
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_link_opens_its_complaint() -> None:
    complaint = factories.received()
    assert links.complaint_behind(Purpose.OFFER, links.token(Purpose.OFFER, complaint)) == complaint


def test_sec_43_no_flipped_character_opens_anything() -> None:
    token = links.token(Purpose.OFFER, factories.received())
    for place, character in enumerate(token):
        with pytest.raises(BadLink):
            links.complaint_behind(
                Purpose.OFFER, f"{token[:place]}{chr(ord(character) ^ 1)}{token[place + 1 :]}"
            )


@pytest.mark.parametrize("other", [purpose for purpose in Purpose if purpose is not Purpose.OFFER])
def test_sec_43_a_link_for_one_page_opens_no_other(other: Purpose) -> None:
    with pytest.raises(BadLink):
        links.complaint_behind(other, links.token(Purpose.OFFER, factories.received()))


def test_sec_43_a_new_key_revokes_every_link() -> None:
    complaint = factories.received()
    token = links.token(Purpose.STATUS, complaint)
    complaint.link_key = "another"
    complaint.save()
    with pytest.raises(BadLink):
        links.complaint_behind(Purpose.STATUS, token)


def test_sec_43_a_link_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    token = links.token(Purpose.STATUS, factories.received())
    monkeypatch.setattr(links, "LIFETIME", timedelta(seconds=-1))
    with pytest.raises(BadLink):
        links.complaint_behind(Purpose.STATUS, token)


def test_sec_43_links_live_through_a_change_of_key_and_die_with_the_old_one(settings: LazySettings) -> None:
    complaint = factories.received()
    token = links.token(Purpose.STATUS, complaint)

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the next key, long enough to be one"
    assert links.complaint_behind(Purpose.STATUS, token) == complaint

    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(BadLink):
        links.complaint_behind(Purpose.STATUS, token)


@pytest.mark.parametrize("payload", [None, [], [1], "text", {"pk": 1}, [1, None], ["x", "y"], [1, 2, 3]])
def test_sec_43_a_well_signed_nonsense_opens_nothing(payload: object) -> None:
    with pytest.raises(BadLink):
        links.complaint_behind(Purpose.STATUS, signing.dumps(payload, salt="redress.status"))


def test_staff_read_a_letter_without_the_key_to_the_customers_page() -> None:
    complaint = factories.received()
    for purpose in Purpose:
        address = links.url(purpose, complaint)
        shown = links.without_keys(f"Answer here:\n{address}\nKind regards")
        assert links.token(purpose, complaint)[:12] not in shown
        assert shown.startswith("Answer here:\nhttp")
        assert shown.endswith("…\nKind regards")
