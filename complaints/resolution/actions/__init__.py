"""The verbs: the only code that changes the file. Always lock, guard, change, save, record, announce.

`by` is the member of staff, the customer, or the house itself (`actors.System`); `now` the moment of the deed.
Everything refused is a subclass of `exceptions.Refused`, with a message fit for staff.
"""

from complaints.resolution.actions.acknowledging import (
    acknowledge,
    acknowledge_by_letter,
    mark_posted,
    timeline,
)
from complaints.resolution.actions.answering import respond, settle
from complaints.resolution.actions.closing import (
    close,
    document,
    merge,
    record_follow_up,
    reopen,
    withdraw,
)
from complaints.resolution.actions.correcting import add_point, confirm_restatement, correct
from complaints.resolution.actions.correspondence import (
    log_reading,
    note,
    raise_concern,
    record_escalation,
    send_letter,
    take_message,
)
from complaints.resolution.actions.customers import Person, find_or_make_customer, find_or_make_customers
from complaints.resolution.actions.dates import change_pack, change_rules, move_date
from complaints.resolution.actions.deciding import approve, refuse, revise
from complaints.resolution.actions.documents import (
    Enclosed,
    keep_document,
    keep_documents,
    take_documents,
    type_of,
)
from complaints.resolution.actions.fulfilment import check_payment, complete_line, fulfil
from complaints.resolution.actions.handing_over import HandedOver, hand_over, require_handover
from complaints.resolution.actions.holding import assign, investigate, restrict, take_next
from complaints.resolution.actions.importing import PastComplaint, record_history
from complaints.resolution.actions.inquiry import (
    answer_point,
    ask,
    hear,
    record_finding,
    waive_questions,
)
from complaints.resolution.actions.leaving import letter_ended, letter_failed, letters_ended
from complaints.resolution.actions.mail import Written, take_mail
from complaints.resolution.actions.offering import accept, decline, lapse, offer
from complaints.resolution.actions.opening import Opening, open_complaint, open_complaints
from complaints.resolution.actions.papers import file_letter, make_report, post_printed
from complaints.resolution.actions.promising import announce_broken, drop_promise, keep_promise
from complaints.resolution.actions.proposing import Line, Terms, propose, put_forward, refer
from complaints.resolution.actions.second_thoughts import (
    take_back,
    was_taken_back,
    write_anew,
    written_in_place_of,
)
from complaints.resolution.actions.sent_forms import first_time, forget_sent_forms
from complaints.resolution.actions.sparing import hand_over_after_abuse
from complaints.resolution.actions.staging import acknowledge_stage, record_referral, request_stage
from complaints.resolution.actions.steps import lock_all, record_all

__all__ = [
    "Enclosed",
    "HandedOver",
    "Line",
    "Opening",
    "PastComplaint",
    "Person",
    "Terms",
    "Written",
    "accept",
    "acknowledge",
    "acknowledge_by_letter",
    "acknowledge_stage",
    "add_point",
    "announce_broken",
    "answer_point",
    "approve",
    "ask",
    "assign",
    "change_pack",
    "change_rules",
    "check_payment",
    "close",
    "complete_line",
    "confirm_restatement",
    "correct",
    "decline",
    "document",
    "drop_promise",
    "file_letter",
    "find_or_make_customer",
    "find_or_make_customers",
    "first_time",
    "forget_sent_forms",
    "fulfil",
    "hand_over",
    "hand_over_after_abuse",
    "hear",
    "investigate",
    "keep_document",
    "keep_documents",
    "keep_promise",
    "lapse",
    "letter_ended",
    "letter_failed",
    "letters_ended",
    "lock_all",
    "log_reading",
    "make_report",
    "mark_posted",
    "merge",
    "move_date",
    "note",
    "offer",
    "open_complaint",
    "open_complaints",
    "post_printed",
    "propose",
    "put_forward",
    "raise_concern",
    "record_all",
    "record_escalation",
    "record_finding",
    "record_follow_up",
    "record_history",
    "record_referral",
    "refer",
    "refuse",
    "reopen",
    "request_stage",
    "require_handover",
    "respond",
    "restrict",
    "revise",
    "send_letter",
    "settle",
    "take_back",
    "take_documents",
    "take_mail",
    "take_message",
    "take_next",
    "timeline",
    "type_of",
    "waive_questions",
    "was_taken_back",
    "withdraw",
    "write_anew",
    "written_in_place_of",
]
