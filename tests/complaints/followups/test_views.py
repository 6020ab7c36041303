"""The two pages behind signed links. Looking changes nothing; an answer is given once, on purpose, and never lost."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html.parser import HTMLParser
from threading import Barrier
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core import signing
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone

from complaints.followups.models import FollowUpAnswer, SurveyAnswer
from complaints.resolution import links
from complaints.resolution.links import Purpose
from complaints.resolution.models import Complaint, Entry, State
from tests import factories

pytestmark = pytest.mark.django_db
PURPOSES = (Purpose.FOLLOW_UP, Purpose.SURVEY)
GOOD: dict[Purpose, dict[str, str]] = {
    Purpose.FOLLOW_UP: {"satisfied": "yes", "text": "Thank you."},
    Purpose.SURVEY: {"score": "4", "still_open": "no", "text": "Thank you."},
}
BAD: dict[Purpose, dict[str, str]] = {
    Purpose.FOLLOW_UP: {"satisfied": "no", "text": "No money yet."},
    Purpose.SURVEY: {"score": "1", "still_open": "yes", "text": "No money yet."},
}
both_pages = pytest.mark.parametrize("purpose", PURPOSES)


def asked(purpose: Purpose) -> Complaint:
    """A complaint whose customer may answer now: these pages live in the present."""
    make = factories.answered if purpose == Purpose.FOLLOW_UP else factories.closed
    return make(now=timezone.now() - timedelta(days=40))


def path(purpose: Purpose, complaint: Complaint) -> str:
    return links.path(purpose, links.token(purpose, complaint))


def answers() -> int:
    return FollowUpAnswer.objects.count() + SurveyAnswer.objects.count()


def dump() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    models = apps.get_models(include_auto_created=True)
    return {model._meta.label: sorted(model._default_manager.values_list(), key=str) for model in models}


class Page(HTMLParser):
    """What a screen reader would find."""

    def __init__(self, response: HttpResponseBase) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        assert isinstance(response, HttpResponse)
        self.feed(response.content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        return [
            found
            for name, found in self.tags
            if name == tag and all(found.get(k) == v for k, v in wanted.items())
        ]

    def ids(self) -> Iterator[str]:
        return (str(found["id"]) for _, found in self.tags if "id" in found)


@both_pages
def test_sec_41_looking_fifty_times_leaves_the_database_identical(client: Client, purpose: Purpose) -> None:
    address = path(purpose, asked(purpose))
    before = dump()
    for number in range(50):
        method = (client.get, client.head, client.options)[number % 3]
        response = method(address, headers={"Purpose": "prefetch", "Sec-Purpose": "prefetch;prerender"})
        assert response.status_code == 200
    assert dump() == before


@both_pages
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_sec_41_other_methods_are_refused(client: Client, purpose: Purpose, method: str) -> None:
    address = path(purpose, asked(purpose))
    assert getattr(client, method)(address).status_code == 405


@both_pages
def test_sec_43_no_flipped_bit_opens_the_page(client: Client, purpose: Purpose) -> None:
    complaint = asked(purpose)
    token = links.token(purpose, complaint)
    statuses = set()
    for place in range(0, len(token), 3):
        flipped = chr(ord(token[place]) ^ 1)
        if flipped in "/?#%":
            continue
        address = links.path(purpose, token[:place] + flipped + token[place + 1 :])
        cache.clear()  # as from another address each: nobody is slowed down
        statuses.add((client.get(address).status_code, client.post(address, GOOD[purpose]).status_code))
    assert statuses == {(404, 404)}
    assert answers() == 0


@both_pages
def test_sec_43_every_bad_link_shows_the_same_page(
    client: Client, purpose: Purpose, monkeypatch: pytest.MonkeyPatch
) -> None:
    complaint, early = asked(purpose), factories.received()
    other = Purpose.SURVEY if purpose == Purpose.FOLLOW_UP else Purpose.FOLLOW_UP
    strange = signing.dumps(["x", {"y": 1}], salt=f"redress.{purpose}")
    bad = {
        "garbage": links.path(purpose, "garbage"),
        "another purpose": links.path(purpose, links.token(other, complaint)),
        "strange content": links.path(purpose, strange),
        "not asked yet": path(purpose, early),
    }
    revoked = path(purpose, complaint)
    Complaint.objects.filter(pk=complaint.pk).update(link_key="another")
    bad["revoked"] = revoked
    complaint.refresh_from_db()
    expired = path(purpose, complaint)

    pages = {name: client.get(address) for name, address in bad.items()}
    assert client.get(expired).status_code == 200
    monkeypatch.setattr(links, "LIFETIME", timedelta(seconds=-1))
    pages["expired"] = client.get(expired)
    assert {name: page.status_code for name, page in pages.items()} == dict.fromkeys(pages, 404)
    assert len({page.content for page in pages.values()}) == 1


@both_pages
def test_sec_43_links_survive_a_change_of_the_secret_while_the_old_one_is_kept(
    client: Client, purpose: Purpose, settings: LazySettings
) -> None:
    address = path(purpose, asked(purpose))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, [settings.SECRET_KEY]
    assert client.get(address).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get(address).status_code == 404


@both_pages
def test_sec_44_a_link_used_twice_shows_that_it_was_answered(client: Client, purpose: Purpose) -> None:
    address = path(purpose, asked(purpose))
    first = client.post(address, GOOD[purpose])
    assert (first.status_code, first["Location"]) == (303, f"{address}?thanks")
    assert "<h1>Thank you</h1>" in client.get(first["Location"]).content.decode()

    before = dump()
    for response in (client.get(address), client.post(address, BAD[purpose])):
        assert response.status_code == 200
        assert "<h1>You have already answered</h1>" in response.content.decode()
        assert "<form" not in response.content.decode()
    assert dump() == before


@pytest.mark.django_db(transaction=True)
@both_pages
def test_sec_44_of_two_browsers_at_once_one_answers(purpose: Purpose) -> None:
    address = path(purpose, asked(purpose))
    start = Barrier(4)

    def answer(_: int) -> int:
        try:
            start.wait(timeout=30)
            return Client().post(address, BAD[purpose]).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as browsers:
        statuses = sorted(browsers.map(answer, range(4)))
    assert statuses == [200, 200, 200, 303]
    assert answers() == 1
    assert Entry.objects.filter(concern="unhappy").count() == 1


@both_pages
def test_sec_46_the_page_does_not_believe_what_host_it_is_asked_for(purpose: Purpose) -> None:
    address = path(purpose, asked(purpose))
    assert Client().get(address, headers={"Host": "evil.example"}).status_code == 400
    answered = Client().post(address, GOOD[purpose], headers={"X-Forwarded-Host": "evil.example"})
    assert answered["Location"].startswith("/c/")


@both_pages
def test_sec_52_an_answer_needs_the_token_of_the_form(purpose: Purpose) -> None:
    strict = Client(enforce_csrf_checks=True)
    address = path(purpose, asked(purpose))
    assert strict.post(address, GOOD[purpose]).status_code == 403
    page = Page(strict.get(address))
    [token] = page.all("input", name="csrfmiddlewaretoken")
    given = GOOD[purpose] | {"csrfmiddlewaretoken": str(token["value"])}
    assert strict.post(address, given).status_code == 303


@both_pages
def test_nothing_is_chosen_beforehand(client: Client, purpose: Purpose) -> None:
    address = path(purpose, asked(purpose))
    # Not by a scanner's guess either: what stands in the address is not an answer.
    for found in (Page(client.get(address)), Page(client.get(address, BAD[purpose]))):
        radios = found.all("input", type="radio")
        assert len(radios) == (2 if purpose == Purpose.FOLLOW_UP else 7)
        assert not [radio for radio in radios if "checked" in radio]


def test_every_score_has_its_word(client: Client) -> None:
    text = client.get(path(Purpose.SURVEY, asked(Purpose.SURVEY))).content.decode()
    for word in ("1 Very dissatisfied", "2 Dissatisfied", "3 Neither", "4 Satisfied", "5 Very satisfied"):
        assert word in text


@both_pages
def test_what_was_typed_survives_an_error(client: Client, purpose: Purpose) -> None:
    address = path(purpose, asked(purpose))
    response = client.post(address, {"text": "A long story <b>& more", "still_open": "yes"})
    text = response.content.decode()
    assert response.status_code == 200
    assert "A long story &lt;b&gt;&amp; more</textarea>" in text
    if purpose == Purpose.SURVEY:
        assert [
            radio["value"] for radio in Page(response).all("input", type="radio") if "checked" in radio
        ] == ["yes"]
    assert answers() == 0


@both_pages
@pytest.mark.parametrize(
    "given",
    [
        {},
        {"satisfied": "maybe", "score": "6", "still_open": "perhaps"},
        {"satisfied": "", "score": "4.5", "still_open": ""},
        {"satisfied": "yes", "score": "4", "still_open": "no", "text": "x" * 5001},
    ],
    ids=["nothing", "other choices", "fractions", "too long"],
)
def test_errors_are_said_and_lead_to_their_fields(
    client: Client, purpose: Purpose, given: dict[str, str]
) -> None:
    response = client.post(path(purpose, asked(purpose)), given)
    page = Page(response)
    assert response.status_code == 200
    assert answers() == 0
    assert response.content.decode().split("<title>")[1].startswith("Error: ")
    ids = list(page.ids())
    assert len(ids) == len(set(ids))
    assert page.all("div", role="alert")
    targets = [str(link["href"])[1:] for link in page.all("a") if str(link["href"]).startswith("#id_")]
    assert targets
    assert set(targets) <= set(ids)
    described = [str(found["aria-describedby"]) for _, found in page.tags if found.get("aria-describedby")]
    assert described
    assert set(" ".join(described).split()) <= set(ids)


@both_pages
def test_every_choice_and_field_has_its_label(client: Client, purpose: Purpose) -> None:
    page = Page(client.get(path(purpose, asked(purpose))))
    labelled = {label["for"] for label in page.all("label")}
    fields = [
        found for tag in ("input", "textarea") for found in page.all(tag) if found.get("type") != "hidden"
    ]
    assert {str(found["id"]) for found in fields} <= labelled
    assert len(page.all("fieldset")) == len(page.all("legend")) == (1 if purpose == Purpose.FOLLOW_UP else 2)


@both_pages
def test_the_page_runs_nothing_and_asks_nobody_else(client: Client, purpose: Purpose) -> None:
    page = Page(client.get(path(purpose, asked(purpose))))
    assert not page.all("script")
    assert not page.all("style")
    assert not [found for _, found in page.tags if "style" in found or "onclick" in found]
    for _, found in page.tags:
        assert not str(found.get("src") or found.get("href") or "").startswith(("http", "//"))


@both_pages
def test_an_unhappy_answer_is_told_what_happens_now(client: Client, purpose: Purpose) -> None:
    complaint = asked(purpose)
    response = client.post(path(purpose, complaint), BAD[purpose], follow=True)
    assert "up again" in response.content.decode()
    assert Complaint.objects.get(pk=complaint.pk).state == State.INVESTIGATING


@both_pages
def test_an_unhappy_answer_too_late_to_reopen_is_passed_to_a_manager(
    client: Client, purpose: Purpose
) -> None:
    complaint = factories.closed(now=timezone.now() - timedelta(days=400))
    response = client.post(path(purpose, complaint), BAD[purpose], follow=True)
    assert "passed your answer to a manager" in response.content.decode()


@both_pages
def test_nothing_of_the_file_is_shown_but_its_reference(client: Client, purpose: Purpose) -> None:
    complaint = asked(purpose)
    text = client.get(path(purpose, complaint)).content.decode()
    assert complaint.reference in text
    for secret in (complaint.title, complaint.problem or "-no-", "gateway", str(complaint.customer)):
        assert secret not in text
