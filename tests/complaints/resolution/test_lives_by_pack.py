"""Each pack that ships, as FIRM_POLICY_PACK: a life by the real verbs, every date as the rule says, the rule beside it.

The dates are those worked out by hand for the pure clock (tests/complaints/policies/test_life_*.py), where each day
that counts is written beside them.
"""

from datetime import datetime, timedelta

import pytest
from pytest_django.fixtures import Settings

from complaints.resolution import actions
from complaints.resolution.actions import clocks
from complaints.resolution.exceptions import CannotMove, NoNextStage, NoticeNeeded, NotIndependent
from complaints.resolution.models import Complaint, Deadline, Dispute, Ended, Milestone, Outcome, State
from tests import factories
from tests.complaints.policies.calendars import london
from tests.complaints.policies.lives import HOUSE, Told, midnight, new_york, sydney
from tests.complaints.resolution.living import Life

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def assert_the_record_says_it_all(life: Life) -> None:
    """The end of every life: telling it anew changes nothing, and nothing lies ahead of what is over."""
    names = ("pk", "due_at", "stopped_at", "ended", "reasons")
    before = list(life.complaint.deadlines.order_by("pk").values_list(*names))
    clocks.recompute(life.complaint)
    assert list(life.complaint.deadlines.order_by("pk").values_list(*names)) == before
    ahead = Milestone.objects.ahead().filter(deadline__complaint=life.complaint)
    assert not ahead.exclude(deadline__in=life.complaint.deadlines.running()).exists()


def test_house(settings: Settings) -> None:
    settings.FIRM_POLICY_PACK = "house"
    life = Life(london(2026, 12, 18, 17, 30))
    first: Told = {
        "acknowledgement": (london(2026, 12, 22, 17), HOUSE),
        "update": (london(2026, 12, 30, 17), HOUSE),
        "resolve": (london(2027, 1, 21, 17), HOUSE),
        "final_response": (midnight(london(2027, 2, 12)), HOUSE),
    }
    life.assert_told(first)
    life.thanked(london(2026, 12, 21, 10))
    assert life.of("acknowledgement").ended == Ended.DONE
    life.assert_told({"update": (london(2026, 12, 30, 17), HOUSE)})  # 22, 23, 24, 29, 30
    life.asked(london(2026, 12, 29, 10), answer_by=london(2027, 1, 12, 17))
    assert life.of("resolve").paused_at == london(2026, 12, 29, 10)
    life.heard(london(2027, 1, 4, 12))
    # Three closes of business did not count; the silence began anew with our question and stood as long.
    life.assert_told({
        "resolve": (london(2027, 1, 26, 17), HOUSE),
        "update": (london(2027, 1, 8, 17), HOUSE),  # 4 to 8 January
        "final_response": first["final_response"],
    })  # fmt: skip
    for day in (8, 15, 22):
        life.wrote(london(2027, 1, day, 12))
    life.answered(london(2027, 1, 26, 17))
    assert all(life.of(code).kept for code in first)
    assert not life.complaint.deadlines.running().exists()
    assert_the_record_says_it_all(life)


def test_uk_disp_general(settings: Settings) -> None:
    settings.FIRM_POLICY_PACK = "uk_disp"
    life = Life(london(2026, 5, 1, 10))
    life.assert_told({
        "acknowledgement": (london(2026, 5, 5, 17), "DISP 1.6.1"),
        "summary_window": (london(2026, 5, 7, 17), "DISP 1.5"),
        "update": (london(2026, 5, 11, 17), "DISP 1.6.1"),
        "resolve": (london(2026, 6, 2, 17), HOUSE),
        "final_response": (midnight(london(2026, 6, 26)), "DISP 1.6.2 R"),
    })  # fmt: skip
    assert life.of("summary_window") not in life.complaint.deadlines.running()
    life.thanked(london(2026, 5, 5, 11))
    promised = midnight(london(2026, 7, 10))
    life.moved(london(2026, 6, 25, 12), "final_response", until=promised, by_letter="delay_notice")
    # The eight weeks are kept by the letter that says why not yet (DISP 1.6.2 R (2)); what we promised is owed.
    assert (life.of("final_response").ended, life.of("final_response").kept) == (Ended.DONE, True)
    assert life.of("promised_answer").due_at == promised
    life.answered(london(2026, 7, 9, 16))
    life.assert_told({"referral": (midnight(london(2027, 1, 9)), "DISP 2.8.2")})
    assert list(life.complaint.deadlines.windows(london(2026, 8, 1))) == [life.of("referral")]
    assert not life.fresh.has_due_date
    actions.record_referral(
        life.complaint, to="The Ombudsman", reference="FOS-1", by=life.person, now=london(2026, 9, 1, 9)
    )
    assert life.of("referral").ended == Ended.DONE
    assert_the_record_says_it_all(life)


