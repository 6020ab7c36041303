"""What people write when they mean nothing, a channel, or that a matter is over."""

from typing import Final

from complaints.intake.reading.months import folded
from complaints.intake.reading.records import Channel, Standing

NO_VALUE: Final = frozenset(
    {
        "", "n/a", "na", "n.a.", "n.a", "#n/a", "none", "null", "(null)", "<null>", "\\n", "nan", "nil", "(blank)", "-",
        "--", "---", "–", "—", "not applicable", "not available", "k.a.", "k. a.", "keine angabe", "entfällt", "n.v.t.",
        "s/d", "sin dato", "non renseigné", "n/d", "brak", "sans objet",
    }
)  # fmt: skip
_LONGEST = 20  # anything longer is something

_CHANNEL_WORDS: Final = (
    (Channel.EMAIL, ("email", "e-mail", "courriel", "correo electronico", "posta elettronica")),
    (Channel.REFERRAL, ("referral", "referred", "weitergeleitet", "transmis")),
    (Channel.PHONE, ("phone", "call", "telef", "anruf", "appel", "llamada", "hotline")),
    (Channel.LETTER, ("postal", "letter", "post", "brief", "courrier", "carta", "lettera", "mail")),
    (Channel.WEB, ("web", "internet", "online", "portal", "site", "app", "en ligne")),
)
_CLOSING_WORDS: Final = (
    "closed", "solved", "resolved", "settled", "completed", "complete", "done", "finished", "withdrawn", "geschlossen",
    "abgeschlossen", "erledigt", "gelöst", "clos", "clôturé", "fermé", "résolu", "traité", "cerrado", "resuelto",
    "chiuso", "risolto", "fechado", "resolvido", "gesloten", "opgelost", "afgehandeld", "zamknięta", "zamknięte",
)  # fmt: skip
_CLOSED = frozenset(folded(word) for word in _CLOSING_WORDS)


def value_of(raw: str) -> str:
    """The cell's value, or nothing where it says that there is none. Leading zeros and masks stay as they are."""
    if not raw:
        return raw
    text = raw.strip()
    if len(text) > _LONGEST:
        return text
    if text.casefold() in NO_VALUE:
        return ""
    return text[2:-1] if text[0] == "=" and text[1:2] == text[-1] == '"' else text


def number_of(raw: str) -> str:
    """A reference or postcode that passed through a spreadsheet: `3571115.0` is 3571115 again."""
    text = value_of(raw)
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


def words_of(raw: str) -> str:
    """The customer's words, to the last blank; nothing only where the whole cell says so."""
    return raw if value_of(raw) else ""


def channel_of(wording: str) -> Channel:
    text = folded(wording)
    for channel, signs in _CHANNEL_WORDS:
        if any(sign in text for sign in signs):
            return channel
    return Channel.OTHER


def standing_of(wording: str) -> Standing:
    """Closed only where the wording begins by saying so; what we do not understand is still open."""
    first = folded(wording).replace("-", " ").split(maxsplit=1)
    return Standing.CLOSED if first and first[0].rstrip(".,:;") in _CLOSED else Standing.OPEN
