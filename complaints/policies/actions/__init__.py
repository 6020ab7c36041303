"""The verbs: what a firm decides about its own rules."""

from complaints.policies.actions.letters import WRITE_LETTERS, check_wording, write_template
from complaints.policies.actions.versions import (
    MAKE_VERSIONS,
    draft,
    make_version,
    next_version,
    withdraw_version,
)

__all__ = [
    "MAKE_VERSIONS",
    "WRITE_LETTERS",
    "check_wording",
    "draft",
    "make_version",
    "next_version",
    "withdraw_version",
    "write_template",
]
