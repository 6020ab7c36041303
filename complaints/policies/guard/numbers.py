"""Numbers that must not stand in a letter: cards and bank accounts, known by their check digits."""

import re
from collections.abc import Iterator

from complaints.policies.guard.context import LetterContext
from complaints.policies.guard.findings import Family, Hit
from complaints.policies.guard.rulebook import Language
from complaints.policies.guard.text import Text

CARD = re.compile(r"(?<![\w.,/])(?<!\d[ -])\d(?:[ -]?\d){12,18}(?![\w])(?![ -]?\d)")
#: How the numbers of the card schemes begin, and how long they are.
SCHEMES = (
    (re.compile(r"4"), {13, 16, 19}),
    (re.compile(r"5[1-5]|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)"), {16}),
    (re.compile(r"3[47]"), {15}),
    (re.compile(r"3(?:0[0-59]|[689])"), {14, 16, 19}),
    (re.compile(r"35(?:2[89]|[3-8])"), {16}),
    (re.compile(r"6(?:011|5|4[4-9]|2)"), {16, 17, 18, 19}),
    (re.compile(r"50|5[6-9]|6[0137]"), {13, 14, 15, 16, 17, 18, 19}),
)
IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}")
#: Country and length, from the register of the standard (ISO 13616).
LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28,
    "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18,
    "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22,
    "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20,
    "LU": 20, "LV": 21, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15,
    "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SC": 31, "SE": 24, "SI": 19,
    "SK": 24, "SM": 27, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
}  # fmt: skip


def cards(text: Text, _language: Language, _context: LetterContext) -> Iterator[Hit]:
    for match in CARD.finditer(text.plain):
        digits = re.sub(r"\D", "", match.group())
        if is_card(digits):
            yield Hit(Family.CARD, "card", match.start(), match.end(), {"last": digits[-4:]})


def is_card(digits: str) -> bool:
    known = any(len(digits) in lengths and start.match(digits) for start, lengths in SCHEMES)
    return known and len(set(digits)) > 1 and luhn(digits)


def luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 - the two digits of the product, added
    return total % 10 == 0


def ibans(text: Text, _language: Language, _context: LetterContext) -> Iterator[Hit]:
    for match in IBAN.finditer(text.plain):
        length = _iban_length(match.group())
        if length:
            end = match.start() + length
            yield Hit(Family.IBAN, "iban", match.start(), end, {"last": text.plain[end - 4 : end]})


def _iban_length(found: str) -> int:
    """How much of this is a bank account; words may follow it without a stop."""
    wanted = LENGTHS.get(found[:2].upper(), 0)
    read = ""
    for at, letter in enumerate(found, start=1):
        read += letter if letter.isalnum() else ""
        if wanted and len(read) == wanted:
            closed = at == len(found) or not found[at].isalnum()
            return at if closed and is_iban(read) else 0
    return 0


def is_iban(account: str) -> bool:
    account = account.upper()
    if len(account) != LENGTHS.get(account[:2]) or not account.isascii():
        return False
    turned = account[4:] + account[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1
