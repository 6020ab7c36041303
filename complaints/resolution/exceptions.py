"""What a verb refuses, in words fit for staff."""

from collections.abc import Sequence

from complaints.policies.guard import Finding


class Refused(Exception):
    """Base of everything the file refuses to do. Faces catch this one and show its message."""

    message = "This cannot be done."

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.message)


class LedgerIsAppendOnly(Refused):
    message = "The ledger is only ever added to. Record a correction instead."


class NotVisible(Refused):
    message = "There is no such complaint."


class NotPermitted(Refused):
    message = "Your role does not allow this."


class NotPossibleNow(Refused):
    message = "This cannot be done in the complaint's present state."


class NotAcknowledged(Refused):
    message = "The customer has not been thanked yet. Send the acknowledgement, or record a spoken one, with the dates."


class NobodyHolds(Refused):
    message = "Name a handler first."


class OwnMatter(Refused):
    message = "A complaint about a member of staff cannot be given to that person."


class NothingAsked(Refused):
    message = "Write at least one question."


class NothingHeard(Refused):
    message = "Write down the customer's answer, or why we go on without it."


class FactsFirst(Refused):
    message = "Facts before offers: ask at least one question and have it answered or waived with a reason."


class NoFinding(Refused):
    message = "Record the finding and its basis first."


class WishUnknown(Refused):
    message = "Write down what the customer wants before making an offer."


class VagueOffer(Refused):
    message = "Every line needs an amount or an action, and a date."


class MixedCurrencies(Refused):
    message = "An offer is made in one currency."


class OverLimit(Refused):
    message = "This is more than your authority allows. Refer it for approval."


class NoAuthority(Refused):
    message = "You have no authority to grant this kind of remedy in this currency."


class TriedNeeded(Refused):
    message = "This goes to a superior. Write down what was tried so far."


class OwnProposal(Refused):
    message = "Somebody else must decide on your own proposal."


class SealBroken(Refused):
    message = "The offer is not the one that was approved. Revise it and have it approved again."


class NoOffer(Refused):
    message = "There is no offer for this step."


class AlreadyDecided(Refused):
    message = "This offer has already been decided."


class AlreadyDone(Refused):
    message = "This has already been done."


class AlreadyLeft(Refused):
    message = "This letter cannot be taken back any more: it has left, or is leaving now."


class ReasonNeeded(Refused):
    message = "Give a reason."


class LetterNeeded(Refused):
    message = "Write the letter to the customer."


class LetterUnfinished(Refused):
    message = "Something in the letter still has to be written."


class OfferRanOut(Refused):
    message = "This offer has run out. Ask us for a new one."


class StillRunning(Refused):
    message = "The offer is still open. Silence lets it lapse only after its date."


class NotDone(Refused):
    message = "Every part of the offer must be done, with proof, before the outcome is told."


class CheckNeeded(Refused):
    message = "A second person must check this payment."


class OwnCheck(Refused):
    message = "Somebody else must check your own payment."


class PointOpen(Refused):
    message = "Every point of the complaint must be answered first."


class Undocumented(Refused):
    message = "Write down the problem, its cause and the solution before closing."


class PromisesOpen(Refused):
    def __init__(self, promises: Sequence[str]) -> None:
        named = ", ".join(f"“{promise}”" for promise in promises)
        super().__init__(
            f"We still owe the customer what we promised: {named}. Record that it is done, or let it go with a reason."
        )


class TooSoonToClose(Refused):
    message = "The customer may still object. The follow-up must be done, or its time run out."


class AcceptanceNeeded(Refused):
    message = "Record how the customer accepted."


class TooLateToReopen(Refused):
    message = "The time to reopen has passed. Open a linked complaint instead."


class CannotMerge(Refused):
    message = "Only an open complaint of the same customer can carry this one; otherwise a supervisor merges."


class StatementMissing(Refused):
    """`sentences` are what could be put in."""

    def __init__(self, names: Sequence[str], sentences: Sequence[str]) -> None:
        self.sentences = tuple(sentences)
        offered = "".join(f" “{sentence}”" for sentence in sentences)
        super().__init__(
            f"The letter does not say {'; '.join(names)}. Put it in:{offered or ' only you can.'}"
        )


class NoAddress(Refused):
    message = "We have no address to write to. Add an e-mail or postal address first."


class BadDocument(Refused):
    message = "This kind of file is not accepted."


class TooManyDocuments(Refused):
    message = (
        "Together with what you sent before, this is more than the 20 files or 25 MB that this page takes for one "
        "complaint. Please send your words without the files, and the files by e-mail: simply answer one of our "
        "letters. Or call us."
    )


class UnknownPerson(Refused):
    message = "A complaint needs the customer's name and a way to reach them."


class CannotMove(Refused):
    message = "This date is not ours to move."


class NoticeNeeded(Refused):
    message = "This date moves only with a letter that tells the customer why and until when."


class WrongRules(Refused):
    message = "These facts cannot be right."


class NoNextStage(Refused):
    message = "There is no further stage in this house. Tell the customer where else they may go."


class NotIndependent(Refused):
    message = "You decided this before. The rule wants somebody else to look at it now."


class HeldBack(Refused):
    """The guard stops this letter. `findings` is all it says, what stops and what is only advice."""

    message = "This letter must not leave as it is. Change what is marked, or say why it goes all the same."

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        stops = " ".join(f"“{one.quote}”: {one.reason}" for one in self.findings if one.blocks)
        super().__init__(f"{self.message} {stops}")
