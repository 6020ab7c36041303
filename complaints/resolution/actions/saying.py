from complaints.resolution import mandatory
from complaints.resolution.actors import Actor, staff_or_none
from complaints.resolution.exceptions import StatementMissing
from complaints.resolution.letters import Letter
from complaints.resolution.models import Complaint


def say_all(rule: str, letter: Letter, complaint: Complaint, by: Actor) -> Letter:
    """What goes by itself is completed, so that nobody waits for it; a person is told what to put in (D16)."""
    missing = mandatory.lacking(rule, letter, complaint)
    if staff_or_none(by) is None:
        return mandatory.completed(letter, missing) if missing else letter
    if missing:
        sentences = dict.fromkeys(one.sentence for one in missing if one.sentence)
        raise StatementMissing([one.name for one in missing], list(sentences))
    return letter
