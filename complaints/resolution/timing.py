"""When things fall due or run out, by the policy the complaint was received under. Questions only."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

from complaints.policies import clock, library
from complaints.policies.facts import Dispute, Facts, Priority
from complaints.policies.schema import Pack
from complaints.resolution.models import Complaint, OfferLine


def pack_of(complaint: Complaint) -> Pack:
    """The rules in force when the complaint was received; it keeps them for life."""
    return library.pack(complaint.pack_code, complaint.pack_version)


def facts_of(complaint: Complaint) -> Facts:
    """What its rules depend on, as it stands now. Raises BadFacts."""
    dispute, priority = Dispute(complaint.dispute), Priority(complaint.priority)
    return Facts(dispute, complaint.stage, complaint.statement_day, priority)


def local_day(moment: datetime) -> date:
    """The day on which the house says it was."""
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def close_of(complaint: Complaint, day: date) -> datetime:
    """The end of this day in the calendar's zone."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=pack_of(complaint).calendar.zone)


def offer_open_until(complaint: Complaint, now: datetime) -> datetime:
    """Until when an offer sent now stays open, unless its proposer says otherwise."""
    pack = pack_of(complaint)
    return clock.due(now, pack.timings.offer_open_for, pack.calendar)


def follow_up_day(complaint: Complaint, now: datetime) -> date:
    pack = pack_of(complaint)
    return clock.due(now, pack.timings.follow_up_after, pack.calendar).date()


def may_close_from(complaint: Complaint) -> datetime:
    """From this moment silence after the answer counts as the follow-up's time run out."""
    pack = pack_of(complaint)
    return clock.due(_answered(complaint), pack.timings.close_after, pack.calendar)


def may_reopen_until(complaint: Complaint) -> datetime:
    """After this a linked complaint is opened instead."""
    pack = pack_of(complaint)
    return clock.due(_answered(complaint), pack.timings.reopen_within, pack.calendar)


def needs_check(complaint: Complaint, line: OfferLine) -> bool:
    """Must a second person look at this payment? Other currencies than the threshold's always need it."""
    threshold = pack_of(complaint).check_payment_above
    if line.amount is None:
        return False
    return bool(line.amount.currency.code != threshold.currency or line.amount.amount > threshold.amount)


def _answered(complaint: Complaint) -> datetime:
    return complaint.answered_at or complaint.closed_at or complaint.state_since
