"""The firm one can try: made by the verbs alone, the same for the same seed, and nothing of it leaves the house."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils.timezone import localtime
from pytest_django.fixtures import Settings

from complaints.desk.demonstration import telling
from complaints.desk.demonstration.cast import ROLES
from complaints.desk.demonstration.matters import INCIDENTS
from complaints.desk.demonstration.rounds import Rounds
from complaints.desk.demonstration.scenery import scenery
from complaints.followups.models import PlannedLetter, SurveyAnswer
from complaints.mailroom.models import Fate, IncomingMail, OutgoingMail
from complaints.mailroom.models import State as MailState
from complaints.policies import packs
from complaints.resolution.exceptions import Refused
from complaints.resolution.models import (
    Complaint,
    Customer,
    Entry,
    EntryKind,
    Fulfilment,
    Message,
    Offer,
    OfferLine,
    OfferState,
    Promise,
    Question,
    State,
)
from escalations.models import Escalation, Substitution
from escalations.models import State as EscalationState
from tests import factories

#: A Thursday afternoon.
NOW = datetime(2026, 11, 19, 15, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def var(tmp_path: Path, settings: Settings) -> Path:
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    settings.DEMO = True
    return tmp_path


def load(complaints: int = 75, seed: int = 7, now: datetime = NOW) -> None:
    call_command("load_demo", complaints=complaints, seed=seed, now=now, verbosity=0)


def test_every_state_is_there_and_the_present_is_not_passed(
    var: Path, caplog: pytest.LogCaptureFixture
) -> None:
    load()
    files = Complaint.objects.all()
    assert files.count() == 75
    assert set(files.values_list("state", flat=True)) == set(State.values)
    assert "ends early" not in caplog.text
    assert "Traceback" not in caplog.text
    for latest in (
        files.latest("received_at").received_at,
        Entry.objects.latest("at").at,
        OutgoingMail.objects.latest("created_at").created_at,
    ):
        assert latest <= NOW
    letters_and_moves()
    promises_kept_by_most()
    offers_that_can_be_kept()
    the_uncommon()
    what_came_in()
    who_stands_in()
    logins(var)


def letters_and_moves() -> None:
    """No state was written: the ledger leads to each. Nothing waits to be sent, and nothing was."""
    for complaint in Complaint.objects.all():
        turns = list(complaint.entries.filter(kind__in=(EntryKind.OPENED, EntryKind.MOVE)).order_by("pk"))
        assert turns[-1].to_state == complaint.state
        assert [turn.from_state for turn in turns[1:]] == [turn.to_state for turn in turns][:-1]
    states = Counter(OutgoingMail.objects.values_list("state", flat=True))
    assert not states[MailState.QUEUED]
    assert states[MailState.FAILED] >= 1
    assert mail.outbox == []
    window = packs.in_force("house", NOW.date()).contact_window
    assert all(window.is_open(letter.at) for letter in Message.objects.filter(automatic=True))
    assert not PlannedLetter.objects.due(NOW).exists()


def promises_kept_by_most() -> None:
    """What a letter promised is done by its day, or it is known that it was not."""
    promises = Promise.objects.all()
    late = promises.open().filter(due_at__lt=NOW)
    assert promises.exclude(kept_at=None).count() > late.count()
    assert not promises.broken_unheard(NOW - timedelta(days=4)).exists()


def offers_that_can_be_kept() -> None:
    """Nothing is to be done before the customer's last day to say yes, nor asked after before it is to be done."""
    lines = OfferLine.objects.filter(
        offer__in=Offer.objects.filter(state__in=(OfferState.SENT, OfferState.ACCEPTED))
    )
    assert lines.exists()
    for line in lines.select_related("offer"):
        last_day = localtime(line.offer.open_until).date()
        assert last_day < line.due_on <= line.offer.follow_up_on


def the_uncommon() -> None:
    complaints = Complaint.objects.all()
    assert complaints.filter(restricted=True).exists()
    assert complaints.filter(about__isnull=False).exists()
    assert complaints.filter(media_risk=True).exists()
    assert complaints.filter(follows__isnull=False).exists()
    assert complaints.filter(offers__state=OfferState.LAPSED).exists()
    assert complaints.filter(customer__vulnerable=True).exists()
    assert Customer.objects.filter(email="").exists()
    assert Customer.objects.exclude(access_needs="").exists()
    assert all(
        customer.email.split("@")[1].startswith("example.") for customer in Customer.objects.exclude(email="")
    )
    assert Entry.objects.filter(move="reopen").exists()
    assert Question.objects.filter(settled_at__isnull=True).exists()
    assert Fulfilment.objects.filter(needs_check=True, checked_by__isnull=True).exists()
    assert SurveyAnswer.objects.filter(score__lte=2).exists()
    escalated = Escalation.objects.all()
    assert set(escalated.values_list("state", flat=True)) >= set(EscalationState.values) - {
        EscalationState.MOOT
    }
    assert escalated.unanswered().filter(due_at__lt=NOW).exists()
    assert escalated.unanswered().filter(due_at__date=NOW.date(), due_at__gte=NOW).exists()


