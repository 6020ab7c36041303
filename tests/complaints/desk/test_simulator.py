import pytest
from django.contrib.auth.models import User
from django.test import Client

from complaints.policies import packs
from complaints.policies.facts import NOTHING_SPECIAL
from tests.dumps import whole_database
from tests.factories import UserFactory, handler_user

pytestmark = pytest.mark.django_db
DISP = "/desk/policies/uk_disp/1/simulator/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def client() -> Client:
    return signed_in(handler_user())


def shown(client: Client, url: str = DISP, **asked: str) -> str:
    answer = client.get(url, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_pack_can_be_tried_as_it_stands(client: Client) -> None:
    for versions in packs.shipped().values():
        for pack in versions:
            url = f"/desk/policies/{pack.code}/{pack.version}/simulator/"
            page = shown(client, url, received_at="2026-06-01T10:00")
            assert all(clock.label in page for clock in pack.clocks_for(NOTHING_SPECIAL))


def test_what_is_typed_is_meant_in_the_zone_of_the_pack(client: Client) -> None:
    page = shown(client, "/desk/policies/us_cfpb/1/simulator/", received_at="2026-06-01T10:00")
    assert "Received Monday 1 Jun 2026, 10:00" in page


def test_a_spell_of_waiting_moves_what_may_pause_and_not_the_law(client: Client) -> None:
    plain = shown(client, received_at="2026-06-01T10:00")
    waited = shown(client, received_at="2026-06-01T10:00", from_1="2026-06-02T10:00", to_1="2026-06-05T10:00")
    assert "Mon 29 Jun 2026, 17:00" in plain
    assert "Thu 2 Jul 2026, 17:00" in waited
    assert "we waited for the customer" in waited
    assert plain.count("Mon 27 Jul 2026") == waited.count("Mon 27 Jul 2026") > 0


def test_a_payment_has_other_clocks_and_a_notice_buys_time(client: Client) -> None:
    asked = {"received_at": "2026-06-01T10:00", "dispute": "payment"}
    assert "Mon 22 Jun 2026" in shown(client, **asked)
    told = shown(client, **asked, clock="payment_response", told_at="2026-06-20T10:00")
    assert "extended by the notice" in told
    assert "Mon 20 Jul 2026" in told


def test_a_graver_matter_bears_a_shorter_silence(client: Client) -> None:
    asked = {"received_at": "2026-06-01T10:00"}
    assert "Mon 8 Jun 2026, 17:00" in shown(client, **asked)
    serious = shown(client, **asked, priority="serious")
    assert "In a serious matter we are never silent for more than one business day" in serious
    assert "Mon 8 Jun 2026, 17:00" not in serious


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"received_at": "the other day"}, "Enter a valid date/time."),
        ({"received_at": "1066-10-14T09:00"}, "Calendars are kept"),
        ({"received_at": "2026-06-01T10:00", "from_1": "2026-06-02T10:00"}, "From when to when?"),
        (
            {"received_at": "2026-06-01T10:00", "from_1": "2026-06-02T10:00", "to_1": "2026-06-01T10:00"},
            "before the beginning",
        ),
        ({"received_at": "2026-06-01T10:00", "answered_at": "2026-05-01T10:00"}, "before the receipt"),
        ({"received_at": "2026-06-01T10:00", "clock": "payment_response"}, "When was the customer told?"),
        ({"received_at": "2026-06-01T10:00", "dispute": "poetry"}, "poetry is not one of"),
    ],
)
def test_what_does_not_fit_is_said_and_kept(client: Client, asked: dict[str, str], says: str) -> None:
    answer = client.get(DISP, asked)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert says in page
    assert all(value in page for value in asked.values())


def test_only_what_a_pack_tells_apart_is_asked(client: Client) -> None:
    asked = {"house": set(), "uk_disp": {"dispute"}, "us_billing": {"dispute", "statement_day"}}
    for pack, fields in asked.items():
        page = shown(client, f"/desk/policies/{pack}/1/simulator/")
        assert {name for name in ("dispute", "statement_day") if f'name="{name}"' in page} == fields
    assert "Superannuation" not in shown(client, DISP)
    assert client.get("/desk/policies/us_billing/1/simulator/?statement_day=32").status_code == 422


def test_it_writes_nothing_and_only_answers_staff(client: Client) -> None:
    before = whole_database()
    shown(client, received_at="2026-06-01T10:00", from_1="2026-06-02T10:00", to_1="2026-06-05T10:00")
    assert whole_database() == before
    assert client.post(DISP).status_code == 405
    assert client.get("/desk/policies/uk_disp/99/simulator/").status_code == 404
    assert client.get("/desk/policies/nowhere/1/simulator/").status_code == 404
    assert Client().get(DISP).status_code == 302
    assert signed_in(UserFactory(is_staff=True)).get(DISP).status_code == 403
