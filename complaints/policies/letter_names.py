"""Which letters there are to be worded, and which names may stand in each: no other resolves (SEC-09)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Wording(StrEnum):
    """A letter whose words a firm may choose."""

    ACKNOWLEDGEMENT = "acknowledgement"
    UPDATE = "update"
    QUESTION = "question"
    QUESTION_REMINDER = "question_reminder"
    QUESTION_SECOND_REMINDER = "question_second_reminder"
    OFFER = "offer"
    OFFER_REMINDER = "offer_reminder"
    OUTCOME = "outcome"
    FINAL_RESPONSE = "final_response"
    FOLLOW_UP = "follow_up"
    CLOSING = "closing"
    SURVEY = "survey"
    SURVEY_REMINDER = "survey_reminder"

    @property
    def label(self) -> str:
        return LABELS[self]


W = Wording
LABELS = {
    W.ACKNOWLEDGEMENT: "Acknowledgement",
    W.UPDATE: "Update",
    W.QUESTION: "Question to the customer",
    W.QUESTION_REMINDER: "Reminder of our question",
    W.QUESTION_SECOND_REMINDER: "Second reminder of our question",
    W.OFFER: "Offer",
    W.OFFER_REMINDER: "Reminder of our offer",
    W.OUTCOME: "Outcome",
    W.FINAL_RESPONSE: "Final response",
    W.FOLLOW_UP: "Follow-up",
    W.CLOSING: "Closing letter",
    W.SURVEY: "Survey",
    W.SURVEY_REMINDER: "Survey reminder",
}
#: Staff finish these before they go; the others go by themselves.
FINISHED_BY_STAFF = (W.UPDATE, W.QUESTION, W.OFFER, W.OUTCOME, W.FINAL_RESPONSE)


@dataclass(frozen=True, slots=True)
class Name:
    """`only_asked`: true or not, and nothing to print."""

    code: str
    meaning: str
    only_asked: bool = False


REFERENCE = Name("reference", "the complaint's reference")
CUSTOMER = Name("customer_name", "the customer's name")
CONTACT = Name("contact", "who holds the complaint, or the team")
SIGNED = Name("signed_by", "the same, as it stands under a letter")
FIRM = Name("firm_name", "our name")
PHONE = Name("firm_phone", "our telephone number")
LINK = Name("link", "the customer's own page; the link itself is put into the mail alone")
BY_EMAIL = Name("by_email", "the letter goes by e-mail, so that a link is of use", only_asked=True)

#: What is the same in every letter of the firm. Words with nothing else in them are about nobody (B32).
SAME_FOR_ALL = frozenset({FIRM.code, PHONE.code, LINK.code, BY_EMAIL.code})

#: The person's name is not among them: see ACKNOWLEDGEMENT.
ANY = (REFERENCE, CONTACT, SIGNED, FIRM, PHONE, LINK, BY_EMAIL)
TO_SOMEBODY = (*ANY, CUSTOMER)
EXPLANATION = Name("explanation", "what happened, as the finding explains it")
DONE = Name("what_was_done", "what was done, a line each")
QUESTIONS = Name("questions", "the questions, a line each")
OPEN_UNTIL = Name("open_until", "until when the offer is open")
ANSWERED_ON = Name("answered_on", "the day of our answer")

BY_WORDING: Mapping[Wording, tuple[Name, ...]] = {
    # The address on a web form may be somebody else's: nothing that was typed there may stand here (SEC-33).
    W.ACKNOWLEDGEMENT: (
        *ANY,
        Name("greeting", "the greeting, by name where staff took the complaint down"),
        Name("restatement", "the problem in our own words"),
        Name("update_by", "the day by which we write again"),
        Name("final_response_by", "the day of our final response at the latest"),
        Name("serious", "the complaint is a serious matter", only_asked=True),
        Name("given_priority", "the complaint has high priority", only_asked=True),
        Name("usual", "it is neither", only_asked=True),
    ),
    W.UPDATE: (*TO_SOMEBODY, Name("say", "where the news is to be written; the letter does not go without")),
    W.QUESTION: (*TO_SOMEBODY, QUESTIONS, Name("answer_by", "the day by which to answer")),
    W.QUESTION_REMINDER: (*TO_SOMEBODY, QUESTIONS, Name("asked_on", "the day of the question")),
    W.QUESTION_SECOND_REMINDER: (
        *TO_SOMEBODY,
        QUESTIONS,
        Name("asked_on", "the day of the question"),
    ),
    W.OFFER: (
        *TO_SOMEBODY,
        EXPLANATION,
        Name("what_we_offer", "what we offer, a line each"),
        Name("benefit", "what this gives the customer"),
        OPEN_UNTIL,
    ),
    W.OFFER_REMINDER: (*TO_SOMEBODY, Name("offered_on", "the day of the offer"), OPEN_UNTIL),
    W.OUTCOME: (*TO_SOMEBODY, DONE),
    W.FINAL_RESPONSE: (
        *TO_SOMEBODY,
        EXPLANATION,
        Name("points", "each point with its answer"),
        Name("decision", "what we decided; filled in from the outcome when the letter goes"),
        Name("rights", "the policy's paragraph on how to take the matter further"),
    ),
    W.FOLLOW_UP: (
        *TO_SOMEBODY,
        DONE,
        ANSWERED_ON,
    ),
    W.CLOSING: (
        *TO_SOMEBODY,
        DONE,
        ANSWERED_ON,
        Name("come_back", "the policy's sentence on until when and how to come back"),
        Name("come_back_until", "the day until which it holds"),
    ),
    W.SURVEY: TO_SOMEBODY,
    W.SURVEY_REMINDER: TO_SOMEBODY,
}


def names_of(wording: Wording) -> dict[str, Name]:
    return {name.code: name for name in BY_WORDING[wording]}