def what_came_in() -> None:
    """A mail of each fate, made by the mailroom from bytes."""
    assert set(IncomingMail.objects.values_list("fate", flat=True)) == {
        "",
        Fate.JOINED,
        Fate.HELD,
        Fate.AUTO_REPLY,
        Fate.BOUNCE,
    }
    assert IncomingMail.objects.quarantined().count() == 1
    assert IncomingMail.objects.held().filter(candidates__isnull=False).distinct().count() == 2
    assert Message.objects.filter(received_as__fate=Fate.JOINED).count() == 1
    assert OutgoingMail.objects.filter(state=MailState.BOUNCED, reports__is_final=True).count() == 1


def who_stands_in() -> None:
    assert Substitution.objects.standing(NOW).count() == 1
    assert Substitution.objects.filter(ends_on__lt=NOW.date()).exists()
    assert Substitution.objects.filter(starts_on__gt=NOW.date()).exists()


def logins(var: Path) -> None:
    told = (var / "demo-logins.txt").read_text()
    rows = [line.split() for line in told.splitlines()]
    assert [row[0] for row in rows] == ["Handler", "Supervisor", "Manager", "Administrator"]
    assert all(User.objects.get(username=name).check_password(password) for _, name, password in rows)
    assert (var / "demo-logins.txt").stat().st_mode & 0o077 == 0
    assert User.objects.filter(is_superuser=True).count() == 1
    assert Counter(User.objects.values_list("groups__name", flat=True)) == Counter(
        {"Handler": 4, "Supervisor": 2, "Manager": 1, "Quality": 1, None: 1}
    )


def gist() -> list[tuple[object, ...]]:
    return list(
        Complaint.objects.order_by("received_at", "reference").values_list(
            "reference",
            "title",
            "state",
            "received_at",
            "customer__name",
            "handler__username",
            "messages__body",
        )
    )


def test_the_same_seed_tells_the_same_stories(var: Path) -> None:
    first, second = once(7), once(7)
    assert first == second
    assert once(8) != first


def once(seed: int) -> list[tuple[object, ...]]:
    call_command("flush", interactive=False, verbosity=0)
    load(12, seed)
    return [tuple(re.sub(r"/c/\S+", "/c/…", str(cell)) for cell in row) for row in gist()]


def test_a_database_with_complaints_is_left_alone(var: Path) -> None:
    factories.received()
    with pytest.raises(CommandError, match="already"):
        load()
    assert Complaint.objects.count() == 1


def test_it_is_only_for_trying_things_out(var: Path, settings: Settings) -> None:
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(CommandError, match="DEMO=1"):
        load()


def test_cut_short_it_leaves_nothing_behind(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Rounds, "last_look", cut)
    with pytest.raises(KeyboardInterrupt):
        load(6)
    assert connection.get_autocommit()
    assert not Complaint.objects.exists()
    assert not User.objects.exists()
    assert not (var / "demo-logins.txt").exists()


def test_what_the_house_refuses_ends_the_story_and_not_the_telling() -> None:
    def refused() -> Iterator[datetime]:
        yield NOW
        raise Refused

    story = refused()
    assert telling.go_on(story) == NOW
    assert telling.go_on(story) is None


def test_every_text_fits_its_scenery() -> None:
    for incident in INCIDENTS:
        slots = scenery(Random(1), incident, NOW)
        texts = [
            incident.title,
            *incident.telling,
            *incident.wish,
            *incident.points,
            incident.question,
            *incident.answers,
        ]
        texts += [incident.behind, incident.told, incident.not_ours, incident.evidence, incident.deed]
        for text in texts:
            assert "{" not in text.format(**slots)
        assert len(incident.title.format(**slots)) <= 120
        assert incident.low < incident.high


def test_three_hundred_are_cast_in_all() -> None:
    assert sum(role.files * role.of_300 for role in ROLES) < 300
