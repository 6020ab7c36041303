"""What is refused here. The base is the file's own, so that whoever shows the one shows the other."""

from complaints.resolution.exceptions import Refused


class FollowUpRefused(Refused):
    message = "This cannot be done."


class AlreadyAnswered(FollowUpRefused):
    message = "The customer has already answered this."


class NothingToAnswer(FollowUpRefused):
    message = "We have not asked the customer this yet, or the complaint is being worked on again."


class NoSuchScore(FollowUpRefused):
    message = "The score is a whole number from 1 to 5."
