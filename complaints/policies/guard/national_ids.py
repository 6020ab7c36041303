"""Numbers a state gives to a person, each with its own sum of proof.

Numbers of bare digits are proved right by chance one time in ten, so they count only beside a word that says what
they are; those with letters, or with two digits of proof, speak for themselves.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from complaints.policies.guard.context import LetterContext
from complaints.policies.guard.findings import Family, Hit
from complaints.policies.guard.numbers import luhn
from complaints.policies.guard.rulebook import Language
from complaints.policies.guard.text import Text

#: How far before the number the word may stand, in letters.
NEAR = 60
DNI = "TRWAGMYFPDXBNJZSQVHLCKE"
HETU = "0123456789ABCDEFHJKLMNPRSTUVWXY"


@dataclass(frozen=True, slots=True)
class NationalId:
    name: str
    pattern: re.Pattern[str]
    is_right: Callable[[str], bool]
    #: Words beside it; none where the number speaks for itself.
    beside: tuple[str, ...] = ()


def national_ids(text: Text, _language: Language, _context: LetterContext) -> Iterator[Hit]:
    for kind in KINDS:
        for match in kind.pattern.finditer(text.plain):
            near = text.low[max(match.start() - NEAR, 0) : match.start()]
            if kind.beside and not any(word in near for word in kind.beside):
                continue
            if kind.is_right(re.sub(r"[^0-9A-Za-z+-]", "", match.group()).upper()):
                yield Hit(Family.NATIONAL_ID, "national_id", match.start(), match.end(), {"name": kind.name})


def weighted(digits: Sequence[str], weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def nino(text: str) -> bool:
    prefix = text[:2]
    wrong = prefix in {"BG", "GB", "NK", "KN", "TN", "NT", "ZZ"}
    return not (wrong or prefix[0] in "DFIQUV" or prefix[1] in "DFIQUVO")


def nhs(text: str) -> bool:
    proof = 11 - weighted(text, range(10, 1, -1)) % 11
    return proof % 11 == int(text[9]) and proof != 10  # noqa: PLR2004


def ssn(text: str) -> bool:
    area, group, serial = text[:3], text[3:5], text[5:]
    return area not in {"000", "666"} and area[0] != "9" and group != "00" and serial != "0000"


def german_tax(text: str) -> bool:
    """ISO 7064, mod 11,10."""
    product = 10
    for digit in text[:10]:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return text[0] != "0" and (11 - product) % 10 == int(text[10])


def french_nir(text: str) -> bool:
    body = text[:13].replace("2A", "19", 1).replace("2B", "18", 1) if text[5:7] in {"2A", "2B"} else text[:13]
    return body.isdigit() and 97 - int(body) % 97 == int(text[13:])


def spanish(text: str) -> bool:
    digits = text[:-1].translate(str.maketrans("XYZ", "012"))
    return DNI[int(digits) % 23] == text[-1]


ODD = dict(
    zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16,
         10, 22, 25, 24, 23),
        strict=True)
)  # fmt: skip


def italian(text: str) -> bool:
    total = sum(
        ODD[letter] if place % 2 == 0 else int(letter) if letter.isdigit() else ord(letter) - ord("A")
        for place, letter in enumerate(text[:15])
    )
    return chr(ord("A") + total % 26) == text[15]


def dutch(text: str) -> bool:
    return (weighted(text, range(9, 1, -1)) - int(text[8])) % 11 == 0 and int(text) > 0


def polish(text: str) -> bool:
    proof = (10 - weighted(text, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10) % 10
    month = int(text[2:4]) % 20
    return proof == int(text[10]) and 1 <= month <= 12 and 1 <= int(text[4:6]) <= 31  # noqa: PLR2004


def swedish(text: str) -> bool:
    digits = re.sub(r"\D", "", text)[-10:]
    return _is_day(digits[2:4], digits[4:6]) and luhn(digits)


def belgian(text: str) -> bool:
    body, proof = text[:9], int(text[9:])
    return proof in (97 - int(body) % 97, 97 - int(f"2{body}") % 97)


def finnish(text: str) -> bool:
    return _is_day(text[2:4], text[:2]) and HETU[int(text[:6] + text[7:10]) % 31] == text[10]


def swiss(text: str) -> bool:
    proof = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(text[:12]))
    return (10 - proof % 10) % 10 == int(text[12])


def norwegian(text: str) -> bool:
    first = (11 - weighted(text, (3, 7, 6, 1, 8, 9, 4, 5, 2)) % 11) % 11
    second = (11 - weighted(text, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11) % 11
    return first == int(text[9]) and second == int(text[10]) and _is_day(text[2:4], text[:2])


def brazilian(text: str) -> bool:
    first = weighted(text, range(10, 1, -1)) * 10 % 11 % 10
    second = weighted(text, range(11, 1, -1)) * 10 % 11 % 10
    return first == int(text[9]) and second == int(text[10]) and len(set(text)) > 1


def australian(text: str) -> bool:
    return weighted(text, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0 and int(text) > 0


def canadian(text: str) -> bool:
    return text[0] not in "08" and luhn(text)


def _is_day(month: str, day: str) -> bool:
    try:
        date(2000, int(month), int(day))
    except ValueError:
        return False
    return True


def of(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE)


KINDS = (
    NationalId("British National Insurance number", of(r"[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]"), nino),
    NationalId("British NHS number", of(r"\d{3}[ -]?\d{3}[ -]?\d{4}"), nhs, ("nhs",)),
    NationalId("American Social Security number", of(r"\d{3}-\d{2}-\d{4}"), ssn),
    NationalId(
        "American Social Security number", of(r"\d{3} ?\d{2} ?\d{4}"), ssn, ("ssn", "social security")
    ),
    NationalId(
        "German tax number",
        of(r"\d{2} ?\d{3} ?\d{3} ?\d{3}"),
        german_tax,
        ("steuer-id", "steueridentifikation", "identifikationsnummer", "idnr", "tax id", "tax number"),
    ),
    NationalId(
        "French insurance number", of(r"[1-478] ?\d{2} ?\d{2} ?\d[\dAB] ?\d{3} ?\d{3} ?\d{2}"), french_nir
    ),
    NationalId(
        "Spanish identity number", of(r"(?:\d{8}|[XYZ]-?\d{7})-?[A-Z]"), lambda t: spanish(t.replace("-", ""))
    ),
    NationalId("Italian tax code", of(r"[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]"), italian),
    NationalId(
        "Dutch citizen number", of(r"\d{9}|\d{4}[. ]\d{2}[. ]\d{3}"), dutch, ("bsn", "burgerservice", "sofi")
    ),
    NationalId("Polish identity number", of(r"\d{11}"), polish, ("pesel",)),
    NationalId("Swedish personal number", of(r"(?:\d{2})?\d{6}[-+]\d{4}"), swedish),
    NationalId(
        "Belgian national number",
        of(r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}"),
        lambda t: belgian(t.replace("-", "")),
    ),
    NationalId(
        "Belgian national number",
        of(r"\d{11}"),
        belgian,
        ("rijksregister", "registre national", "national number"),
    ),
    NationalId("Finnish identity code", of(r"\d{6}[-+A]\d{3}[0-9A-Z]"), finnish),
    NationalId("Swiss insurance number", of(r"756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}"), swiss),
    NationalId(
        "Norwegian birth number",
        of(r"\d{6} ?\d{5}"),
        norwegian,
        ("fødselsnummer", "personnummer", "birth number", "fodselsnummer"),
    ),
    NationalId("Brazilian CPF", of(r"\d{3}\.\d{3}\.\d{3}-\d{2}"), lambda t: brazilian(t.replace("-", ""))),
    NationalId("Australian tax file number", of(r"\d{3} ?\d{3} ?\d{3}"), australian, ("tfn", "tax file")),
    NationalId(
        "Canadian social insurance number",
        of(r"\d{3}[ -]?\d{3}[ -]?\d{3}"),
        lambda t: canadian(t.replace("-", "")),
        ("social insurance", " sin "),
    ),
)
