from collections.abc import Iterable
from datetime import datetime
from typing import Any

from complaints.policies.guard import Finding
from complaints.resolution import guarding
from complaints.resolution.actors import Actor, staff_or_none
from complaints.resolution.exceptions import HeldBack
from complaints.resolution.letters import Letter
from complaints.resolution.models import Complaint, Message, MessageKind


def let_pass(
    letter: Letter, complaint: Complaint, *, kind: MessageKind, by: Actor, now: datetime, rule: str = ""
) -> tuple[Finding, ...]:
    """What the guard says of a letter staff wrote. Raises HeldBack where it must not leave and no reason is given.

    What goes by itself is not asked: the house's own letters are read in its tests, once for all.
    """
    if staff_or_none(by) is None:
        return ()
    findings = guarding.findings_in(letter, complaint, kind=kind, by=by, now=now, rule=rule)
    if any(finding.blocks for finding in findings) and not letter.despite.strip():
        raise HeldBack(findings)
    return findings


def kept(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """What is kept of the findings with the letter: enough to count by rule, and to read what its writer read."""
    return [
        {
            "rule": finding.rule,
            "level": finding.level.value,
            "quote": finding.quote[:200],
            "reason": finding.reason,
        }
        for finding in findings
    ]


def checked(message: Message) -> dict[str, Any]:
    """For the ledger: which letter it was, what the guard said of it, and why it went all the same."""
    said: dict[str, Any] = {"message": message.pk}
    if message.findings:
        said["guard"] = [f"{one['level']}:{one['rule']}" for one in message.findings]
    if message.despite:
        said["despite"] = message.despite
    return said
