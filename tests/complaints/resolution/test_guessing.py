import time
from statistics import median

import pytest
from django.test import Client

from complaints.resolution import guessing, links
from complaints.resolution.links import BadLink, Purpose
from complaints.resolution.reference import compose
from tests.factories import received

pytestmark = pytest.mark.django_db


def own_page() -> str:
    return links.path(Purpose.STATUS, links.token(Purpose.STATUS, received()))


def test_sec_30_ten_thousand_references_in_a_row_open_nothing() -> None:
    known = received()
    tried = [compose(2026, number) for number in range(1, 10_001)]
    assert known.reference in tried
    for purpose in Purpose:
        for text in [*tried[:: len(Purpose)], known.reference, known.reference.lower()]:
            with pytest.raises(BadLink):
                links.complaint_behind(purpose, text)


def test_sec_30_after_twenty_in_a_minute_an_address_is_slowed_down(client: Client) -> None:
    path = own_page()
    for number in range(guessing.MOST_A_MINUTE):
        assert client.get(f"/c/status/{compose(2026, number + 1)}/").status_code == 404
    slowed = client.get("/c/status/anything/")
    assert (slowed.status_code, slowed["Retry-After"]) == (429, "60")
    assert client.get(path).status_code == 429
    assert Client(REMOTE_ADDR="203.0.113.9").get(path).status_code == 200


def test_sec_30_what_is_there_and_what_is_not_look_alike_and_take_as_long(client: Client) -> None:
    there, nowhere = received().reference, compose(2026, 9_999)
    pages, took = {}, {}
    for text in (there, nowhere):
        spans = []
        for _ in range(9):
            began = time.perf_counter()
            pages[text] = client.get(f"/c/status/{text}/").content
            spans.append(time.perf_counter() - began)
        took[text] = median(spans)
    assert pages[there] == pages[nowhere]
    assert abs(took[there] - took[nowhere]) < 0.005


def test_customers_who_open_their_own_links_are_never_counted(client: Client) -> None:
    path = own_page()
    for _ in range(guessing.MOST_A_MINUTE + 5):
        assert client.get(path).status_code == 200
