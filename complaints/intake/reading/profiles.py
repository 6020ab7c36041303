"""Which column of a foreign export is which field of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final, Self

from complaints.intake.reading.exceptions import UnknownProfile
from complaints.intake.reading.months import folded

FIELDS: Final = (
    "external_id", "received", "received_time", "received_check", "closed", "title", "words", "product", "sub_product",
    "issue", "sub_issue", "channel", "company", "region", "postcode", "status", "outcome", "customer_name",
    "customer_email", "customer_phone",
)  # fmt: skip


@lru_cache(maxsize=2048)
def plain(name: str) -> str:
    """A column name without case, accents, blanks and signs: `Date_month_year` is `datemonthyear`."""
    return "".join(c for c in folded(name) if c.isalnum())


@dataclass(frozen=True, slots=True)
class Profile:
    """`columns` names for each field the columns it may come from, the likeliest first; one column may serve several.

    `received_check` is a column that says the same day again beyond doubt (a month's name): better evidence than any
    guess about the other one's order.
    """

    name: str
    columns: Mapping[str, Sequence[str]]
    required: frozenset[str] = frozenset({"received"})
    _plain: dict[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        strangers = sorted((self.columns.keys() | self.required) - set(FIELDS))
        if strangers:
            raise UnknownProfile(
                f"The profile “{self.name}” maps fields we do not have: {', '.join(strangers)}."
            )
        if "received" not in self.columns:
            raise UnknownProfile(
                f"The profile “{self.name}” does not say which column is the date of receipt."
            )
        names = {ours: tuple(plain(name) for name in theirs) for ours, theirs in self.columns.items()}
        object.__setattr__(self, "_plain", names)

    @classmethod
    def from_mapping(cls, name: str, mapping: Mapping[str, str]) -> Self:
        """A mapping somebody saved: our field to the column's name. Its date and its number must be in the header."""
        columns = {ours: (column,) for ours, column in mapping.items() if column}
        return cls(name, columns, required=frozenset({"received", "external_id"} & columns.keys()))

    def match(self, header: Sequence[str]) -> dict[str, int]:
        """Our field to the column's position, for every field found."""
        at = {plain(name): index for index, name in reversed(list(enumerate(header)))}
        found: dict[str, int] = {}
        for ours, names in self._plain.items():
            position = next((at[name] for name in names if name in at), None)
            if position is not None:
                found[ours] = position
        return found

    def fits(self, found: Mapping[str, int]) -> bool:
        return self.required <= found.keys()


CFPB: Final = Profile(
    "cfpb",
    {
        "external_id": ("Complaint ID", "Complaint Number", "Complaint No"),
        "received": ("Date received", "Date complaint received", "Received date"),
        "words": (
            "Consumer complaint narrative",
            "Complaint narrative",
            "Narrative",
            "Complaint what happened",
        ),
        "product": ("Product",),
        "sub_product": ("Sub-product",),
        "issue": ("Issue",),
        "sub_issue": ("Sub-issue",),
        "channel": ("Submitted via",),
        "company": ("Company", "Company name"),
        "region": ("State",),
        "postcode": ("ZIP code", "ZIP"),
        "status": ("Company response to consumer", "Company response", "Response to consumer"),
        "outcome": ("Company response to consumer", "Company response", "Response to consumer"),
    },
    required=frozenset({"external_id", "received", "product"}),
)
FCC: Final = Profile(
    "fcc",
    {
        "external_id": ("Ticket", "Ticket #", "Ticket ID", "Ticket number", "Ticket no"),
        "received": ("Date", "Date received", "Ticket created", "Date created"),
        "received_check": ("Date_month_year",),
        "received_time": ("Time",),
        "title": ("Customer Complaint", "Complaint", "Issue"),
        "channel": ("Received Via", "Method"),
        "region": ("State",),
        "postcode": ("Zip code", "Zip"),
        "status": ("Status",),
    },
    required=frozenset({"external_id", "received", "title"}),
)
PROFILES: Final = {profile.name: profile for profile in (CFPB, FCC)}

# Other words for our fields, only ever used to suggest a mapping, never to decide one.
_OTHER_WORDS: Final = {
    "external_id": "id number reference case complaint nr aktenzeichen vorgangsnummer numero expediente",
    "received": "received created opened date eingang eingangsdatum datum fecha de date reception data ricevuto",
    "received_time": "time uhrzeit heure hora ora",
    "closed": "closed resolved date closed abschlussdatum geschlossen am cloture fecha cierre",
    "title": "title subject summary betreff objet asunto oggetto titel",
    "words": "narrative happened description complaint text details beschreibung beschwerde texto descripcion message",
    "product": "product produkt produit producto prodotto service",
    "issue": "issue reason category problem grund motif motivo anliegen",
    "channel": "channel via method source kanal canal eingangsweg",
    "company": "company firm provider unternehmen entreprise empresa bank",
    "region": "state region province bundesland etat estado provincia",
    "postcode": "zip postcode postal code plz code postal codigo postal cap",
    "status": "status state stand etat estado stato",
    "outcome": "outcome resolution response ergebnis resultat resultado",
    "customer_name": "name customer consumer kunde client cliente nom nombre",
    "customer_email": "email e-mail mail courriel correo",
    "customer_phone": "phone telephone mobile telefon telefono",
}
_ALIKE = 0.75
_MOST = 3
_WIDEST, _LONGEST = 100, 60  # columns and characters; beyond them no human named the columns


def suggestions_for(header: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """For each field of ours the columns most like it, the likeliest first; none that is more like another field."""
    columns = [column for column in header[:_WIDEST] if column and len(column) <= _LONGEST]
    scores = {ours: {column: _likeness(ours, column) for column in columns} for ours in _OTHER_WORDS}
    bar = {column: max(_ALIKE, *(of[column] for of in scores.values())) for column in columns}
    suggested = {
        ours: sorted((one for one in of if of[one] >= bar[one]), key=lambda one: -of[one])
        for ours, of in scores.items()
    }
    return {ours: tuple(close[:_MOST]) for ours, close in suggested.items() if close}


def _likeness(ours: str, column: str) -> float:
    names = [name for profile in PROFILES.values() for name in profile.columns.get(ours, ())] + [ours]
    whole = max(SequenceMatcher(None, plain(name), plain(column)).ratio() for name in names)
    known = _OTHER_WORDS[ours].split()
    words = folded(column).replace("_", " ").replace("-", " ").replace(".", " ").split()
    part = max((SequenceMatcher(None, a, b).ratio() for a in known for b in words), default=0.0)
    return max(whole, 0.95 * part)


def profile_named(name: str) -> Profile:
    try:
        return PROFILES[name.casefold()]
    except KeyError:
        raise UnknownProfile(f"There is no profile called “{name}”; we have {', '.join(PROFILES)}.") from None
