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


class NameTaken(Refused):
    message = "This is the name of a profile that comes with the product. Choose another."


class AlreadyStarted(Refused):
    message = "This import is being read, or has been read to its end."


class UploadGone(Refused):
    message = "The file is not kept any more. Upload it again: what is there already is recognised."


class Overtaken(Exception):
    """Another reader has taken the run over; this one must stop, and has written nothing since."""


class WroteAtOnce(Exception):
    """Another complaint of one of these customers was opened while theirs were being opened."""
