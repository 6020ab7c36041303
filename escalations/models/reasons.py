from django.db import models

from complaints.resolution.models import Concern


class Reason(models.TextChoices):
    """Why a question is put before a supervisor. A concern of the file is a reason of the same name."""

    OVER_LIMIT = "over_limit", "Over limit"
    OVERDUE = "overdue", "Overdue"
    ABOUT_TO_BE_OVERDUE = "about_to_be_overdue", "About to be overdue"
    DECLINED = "declined", "Declined offers"
    ASKED_FOR_MANAGER = Concern.ASKED_FOR_MANAGER, "Customer asks for a manager"
    SERIOUS = Concern.SERIOUS, "Serious matter"
    VULNERABLE = Concern.VULNERABLE, "Vulnerable customer"
    UNHAPPY = Concern.UNHAPPY, "Customer not satisfied"
    SILENCE = "silence", "Long silence"
    RAISED = "raised", "Raised by staff"
    UNDELIVERED = Concern.UNDELIVERED, "Letter undelivered"
    NO_ANSWER = Concern.NO_ANSWER, "No answer from the customer"
    OFFER_LAPSED = Concern.OFFER_LAPSED, "Offer lapsed"
    BROKEN_PROMISE = Concern.BROKEN_PROMISE, "Promise not kept"
    WROTE_AGAIN = Concern.WROTE_AGAIN, "Customer wrote after the end"
    ABUSE = Concern.ABUSE, "Abuse of a colleague"
    MEDIA = "media", "Media mentioned"
    EARLY_WARNING = "early_warning", "Early warning"


#: Questions that make sense only while somebody still owes the customer an answer.
WHILE_OPEN = frozenset(
    {
        Reason.OVER_LIMIT,
        Reason.OVERDUE,
        Reason.ABOUT_TO_BE_OVERDUE,
        Reason.DECLINED,
        Reason.SERIOUS,
        Reason.VULNERABLE,
        Reason.SILENCE,
        Reason.NO_ANSWER,
        Reason.OFFER_LAPSED,
        Reason.EARLY_WARNING,
    }
)
