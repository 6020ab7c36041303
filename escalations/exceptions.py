"""What the supervisors' desk refuses, in words fit for staff."""

from complaints.resolution import exceptions as resolution


class Refused(resolution.Refused):
    """Base of everything refused here. It is one of the file's refusals too, so one face catches both."""


class NotYourQueue(Refused):
    message = "This question lies with another queue."


class AlreadyClaimed(Refused):
    message = "Somebody else has claimed this."


class AlreadyDecided(Refused):
    message = "This has already been decided."


class AlreadyAsked(Refused):
    message = "A question of this kind is already before a supervisor. Wait for the answer."


class NotClaimed(Refused):
    message = "You have not claimed this."


class NoQueue(Refused):
    message = "There is no queue to put this before. A manager must set one up."


class NothingHigher(Refused):
    message = "There is nobody further up to pass this to."


class TriedNeeded(Refused):
    message = "Write down what was tried so far."


class AskNeeded(Refused):
    message = "Write down what you ask of the supervisor."


class AdviceNeeded(Refused):
    message = "Write down your answer, so that the handler can act on it."


class OfferToDecide(Refused):
    message = "An offer waits here: approve it, refuse it, send it back or pass it up."


class CannotStandIn(Refused):
    message = "This person cannot stand in."


class AlreadyAway(Refused):
    message = "Somebody stands in already on these days."


class BadDates(Refused):
    message = "The last day cannot lie before the first, nor in the past."


class NothingToHandOver(Refused):
    message = "There is nothing of theirs to hand over."


class NotStanding(Refused):
    message = "That is over already."


class NoOfferHere(Refused):
    message = "There is no offer to decide on here."
