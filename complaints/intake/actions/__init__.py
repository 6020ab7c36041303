from complaints.intake.actions.importing import import_complaints
from complaints.intake.actions.lodging import Telling, lodge, register
from complaints.intake.actions.mappings import (
    ENCODINGS,
    Choices,
    open_as_chosen,
    profile_called,
    save_mapping,
)
from complaints.intake.actions.runs import carry_out, discard_uploads, plan_import, resume, start_again

__all__ = [
    "ENCODINGS",
    "Choices",
    "Telling",
    "carry_out",
    "discard_uploads",
    "import_complaints",
    "lodge",
    "open_as_chosen",
    "plan_import",
    "profile_called",
    "register",
    "resume",
    "save_mapping",
    "start_again",
]
