from complaints.intake.actions.importing import import_complaints
from complaints.intake.actions.lodging import Telling, lodge, register
from complaints.intake.actions.mappings import (
    ENCODINGS,
    Choices,
    open_as_chosen,
    profile_called,
    save_mapping,
)
from complaints.intake.actions.post import (
    join,
    open_by,
    read_mail_again,
    refuse_mail,
    refuse_mails,
    sort_mails,
)
from complaints.intake.actions.runs import carry_out, discard_uploads, plan_import, resume, start_again

__all__ = [
    "ENCODINGS",
    "Choices",
    "Telling",
    "carry_out",
    "discard_uploads",
    "import_complaints",
    "join",
    "lodge",
    "open_as_chosen",
    "open_by",
    "plan_import",
    "profile_called",
    "read_mail_again",
    "refuse_mail",
    "refuse_mails",
    "register",
    "resume",
    "save_mapping",
    "sort_mails",
    "start_again",
]
