from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from complaints.policies import library, packs
from complaints.policies.actions import draft, make_version, next_version, withdraw_version
from complaints.policies.exceptions import (
    BegunAlready,
    KeptAsWritten,
    MayNotRule,
    NoSuchPack,
    NothingNew,
    PackInvalid,
    VersionMovedOn,
    WhyNeeded,
)
from complaints.policies.models import PackVersion
from complaints.resolution.actions import reopen
from complaints.resolution.timing import pack_of
from tests.complaints.desk.staff import member_of
from tests.factories import NOW, answered, received

pytestmark = pytest.mark.django_db
TOMORROW = NOW.date() + timedelta(days=1)


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """Versions are kept for good once read; here the database forgets them."""
    yield
    library._own.cache_clear()


@pytest.fixture
def manager() -> User:
    return member_of("Manager")


def words(version: int = 2, day: date = TOMORROW, limit: str = "2 business days") -> str:
    text = packs.text_of("house", 1)
    text = text.replace("version = 1\n", f"version = {version}\n", 1)
    first_day = packs.pack("house", 1).effective_from
    text = text.replace(f"effective_from = {first_day}\n", f"effective_from = {day}\n", 1)
    return text.replace("1 business day", limit)


def make(by: User, **changes: object) -> PackVersion:
    asked = {"text": words(), "copied_from": 1, "reason": "The board decided.", "now": NOW, **changes}
    return make_version("house", by=by, **asked)  # type: ignore[arg-type]


def test_a_complaint_keeps_the_version_in_force_when_it_was_received(manager: User) -> None:
    before = received(now=NOW)
    make(manager)
    after = received(now=NOW + timedelta(days=2))
    assert (before.pack_version, after.pack_version) == (1, 2)
    assert pack_of(before) == packs.pack("house", 1)
    assert str(pack_of(after).clock("acknowledgement").limit) == "2 business days"


def test_reopening_goes_by_the_rules_the_complaint_came_under(manager: User) -> None:
    old = answered(now=NOW)
    make(manager)
    reopen(old, reason="It is not right.", by=member_of("Handler"), now=NOW + timedelta(days=3))
    assert pack_of(old).version == 1


def test_the_numbers_of_withdrawn_versions_are_not_used_again(manager: User) -> None:
    withdraw_version(make(manager), by=manager, now=NOW)
    assert next_version("house") == 3
    assert [pack.version for pack in library.versions("house")] == [1]
    make(manager, text=words(3))
    assert [pack.version for pack in library.everything()["house"]] == [1, 3]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("code = ", "(the file)"),
        (words(version=3), "version"),
        (words(version=1), "version"),
        (words(day=NOW.date()), "effective_from"),
        (words(day=date(2001, 1, 1)), "effective_from"),
        (words().replace('code = "house"', 'code = "ours"', 1), "code"),
        (words().replace('limit = "2 business days"', 'limit = "2 lunar months"', 1), "clocks[0].limit"),
        (words() + "\nfavourite_colour = 3\n", "favourite_colour"),
    ],
)
def test_what_cannot_be_a_version_is_refused_with_its_place(manager: User, text: str, key: str) -> None:
    with pytest.raises(PackInvalid) as refused:
        draft("house", text, now=NOW)
    assert key in refused.value.key
    with pytest.raises(PackInvalid):
        make(manager, text=text)
    assert not PackVersion.objects.exists()


def test_a_version_needs_a_reason_a_change_and_a_manager(manager: User) -> None:
    with pytest.raises(WhyNeeded):
        make(manager, reason=" ")
    with pytest.raises(NothingNew):
        make(manager, text=words(limit="1 business day"))
    with pytest.raises(MayNotRule):
        make(member_of("Handler"))
    assert not PackVersion.objects.exists()


def test_a_second_with_the_same_number_or_day_is_told_to_look_again(manager: User) -> None:
    make(manager)
    with pytest.raises(PackInvalid, match="must be 3"):
        make(manager)
    PackVersion.objects.standing().withdraw(withdrawn_by=manager, withdrawn_at=NOW)
    later = TOMORROW + timedelta(days=30)
    make(manager, text=words(3, later))
    with pytest.raises(VersionMovedOn):
        _twice(manager, later)


def _twice(manager: User, day: date) -> None:
    """As the slower of two people who read the shelf at the same moment."""
    from complaints.policies.actions import versions

    kept = PackVersion.objects.get(version=3)
    versions._keep(
        PackVersion(
            code="house",
            version=4,
            copied_from=1,
            effective_from=day,
            text=kept.text,
            reason="Also.",
            made_by=manager,
            made_at=NOW,
        )
    )


def test_a_version_that_has_begun_stays(manager: User) -> None:
    version = make(manager)
    with pytest.raises(BegunAlready):
        withdraw_version(version, by=manager, now=NOW + timedelta(days=1))
    with pytest.raises(MayNotRule):
        withdraw_version(version, by=member_of("Handler"), now=NOW)
    withdraw_version(version, by=manager, now=NOW)
    with pytest.raises(BegunAlready):
        withdraw_version(version, by=manager, now=NOW)


def test_nothing_kept_can_be_changed(manager: User) -> None:
    version = make(manager)
    version.reason = "Another."
    with pytest.raises(KeptAsWritten):
        version.save()
    with pytest.raises(KeptAsWritten):
        version.delete()
    with pytest.raises(KeptAsWritten):
        PackVersion.objects.update(reason="Another.")
    with pytest.raises(KeptAsWritten):
        PackVersion.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        PackVersion.objects.standing().withdraw(withdrawn_at=NOW)


def test_what_nobody_wrote_is_not_there() -> None:
    with pytest.raises(NoSuchPack):
        library.pack("house", 7)
    with pytest.raises(NoSuchPack):
        library.versions("nowhere")
    assert library.text_of("house", 1) == packs.text_of("house", 1)
