from complaints.resolution.exceptions import Refused


class SubmissionIsFinal(Refused):
    message = "What a customer sent is never edited."


class NoWayToReach(Refused):
    message = "We need one way to reach the customer: e-mail, telephone or address."


class NothingSaid(Refused):
    message = "Write down the complaint in the customer's own words."


class FromTheFuture(Refused):
    message = "A complaint cannot have been received later than now."


class UnknownMapping(Refused):
    message = "There is no mapping of this name."
