from datetime import datetime

import pytest

from complaints.policies import packs
from complaints.policies.confirming import claims, to_confirm
from complaints.policies.exceptions import BadFacts, CannotExtend, NaiveMoment, NoSuchClock
from complaints.policies.extending import Notice
from complaints.policies.facts import Dispute, Facts
from complaints.policies.simulator import as_text, simulate
from complaints.policies.sources import Status
from tests.complaints.policies.calendars import london

DISP = packs.pack("uk_disp", 1)
COUNCIL = packs.pack("uk_council", 1)
RECEIVED = london(2026, 12, 19, 11)


def test_the_sum_can_be_read_as_text() -> None:
    deadlines = simulate(DISP, RECEIVED, facts=Facts(Dispute.PAYMENT))
    text = as_text(one for one in deadlines if one.clock in {"payment_response", "summary_window"})
    window, payment = text.split("\n\n")
    assert window.startswith(
        "May be closed by a summary resolution: ends Wednesday 23 Dec 2026, 17:00 (statutory)"
    )
    assert payment.splitlines() == [
        "Give the final response on a payment or e-money: due Wednesday 13 Jan 2027, 23:59 (statutory)",
        "  Received Saturday 19 Dec 2026, 11:00.",
        "  25 Dec is Christmas Day: skipped.",
        "  28 Dec is Boxing Day (substitute day): skipped.",
        "  1 Jan is New Year's Day: skipped.",
        "  15 business days: due Wednesday 13 Jan 2027, 23:59.",
        "  By the end of fifteen business days after the day of receipt the customer has our final response.",
        "  FCA DISP 1.6.2A R (1). [V]",
    ]


def test_an_extended_date_says_what_it_was_and_counts_on() -> None:
    notice = Notice("payment_response", london(2027, 1, 12, 15))
    deadlines = simulate(DISP, RECEIVED, facts=Facts(Dispute.PAYMENT), notices=[notice])
    assert deadlines[-1].extended
    assert deadlines[-1].reasons[-2:] == (
        "35 business days: due Wednesday 10 Feb 2027, 23:59.",
        "First due Wednesday 13 Jan 2027, 23:59; extended by the notice of Tuesday 12 Jan 2027, 15:00.",
    )


def test_warnings_come_at_the_parts_that_the_clock_names() -> None:
    found = {one.clock: one for one in simulate(DISP, london(2026, 6, 1, 0))}
    # 56 days and a second short of one more: half is 28 days and 12 hours
    half, late = found["final_response"].warnings
    assert half == london(2026, 6, 29, 11, 59, 59, 500_000)
    assert late == found["final_response"].warn_at
    assert found["acknowledgement"].warnings == (found["acknowledgement"].warn_at,)


@pytest.mark.parametrize("name", ["acknowledged_at", "answered_at", "stage_requested_at"])
def test_moments_out_of_order_are_refused(name: str) -> None:
    with pytest.raises(BadFacts, match=name):
        simulate(COUNCIL, RECEIVED, **{name: london(2026, 12, 1)})  # type: ignore[arg-type]


def test_only_what_can_be_extended_is_extended_and_once() -> None:
    def told(*clocks: str) -> None:
        simulate(DISP, RECEIVED, notices=[Notice(clock, RECEIVED) for clock in clocks])

    told("payment_response")  # a notice for a clock that these facts do not call for changes nothing
    with pytest.raises(CannotExtend, match="final_response"):
        told("final_response")
    with pytest.raises(CannotExtend, match="once only"):
        told("payment_response", "payment_response")
    with pytest.raises(NoSuchClock, match="cuckoo"):
        told("cuckoo")
    with pytest.raises(NaiveMoment):
        Notice("payment_response", datetime(2026, 1, 1))  # noqa: DTZ001


def test_what_nobody_read_in_the_rule_is_listed_for_the_compliance_person() -> None:
    open_claims = {claim.key: claim.status for claim in to_confirm(DISP)}
    assert open_claims == {
        "clocks.referral": Status.SECONDARY,
        "returns.disp_annex_1": Status.SECONDARY,
        "retention": Status.SECONDARY,
    }
    said = {claim.key: claim.says for claim in claims(COUNCIL)}
    assert said["clocks.update, priority serious"] == "1 business day"
    assert said["clocks.stage1_response"] == "10 business days"
    assert said["clocks.stage1_response.extension"] == "20 business days"


def test_every_claim_of_every_pack_that_ships_names_its_source() -> None:
    for versions in packs.shipped().values():
        for version in versions:
            for claim in claims(version):
                assert claim.source.endswith("."), (version.code, claim.key)
                assert claim.says
