"""Regulation Z: 30 days, two billing cycles, 90 days. Regulation E: 10 business days, 45 days."""

from datetime import datetime

import pytest

from complaints.policies.extending import Notice
from complaints.policies.facts import Dispute, Facts
from complaints.policies.simulator import simulate
from tests.complaints.policies.lives import HOUSE, Told, assert_told, midnight, new_york, pack_of

JUNE_12 = new_york(2026, 6, 12, 10)  # Friday; Juneteenth is the Friday after
JUNE_29 = new_york(2026, 6, 29, 9, 30)  # Monday; the Fourth is a Saturday, kept on Friday 3 July
PACK = pack_of("us_billing", JUNE_12)
Z, E = "12 CFR 1026.13(c)", "12 CFR 1005.11(c)"
SERVICE: Told = {
    "acknowledgement": (new_york(2026, 6, 15, 17), HOUSE),
    "update": (new_york(2026, 6, 22, 17), HOUSE),  # 15 to 18, 22
    "billing_acknowledgement": (midnight(new_york(2026, 7, 12)), Z),  # 18 + 12, a Sunday
}


@pytest.mark.parametrize(
    ("statement_day", "due"),
    [
        (None, new_york(2026, 9, 10)),  # 90 days: 18 + 31 + 31 + 10
        (31, new_york(2026, 8, 31)),  # the rest of June, July, August
        (12, new_york(2026, 8, 12)),  # the last day of a cycle: the next two end on 12 July and 12 August
        (13, new_york(2026, 8, 13)),
        (11, new_york(2026, 9, 10)),  # the third statement is that of 11 September: 90 days are the most
    ],
)
def test_a_billing_error(statement_day: int | None, due: datetime) -> None:
    facts = Facts(Dispute.BILLING, statement_day=statement_day)
    assert_told(simulate(PACK, JUNE_12, facts=facts), SERVICE | {"billing_resolution": (midnight(due), Z)})


def test_a_cycle_that_ends_on_the_thirtieth_ends_on_leap_day_in_february() -> None:
    facts = Facts(Dispute.BILLING, statement_day=30)
    found = {one.clock: one for one in simulate(PACK, new_york(2027, 12, 15, 9), facts=facts)}
    assert found["billing_resolution"].due_at == midnight(new_york(2028, 2, 29))  # 30 Dec, 30 Jan, 29 Feb
    assert found["billing_resolution"].reasons[-1] == (
        "2 complete billing cycles end sooner: due Tuesday 29 Feb 2028, 23:59."
    )


TRANSFER: Told = {
    "acknowledgement": (new_york(2026, 6, 30, 17), HOUSE),
    "update": (new_york(2026, 7, 7, 17), HOUSE),  # 30, 1, 2, 6, 7
    # 3 to 2 July, Friday 3 is kept for the Fourth, 8 to 10 July, 13, 14
    "transfer_investigation": (midnight(new_york(2026, 7, 14)), E),
}


def test_an_electronic_transfer_over_the_fourth_of_july() -> None:
    assert_told(simulate(PACK, JUNE_29, facts=Facts(Dispute.TRANSFER)), TRANSFER)


def test_provisional_credit_in_time_gives_forty_five_days_from_the_same_start() -> None:
    credited = [Notice("transfer_investigation", new_york(2026, 7, 13, 12))]
    expected = TRANSFER | {"transfer_investigation": (midnight(new_york(2026, 8, 13)), E)}  # 1 + 31 + 13
    assert_told(simulate(PACK, JUNE_29, facts=Facts(Dispute.TRANSFER), notices=credited), expected)


def test_a_complaint_about_neither_has_our_own_clocks_only() -> None:
    expected: Told = {code: TRANSFER[code] for code in ("acknowledgement", "update")}
    expected["resolve"] = (new_york(2026, 7, 28, 17), HOUSE)  # 10 to 14 July, 13 to 17, 18 to 24, 27, 28
    assert_told(simulate(PACK, JUNE_29), expected)
