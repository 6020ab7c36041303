"""What happened, newest first: letters, notes, moves and files in one line of time, a bounded piece at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from complaints.mailroom.models import OutgoingMail
from complaints.resolution import links
from complaints.resolution.cooling import cools_off
from complaints.resolution.models import (
    Complaint,
    Concern,
    Direction,
    Document,
    Entry,
    EntryKind,
    Message,
    Move,
)

AT_ONCE = 30
#: Said by the letter or the file itself, which stands in the story anyway.
SAID_ELSEWHERE = (EntryKind.MESSAGE_IN, EntryKind.MESSAGE_OUT)
#: Moves whose words are kept as a message of their own.
SAID_IN_A_LETTER = (Move.ACKNOWLEDGE, Move.WITHDRAW)

MOVED: dict[str, str] = {
    Move.ACKNOWLEDGE: "Acknowledged",
    Move.INVESTIGATE: "Investigation started",
    Move.ASK: "The customer was asked; our own clocks stand still meanwhile, the final response does not",
    Move.HEAR: "The customer's answer is in",
    Move.PROPOSE: "An offer was made within the handler's authority",
    Move.REFER: "An offer was put before a superior",
    Move.APPROVE: "The offer was approved",
    Move.REFUSE: "The offer was refused",
    Move.REVISE: "The offer was taken back for revision",
    Move.OFFER: "The offer went to the customer",
    Move.ACCEPT: "The customer accepted the offer",
    Move.DECLINE: "The customer declined the offer",
    Move.LAPSE: "The offer ran out without an answer",
    Move.FULFIL: "Everything promised is done",
    Move.RESPOND: "The final response was given",
    Move.SETTLE: "Settled at first contact",
    Move.CLOSE: "Closed",
    Move.REOPEN: "Reopened",
    Move.WITHDRAW: "Withdrawn by the customer",
    Move.MERGE: "Merged into another complaint",
}
DONE: dict[str, str] = {
    EntryKind.OPENED: "Opened",
    EntryKind.IMPORTED: "Imported",
    EntryKind.ASSIGNMENT: "Given to",
    EntryKind.POINT: "Point",
    EntryKind.FULFILMENT: "Done",
    EntryKind.ESCALATION: "Escalation",
    EntryKind.PROMISE: "Promise",
    EntryKind.CORRECTION: "Facts corrected",
    EntryKind.RESTRICTION: "Restricted",
    EntryKind.RULES: "Other rules apply; the time already used is counted",
    EntryKind.DATE: "A date was moved",
    EntryKind.STAGE: "The next stage was acknowledged",
    EntryKind.REFERRAL: "Taken outside",
}
NAMED: dict[str, str] = {"about": "about", "confidants": "shown to its handler,"}


@dataclass(frozen=True, slots=True)
class Episode:
    """One thing that happened. `shape` says how it is drawn: letter, note, line or file."""

    at: datetime
    shape: str
    title: str
    who: str = ""
    text: str = ""
    whole: str = ""
    message: Message | None = None
    documents: tuple[Document, ...] = ()
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    episodes: list[Episode]
    earlier: datetime | None  # where the next piece begins, if there is one


def told(complaint: Complaint, *, until: datetime | None = None) -> Story:
    """A piece of the story, ending at this moment. Things of one moment are never torn apart."""
    merged = sorted(
        chain(_letters(complaint, until), _entries(complaint, until), _files(complaint, until)),
        key=lambda episode: episode.at,
        reverse=True,
    )
    if len(merged) <= AT_ONCE:
        return Story(merged, None)
    cut = merged[AT_ONCE].at
    shown = [episode for episode in merged if episode.at > cut]
    if shown:
        return Story(shown, cut)
    same = [episode for episode in merged if episode.at == cut]
    rest = [episode.at for episode in merged if episode.at < cut]
    return Story(same, rest[0] if rest else None)


def _letters(complaint: Complaint, until: datetime | None) -> Iterator[Episode]:
    letters = complaint.messages.select_related("mail").defer("mail__mime", "mail__body")
    if until:
        letters = letters.filter(at__lte=until)
    for message in letters.prefetch_related("documents").order_by("-at", "-pk")[: AT_ONCE + 1]:
        yield Episode(
            at=message.at,
            shape="letter",
            title=message.get_kind_display(),
            who=message.author_name,
            text=links.without_keys(message.body),
            whole=links.without_keys(message.whole),
            message=message,
            documents=tuple(message.documents.all()),
            tone="in" if message.direction == Direction.IN else "out",
        )


def _entries(complaint: Complaint, until: datetime | None) -> Iterator[Episode]:
    entries = complaint.entries.exclude(kind__in=SAID_ELSEWHERE).exclude(facts__has_key="document")
    if until:
        entries = entries.filter(at__lte=until)
    for entry in entries.order_by("-at", "-pk")[: AT_ONCE + 1]:
        yield _episode(entry)


def _episode(entry: Entry) -> Episode:
    if entry.kind == EntryKind.NOTE:
        title = "Follow-up" if "satisfied" in entry.facts else "Note"
        return Episode(entry.at, "note", title, entry.actor_name, entry.text)
    if entry.kind == EntryKind.FINDING:
        return Episode(entry.at, "note", "Finding", entry.actor_name, entry.text)
    if entry.kind == EntryKind.CONCERN:
        title = Concern(entry.concern).label
        return Episode(entry.at, "line", title, entry.actor_name, entry.text, tone="concern")
    if entry.move in SAID_IN_A_LETTER:
        return Episode(entry.at, "line", MOVED[entry.move], entry.actor_name)
    if entry.move == Move.REFER and entry.text:
        return Episode(entry.at, "line", MOVED[entry.move], entry.actor_name, f"Tried so far: {entry.text}")
    title = MOVED[entry.move] if entry.move else DONE.get(entry.kind, entry.get_kind_display())
    return Episode(entry.at, "line", title, entry.actor_name, " · ".join(_words_of(entry)))


def _words_of(entry: Entry) -> Iterator[str]:
    """What was said, and the people it names: who sees this story is none of those complained about."""
    if entry.text:
        yield entry.text
    for fact, words in NAMED.items():
        if people := entry.facts.get(fact):
            yield f"{words} {', '.join(people.values())}"


def _files(complaint: Complaint, until: datetime | None) -> Iterator[Episode]:
    """Files that came with no letter; those that did are shown with it."""
    files = complaint.documents.filter(message__isnull=True)
    if until:
        files = files.filter(added_at__lte=until)
    for document in files.order_by("-added_at", "-pk")[: AT_ONCE + 1]:
        yield Episode(
            at=document.added_at,
            shape="file",
            title="Document",
            who=document.added_by_name,
            documents=(document,),
        )


@dataclass(frozen=True, slots=True)
class Sending:
    """What became of a letter to the customer."""

    words: str
    colour: str
    at: datetime | None = None
    detail: str = ""


def sending_of(message: Message) -> Sending | None:
    """Nothing for what came in, and for words that were spoken."""
    if message.direction == Direction.IN:
        return None
    mail = message.mail
    if message.sent_at is not None and not came_back(message):
        return Sending("sent" if mail or message.key else "said", "green", message.sent_at)
    if mail is None:
        return Sending("to be posted", "yellow")
    if mail.taken_back_at is not None:
        return Sending("taken back", "gray", mail.taken_back_at, f"by {mail.decided_by}")
    if can_be_taken_back(message) and not mail.attempts:
        heated = cools_off(message)
        return Sending(
            "cools off, leaves" if heated else "leaves",
            "yellow" if heated else "gray",
            mail.due_at,
            "It sounds heated. Until then it can be taken back." if heated else "",
        )
    words, colour = FATES[mail.state]
    return Sending(words, colour, mail.sent_at, mail.last_error)


def can_be_taken_back(message: Message) -> bool:
    """A colleague's letter that has certainly not left."""
    mail = message.mail
    waits = mail is not None and mail.state == OutgoingMail.State.QUEUED and mail.doubtful_since is None
    return waits and not message.automatic


def came_back(message: Message) -> bool:
    return message.mail is not None and message.mail.state == OutgoingMail.State.BOUNCED


FATES: dict[str, tuple[str, str]] = {
    OutgoingMail.State.QUEUED: ("waiting to be sent", "gray"),
    OutgoingMail.State.SENDING: ("being sent", "gray"),
    OutgoingMail.State.SENT: ("sent", "green"),
    OutgoingMail.State.FAILED: ("failed", "red"),
    OutgoingMail.State.CANCELLED: ("not sent", "gray"),
    OutgoingMail.State.AMBIGUOUS: ("may have been sent", "yellow"),
    OutgoingMail.State.BOUNCED: ("came back", "red"),
}
