"""Nothing wrong ever leaves: a letter is read before it goes, and what stands against it said in words.

Pure and deterministic; the rules are data, one file a language (`rules/`). `inspect` is all that others need.
"""

from complaints.policies.guard.amounts import sums_named as sums_in
from complaints.policies.guard.context import LetterContext, Sum
from complaints.policies.guard.findings import Family, Finding, Level
from complaints.policies.guard.inspection import LONGEST, check_rules, inspect
from complaints.policies.guard.others import names_in, references_in

__all__ = [
    "LONGEST", "Family", "Finding", "LetterContext", "Level", "Sum", "check_rules", "inspect", "names_in",
    "references_in", "sums_in",
]  # fmt: skip
