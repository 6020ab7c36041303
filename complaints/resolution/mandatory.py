"""What a letter must say by the policy the complaint was received under."""

from dataclasses import replace

from complaints.resolution import timing
from complaints.resolution.letters import Letter
from complaints.resolution.models import Complaint


def with_rights(complaint: Complaint, letter: Letter) -> Letter:
    """The letter with the policy's paragraph on how to take the matter further, put under it if it lacks it (D16)."""
    rights = timing.pack_of(complaint).rights_text.strip()
    if rights in letter.body:
        return letter
    return replace(letter, body=f"{letter.body.rstrip()}\n\n{rights}\n")
