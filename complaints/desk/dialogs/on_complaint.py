"""The register of dialogs about a complaint, and the usual answers to when a button is shown."""

from collections.abc import Callable

from complaints.desk.dialogs.dialog import Dialogs
from complaints.desk.open_file import OpenFile
from complaints.resolution.models import Move

on_complaint: Dialogs[OpenFile] = Dialogs()


def allowed(*moves: Move) -> Callable[[OpenFile], bool]:
    """The graph and the role allow one of these moves."""
    return lambda file: file.allows(*moves)


def while_open(file: OpenFile) -> bool:
    return bool(file.complaint.is_open)


def always(_file: OpenFile) -> bool:
    return True
