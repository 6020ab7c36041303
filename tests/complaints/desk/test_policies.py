from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client

from complaints.policies import library, packs
from complaints.policies.models import PackVersion
from tests.complaints.desk.staff import member_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
COPY = "/desk/policies/house/1/copy/"


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    yield
    library._own.cache_clear()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def client() -> Client:
    return signed_in(member_of("Manager"))


def beginning(client: Client) -> str:
    return str(client.get(COPY).context["form"]["text"].value())


def test_every_version_can_be_read(client: Client) -> None:
    page = client.get("/desk/policies/").content.decode()
    for versions in packs.shipped().values():
        for pack in versions:
            assert f"/desk/policies/{pack.code}/{pack.version}/" in page
            shown = client.get(f"/desk/policies/{pack.code}/{pack.version}/")
            assert shown.status_code == 200
            assert all(clock.label in shown.content.decode() for clock in pack.clocks)
    assert "What it changed" in client.get("/desk/policies/uk_telecom/2/").content.decode()


def test_a_copy_begins_as_the_next_version_and_is_shown_before_it_is_kept(client: Client) -> None:
    text = beginning(client)
    assert "version = 2\n" in text
    changed = text.replace('"1 business day"', '"2 business days"')
    checked = client.post(COPY, {"text": changed, "reason": "The board decided."})
    assert checked.status_code == 200
    assert "It can be read" in checked.content.decode()
    assert not PackVersion.objects.exists()
    kept = client.post(COPY, {"text": changed, "reason": "The board decided.", "keep": "1"})
    assert (kept.status_code, kept["Location"]) == (303, "/desk/policies/house/2/")
    page = client.get("/desk/policies/house/2/").content.decode()
    assert "The board decided." in page
    assert "r-diff__line--new" in page
    gone = client.post("/desk/policies/house/2/withdraw/")
    assert gone.status_code == 303
    assert "Withdrawn" in client.get("/desk/policies/house/2/").content.decode()


def test_a_mistake_is_named_by_its_key_and_what_was_typed_stays(client: Client) -> None:
    wrong = beginning(client).replace('limit = "1 business day"', 'limit = "1 buziness day"', 1)
    answer = client.post(COPY, {"text": wrong, "reason": "A slip.", "keep": "1"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "clocks[0].limit" in page
    assert "1 buziness day" in page
    assert "A slip." in page
    checked = client.post(COPY, {"text": wrong, "reason": ""})
    assert "clocks[0].limit" in checked.content.decode()


def test_why_the_rules_change_must_be_said_to_keep_them_and_not_to_check_them(client: Client) -> None:
    changed = beginning(client).replace('limit = "1 business day"', 'limit = "2 business days"', 1)
    assert "It can be read" in client.post(COPY, {"text": changed, "reason": ""}).content.decode()
    kept = client.post(COPY, {"text": changed, "reason": "", "keep": "1"})
    assert kept.status_code == 422
    assert "Write down why the rules change." in kept.content.decode()


def test_who_may_not_write_rules_reads_them(client: Client) -> None:
    handler = signed_in(member_of("Handler"))
    assert handler.get("/desk/policies/").status_code == 200
    assert COPY not in handler.get("/desk/policies/house/1/").content.decode()
    assert handler.get(COPY).status_code == 403
    assert handler.post(COPY, {"text": "x", "reason": "y", "keep": "1"}).status_code == 403
    assert handler.post("/desk/policies/house/1/withdraw/").status_code == 403
    assert Client().get("/desk/policies/").status_code == 302
    assert signed_in(UserFactory(is_staff=True)).get("/desk/policies/").status_code == 403


def test_what_is_not_there_is_not_found_and_looking_changes_nothing(client: Client) -> None:
    assert client.get("/desk/policies/house/9/").status_code == 404
    assert client.get("/desk/policies/nowhere/1/copy/").status_code == 404
    assert client.get("/desk/policies/house/1/withdraw/").status_code == 405
    assert client.post("/desk/policies/house/1/withdraw/").status_code == 404
    assert client.post("/desk/policies/").status_code == 405
