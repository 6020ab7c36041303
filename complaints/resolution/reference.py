"""References fit to be read over the phone: C26-004217-K.

Year and number, then a check letter: the eight digits modulo 23. 23 is prime and no two powers of ten below
10^22 agree modulo 23, so one wrong digit, or any two digits exchanged, always changes the letter. I, O and Q are
left out because they are heard and read as 1 and 0.
"""

import re

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
GAP = r"[\s./-]"
SPOKEN = re.compile(rf"^\s*C?\s*(\d\d)(?:{GAP}+(\d{{1,6}})|(\d{{6}})){GAP}*([A-Z])?\s*$", re.IGNORECASE)


def compose(year: int, number: int) -> str:
    digits = f"{year % 100:02}{number:06}"
    return f"C{digits[:2]}-{digits[2:]}-{check_letter(digits)}"


def check_letter(digits: str) -> str:
    return LETTERS[int(digits) % 23]


def understand(text: str) -> str | None:
    """The reference meant by what somebody typed or heard, or None if it is none or its letter is wrong."""
    match = SPOKEN.match(text)
    if match is None:
        return None
    year, short, whole, letter = match.groups()
    reference = compose(int(year), int(short or whole))
    return reference if letter is None or reference.endswith(letter.upper()) else None