def test_uk_disp_payment_found_out_later(settings: Settings) -> None:
    settings.FIRM_POLICY_PACK = "uk_disp"
    life = Life(london(2026, 12, 19, 11))
    life.thanked(london(2026, 12, 21, 10))
    switched = actions.change_rules(
        life.complaint,
        dispute=Dispute.PAYMENT,
        dispute_reference="CB-77",
        reason="It is about a card payment.",
        by=life.person,
        now=london(2027, 1, 5, 9),
    )
    assert switched.ended == {"resolve", "final_response"}
    assert life.of("final_response").ended == Ended.SWITCHED
    # Fifteen business days from receipt, not from the day on which somebody noticed (B23).
    life.assert_told({"payment_response": (midnight(london(2027, 1, 13)), "DISP 1.6.2A")})
    assert life.of("payment_response").started_at == london(2026, 12, 19, 11)
    longest = midnight(london(2027, 2, 10))
    with pytest.raises(CannotMove, match="further than the rule allows"):
        life.moved(
            london(2027, 1, 13, 9), "payment_response", until=longest + HOUR, by_letter="holding_response"
        )
    life.moved(london(2027, 1, 13, 9), "payment_response", until=longest, by_letter="holding_response")
    life.assert_told({"payment_response": (longest, "DISP 1.6.2A")})
    assert life.of("payment_response").first_due_at == midnight(london(2027, 1, 13))
    with pytest.raises(CannotMove):
        life.moved(
            london(2027, 1, 20, 9), "payment_response", until=longest + HOUR, by_letter="holding_response"
        )
    life.answered(london(2027, 2, 10, 18))
    assert life.of("payment_response").kept
    assert_the_record_says_it_all(life)


def test_uk_disp_settled_in_the_window(settings: Settings) -> None:
    settings.FIRM_POLICY_PACK = "uk_disp"
    life = Life(london(2026, 5, 1, 10))
    actions.settle(
        life.complaint,
        lines=(),
        acceptance="“Thank you, that is fine.”",
        proof="Seat changed.",
        letter=life.letter("summary_resolution", outcome=Outcome.UPHELD),
        by=life.person,
        now=london(2026, 5, 7, 16),
    )
    window = life.of("summary_window")
    assert (window.ended, window.stopped_at) == (Ended.DONE, london(2026, 5, 7, 16))
    assert_the_record_says_it_all(life)


@pytest.mark.parametrize(
    ("received", "due", "source"),
    [
        (london(2026, 4, 7, 23, 30), london(2026, 6, 2), "C4, as told in Ofcom's news"),  # eight weeks
        (london(2026, 4, 8, 0, 5), london(2026, 5, 20), "C4 as amended"),  # six weeks
    ],
)
def test_uk_telecom(settings: Settings, received: datetime, due: datetime, source: str) -> None:
    settings.FIRM_POLICY_PACK = "uk_telecom"
    life = Life(received)
    life.thanked(received + 34 * HOUR)
    life.assert_told({"final_response": (midnight(due), source)})
    life.answered(midnight(due))
    assert life.of("final_response").kept
    assert_the_record_says_it_all(life)


def test_us_cfpb(settings: Settings) -> None:
    settings.FIRM_POLICY_PACK = "us_cfpb"
    life = Life(new_york(2026, 3, 2, 9))
    life.thanked(new_york(2026, 3, 3, 9))
    assert not life.complaint.deadlines.filter(clock="portal_response").exists()
    actions.change_rules(
        life.complaint,
        dispute=Dispute.NONE,
        external_at=new_york(2026, 3, 2, 8),
        reason="The portal names the day.",
        by=life.person,
        now=new_york(2026, 3, 3, 10),
    )
    life.assert_told({"portal_response": (midnight(new_york(2026, 3, 17)), "Portal Manual")})
    with pytest.raises(NoticeNeeded):
        actions.move_date(
            life.complaint,
            clock="portal_response",
            until=new_york(2026, 5, 1, 12),
            reason="In progress.",
            by=life.person,
            now=new_york(2026, 3, 16, 12),
        )
    until = midnight(new_york(2026, 5, 1))  # 29 + 30 + 1
    life.moved(new_york(2026, 3, 16, 12), "portal_response", until=until, by_letter="interim_response")
    life.assert_told({"portal_response": (until, "Portal Manual")})
    life.answered(new_york(2026, 4, 30, 9))
    assert_the_record_says_it_all(life)


def test_us_billing(settings: Settings) -> None:
    settings.FIRM_POLICY_PACK = "us_billing"
    life = Life(new_york(2026, 6, 12, 10), dispute=Dispute.BILLING)
    outer = (midnight(new_york(2026, 9, 10)), "12 CFR 1026.13(c)")  # ninety days
    life.assert_told({
        "acknowledgement": (new_york(2026, 6, 15, 17), HOUSE),
        "billing_acknowledgement": (midnight(new_york(2026, 7, 12)), "12 CFR 1026.13(c)"),
        "billing_resolution": outer,
    })  # fmt: skip
    life.thanked(new_york(2026, 6, 15, 9))
    assert life.of("billing_acknowledgement").ended == Ended.DONE
    actions.change_rules(
        life.complaint,
        dispute=Dispute.BILLING,
        statement_day=12,
        reason="Her statement is that of the 12th.",
        by=life.person,
        now=new_york(2026, 6, 16, 9),
    )
    life.assert_told({"billing_resolution": (midnight(new_york(2026, 8, 12)), "12 CFR 1026.13(c)")})
    life.answered(new_york(2026, 8, 12, 9))
    assert life.of("billing_resolution").kept
    assert_the_record_says_it_all(life)


