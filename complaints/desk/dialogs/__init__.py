"""Every deed of the desk as a dialog: a button, a form, one verb.

Another page brings its own register: make a `Dialogs[YourSubject]()`, put deeds in it with `@yours.dialog(...)`,
and let its view call `serve(request, dialog, subject, back=..., refusals=(YourRefused, Refused))`.
"""

from complaints.desk.dialogs import (
    closing,
    correspondence,
    dates,
    inquiry,
    offers,
    opening,
    promises,
    second_thoughts,
    supervision,
)
from complaints.desk.dialogs.dialog import Dialog, Dialogs, Subject
from complaints.desk.dialogs.on_complaint import on_complaint
from complaints.desk.dialogs.serving import serve
from complaints.desk.forms.base import DialogForm, NoFields, ReasonForm, Words

__all__ = [
    "Dialog",
    "DialogForm",
    "Dialogs",
    "NoFields",
    "ReasonForm",
    "Subject",
    "Words",
    "closing",
    "correspondence",
    "dates",
    "inquiry",
    "offers",
    "on_complaint",
    "opening",
    "promises",
    "second_thoughts",
    "serve",
    "supervision",
]
