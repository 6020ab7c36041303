"""What the schema refuses, each by file, key and reason; on the packs that ship, so that it stays true of them."""

from pathlib import Path

import pytest

from complaints.policies import packs
from complaints.policies.exceptions import PackInvalid
from complaints.policies.ladder import Factor
from complaints.policies.letter_rules import LetterKind, Statement
from complaints.policies.packs import read_file

COUNCIL = [
    ('when = { stage = ["stage1"] }', 'when = { stage = ["stage9"] }', r"clocks\[0\]\.when\.stage", "'stage9' is not a stage"),
    ('when = { stage = ["stage1"] }', "when = {}", r"clocks\[0\]\.when", "at least one value"),
    ('when = { stage = ["stage1"] }', 'when = { mood = ["bad"] }', r"clocks\[0\]\.when\.mood", "is not known"),
    ('warn_at = ["0.5", "0.8"]', 'warn_at = ["0.8", "0.5"]', r"clocks\[1\]\.warn_at", "must rise"),
    ('warn_at = ["0.5", "0.8"]', 'warn_at = ["0.5", "8"]', r"clocks\[1\]\.warn_at", "between 0 and 1"),
    ('warn_at = ["0.5", "0.8"]', "warn_at = [0.5]", r"clocks\[1\]\.warn_at\[0\]", "must be a text"),
    ('by = "10 business days"\n', "", r"clocks\[1\]\.extension", "by or to"),
    ('by = "10 business days"', 'by = "10 days"', r"clocks\[1\]\.extension\.by", "must be in business_days"),
    ('by = "10 business days"', 'to = "9 business days"', r"clocks\[1\]\.extension\.to", "longer than the limit"),
    ('notice = "extension_notice"', 'notice = "whisper"', r"clocks\[1\]\.extension\.notice", "must be one of"),
    ('notice = "extension_notice"', 'notice = "holding_response"', r"clocks\[1\]\.extension\.notice", "needs a rule for the letter"),
    ('status = "V"\n\n[clocks', "\n[clocks", r"clocks\[1\]\.status", "is missing"),
    ('reviewer_not = ["stage1"]', 'reviewer_not = ["stage2"]', r"stages\[1\]\.reviewer_not", "not a stage before"),
    ('code = "stage2"', 'code = "stage1"', r"stages\[1\]\.reviewer_not|\(the file\)", "same code"),
    ("level = 2", "level = 4", r"ladder\[2\]\.level", "without a gap"),
    ('clock = "stage1_response", used', 'clock = "cuckoo", used', r"ladder\[0\]\.after\.clock", "can be missed"),
    ('used = "0.5"', 'used = "1.5"', r"ladder\[0\]\.after\.used", "between 0 and 1"),
    (', used = "0.5"', "", r"ladder\[0\]\.after", "used or breached"),
    (', used = "0.5"', ', used = "0.5", breached = true', r"ladder\[0\]\.after", "used or breached"),
    ("raise_at = 5", "raise_at = 50", r"early_warning\.raise_at", "the sum of the weights"),
    ("mood = 1", "mood = -1", r"early_warning\.weights\.mood", "negative"),
    ("mood = 1, ", "", r"early_warning\.weights\.mood", "is missing"),
    ('requires = ["receipt", "answer_by"]', "requires = []", r"letters\[0\]\.requires", "must name a statement"),
    ('requires = ["receipt", "answer_by"]', 'requires = ["receipt", "receipt"]', r"letters\[0\]\.requires", "twice"),
    ('requires = ["receipt", "answer_by"]', 'requires = ["poetry"]', r"letters\[0\]\.requires\[0\]", "must be one of"),
    ('kind = "stage_response"', 'kind = "final_response"', r"\(the file\)", "Two letters have the same code"),
    ('code = "not_upheld"', 'code = "upheld"', r"\(the file\)", "Two closing codes have the same code: upheld"),
]  # fmt: skip
DISP = [
    ('on_expiry = "none"', 'on_expiry = "shrug"', r"clocks\[2\]\.on_expiry", "breach, none"),
    ('clock = "final_response", used', 'clock = "summary_window", used', r"ladder\[2\]\.after\.clock", "can be missed"),
    ('dispute = ["payment", "emoney"]', 'dispute = ["divorce"]', r"clocks\[3\]\.unless\.dispute\[0\]", "must be one of"),
    ('start = "answered"', 'start = "stage_requested"', r"clocks\[6\]\.start", "second stage"),
    ('every = "half_year"', 'every = "blue_moon"', r"returns\[0\]\.every", "quarter, half_year, year"),
]  # fmt: skip
#: Another limit of a clock that may be extended, which the extension must reach beyond as well.
LONGER = (
    '[clocks.extension]\nby = "10 business days"',
    '[[clocks.instead]]\nwhen = { priority = ["high"] }\nlimit = "2 weeks"\nrule = "R."\nsource = "S."\nstatus = "H"\n\n[clocks.extension]\nby = "10 business days"',
)  # fmt: skip
COUNCIL.append((*LONGER, r"clocks\[1\]\.extension\.by", "must be in weeks"))
BILLING = [
    ("within_cycles = 2", "within_cycles = -2", r"clocks\[4\]\.within_cycles", "negative"),
]
WRONG = [(file, *case) for file, cases in (("uk_council", COUNCIL), ("uk_disp", DISP), ("us_billing", BILLING)) for case in cases]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "key", "reason"), WRONG)
def test_a_wrong_rule_is_refused_with_file_key_and_reason(
    file: str, old: str, new: str, key: str, reason: str, tmp_path: Path
) -> None:
    text = (packs.FOLDER / f"{file}.toml").read_text()
    assert old in text
    mine = tmp_path / "mine.toml"
    mine.write_text(text.replace(old, new, 1))
    with pytest.raises(PackInvalid, match=rf"^mine\.toml: ({key}): .*{reason}"):
        read_file(mine)


def test_a_letter_lacks_what_it_does_not_state() -> None:
    rule = packs.pack("uk_disp", 1).letter(LetterKind.HOLDING_RESPONSE)
    assert rule
    assert rule.missing(frozenset({Statement.REASON_FOR_DELAY})) == (Statement.EXPECTED_BY,)
    assert rule.missing(frozenset(Statement)) == ()
    assert packs.pack("house", 1).letter(LetterKind.HOLDING_RESPONSE) is None


def test_the_score_is_the_sum_of_the_weights_each_factor_once() -> None:
    warning = packs.pack("house", 1).early_warning
    assert warning
    assert warning.score([Factor.MEDIA, Factor.MOOD, Factor.MEDIA]) == 5 == warning.raise_at
    assert warning.score([]) == 0


def test_every_pack_that_ships_can_raise_warn_and_write_home() -> None:
    for versions in packs.shipped().values():
        for version in versions:
            assert version.ladder, version.code
            assert version.early_warning, version.code
            assert version.letters, version.code
            assert version.closing_codes, version.code


def test_every_pack_that_ships_has_a_life_replayed() -> None:
    replayed = {path.stem.removeprefix("test_life_") for path in Path(__file__).parent.glob("test_life_*.py")}
    assert replayed == set(packs.shipped())
