from complaints.resolution.models.catalogue import Category, RootCause
from complaints.resolution.models.complaints import (
    NOTHING_DUE,
    Channel,
    Complaint,
    Dispute,
    Outcome,
    Point,
    Priority,
    Reading,
    ReferenceCounter,
)
from complaints.resolution.models.correspondence import DOCUMENTS, Direction, Document, Message, MessageKind
from complaints.resolution.models.customers import ContactChannel, Customer
from complaints.resolution.models.deadlines import WHOLE, Deadline, DeadlineKind, Ended, Milestone
from complaints.resolution.models.inquiry import Basis, Fault, Finding, Question
from complaints.resolution.models.ledger import Concern, Entry, EntryKind
from complaints.resolution.models.lifecycle import OPEN_STATES, Move, State
from complaints.resolution.models.offers import (
    GRANTED,
    LIVE,
    AuthorityLimit,
    Fulfilment,
    Offer,
    OfferLine,
    OfferState,
    RemedyKind,
)
from complaints.resolution.models.promises import Promise
from complaints.resolution.models.sent_forms import SentForm

__all__ = [
    "DOCUMENTS",
    "GRANTED",
    "LIVE",
    "NOTHING_DUE",
    "OPEN_STATES",
    "WHOLE",
    "AuthorityLimit",
    "Basis",
    "Category",
    "Channel",
    "Complaint",
    "Concern",
    "ContactChannel",
    "Customer",
    "Deadline",
    "DeadlineKind",
    "Direction",
    "Dispute",
    "Document",
    "Ended",
    "Entry",
    "EntryKind",
    "Fault",
    "Finding",
    "Fulfilment",
    "Message",
    "MessageKind",
    "Milestone",
    "Move",
    "Offer",
    "OfferLine",
    "OfferState",
    "Outcome",
    "Point",
    "Priority",
    "Promise",
    "Question",
    "Reading",
    "ReferenceCounter",
    "RemedyKind",
    "RootCause",
    "SentForm",
    "State",
]