def test_us_billing_transfer_with_provisional_credit(settings: Settings) -> None:
    settings.FIRM_POLICY_PACK = "us_billing"
    life = Life(new_york(2026, 6, 29, 9, 30), dispute=Dispute.TRANSFER)
    life.assert_told({"transfer_investigation": (midnight(new_york(2026, 7, 14)), "12 CFR 1005.11(c)")})
    life.thanked(new_york(2026, 6, 30, 9))
    until = midnight(new_york(2026, 8, 13))  # 1 + 31 + 13
    life.moved(
        new_york(2026, 7, 13, 12), "transfer_investigation", until=until, by_letter="provisional_credit"
    )
    life.assert_told({"transfer_investigation": (until, "12 CFR 1005.11(c)")})
    assert_the_record_says_it_all(life)


def test_au_rg271(settings: Settings) -> None:
    settings.FIRM_POLICY_PACK = "au_rg271"
    life = Life(sydney(2026, 12, 24, 10))
    life.assert_told({
        "acknowledgement": (midnight(sydney(2026, 12, 29)), "RG 271"),
        "closing_window": (midnight(sydney(2027, 1, 5)), "RG 271"),
        "resolve": (sydney(2027, 1, 27, 17), HOUSE),
        "final_response": (midnight(sydney(2027, 1, 23)), "RG 271"),
    })  # fmt: skip
    life.thanked(sydney(2026, 12, 29, 9))
    actions.change_rules(
        life.complaint,
        dispute=Dispute.SUPERANNUATION,
        reason="It is about her super fund.",
        by=life.person,
        now=sydney(2027, 1, 20, 9),
    )
    life.assert_told({"super_response": (midnight(sydney(2027, 2, 7)), "RG 271")})
    life.answered(sydney(2027, 1, 23, 9))
    life.assert_told({"referral": (midnight(sydney(2029, 1, 23)), "AFCA")})
    assert_the_record_says_it_all(life)


def test_uk_council(settings: Settings) -> None:
    settings.FIRM_POLICY_PACK = "uk_council"
    life = Life(london(2026, 12, 23, 14))
    life.assert_told({"acknowledgement": (midnight(london(2027, 1, 4)), "Code, 6.2")})
    assert not life.complaint.deadlines.filter(clock="stage1_response").exists()
    life.thanked(london(2026, 12, 29, 10))
    life.assert_told({"stage1_response": (midnight(london(2027, 1, 13)), "Code, 6.3")})
    until = midnight(london(2027, 1, 27))
    life.moved(london(2027, 1, 12, 9), "stage1_response", until=until, by_letter="extension_notice")
    life.assert_told({"stage1_response": (until, "Code, 6.3")})
    life.answered(london(2027, 3, 1, 12))
    assert not life.of("stage1_response").kept
    _second_stage(life, asked=london(2027, 3, 24, 9))


def _second_stage(life: Life, *, asked: datetime) -> None:
    """The same story went on three weeks later, with somebody else."""
    complaint = actions.request_stage(life.complaint, words="Please look again.", by=life.person, now=asked)
    assert (complaint.stage, complaint.state, complaint.handler) == ("stage2", State.INVESTIGATING, None)
    life.assert_told({"stage2_acknowledgement": (midnight(london(2027, 4, 2)), "stage 2")})
    with pytest.raises(NotIndependent):
        life.answered(asked + HOUR)
    lead, reviewer = factories.supervisor_user(), factories.handler_user()
    with pytest.raises(NotIndependent):
        actions.assign(complaint, to=life.person, by=lead, now=asked + HOUR)
    actions.assign(complaint, to=reviewer, by=lead, now=asked + HOUR)
    thanked = london(2027, 4, 1, 12)
    letter = life.letter("acknowledgement")
    actions.acknowledge_stage(complaint, letter=letter, by=reviewer, now=thanked)
    assert life.of("stage2_acknowledgement").ended == Ended.DONE
    life.assert_told({"stage2_response": (midnight(london(2027, 4, 29)), "stage 2")})
    life.answered(london(2027, 4, 29, 9), by=reviewer)
    assert life.of("stage2_response").kept
    with pytest.raises(NoNextStage):
        actions.request_stage(complaint, words="Again.", by=reviewer, now=london(2027, 4, 30, 9))
    assert_the_record_says_it_all(life)


def test_windows_are_never_late(settings: Settings) -> None:
    settings.FIRM_POLICY_PACK = "uk_disp"
    life = Life(london(2026, 5, 1, 10))
    late = london(2036, 5, 1)
    assert "summary_window" not in set(Deadline.objects.missed(late).values_list("clock", flat=True))
    assert not Milestone.objects.filter(deadline__clock="summary_window").exists()
    assert Complaint.objects.get(pk=life.complaint.pk).next_due_label == "Acknowledge the complaint"
