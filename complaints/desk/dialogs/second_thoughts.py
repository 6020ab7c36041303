"""Thinking better of a letter: taken back before it leaves, and written anew."""

from complaints.desk.dialogs.on_complaint import on_complaint
from complaints.desk.forms.base import NoFields
from complaints.desk.forms.correspondence import AnewForm
from complaints.desk.open_file import OpenFile
from complaints.desk.story import can_be_taken_back
from complaints.resolution import actions
from complaints.resolution.actions.second_thoughts import MAY_STAY_UNWRITTEN
from complaints.resolution.permission import WORK


def is_still_here(file: OpenFile) -> bool:
    return file.letter is not None and can_be_taken_back(file.letter)


def is_back(file: OpenFile) -> bool:
    letter = file.letter
    if letter is None or not actions.was_taken_back(letter):
        return False
    moved_on = file.complaint.entries.moves().filter(at__gt=letter.at)
    return not (actions.written_in_place_of(letter) or moved_on.exists())


@on_complaint.dialog(
    "take-back",
    "Take back",
    form=NoFields,
    permission=WORK,
    when=is_still_here,
    part="letter",
    title="Take this letter back",
    guidance="It will not leave. What was decided with it stands, so where it told the customer a decision, "
    "write it anew: the button stands beside it in the story.",
)
def take_back(file: OpenFile, _form: NoFields) -> str:
    letter = file.letter
    if letter is None:
        return ""
    actions.take_back(letter, by=file.person, now=file.now)
    if letter.kind in MAY_STAY_UNWRITTEN:
        return "The letter stays here. Write it anew if the customer should still hear."
    return "The letter stays here. The customer does not know of the decision yet: write it anew."


@on_complaint.dialog(
    "write-anew",
    "Write it anew",
    form=AnewForm,
    permission=WORK,
    when=is_back,
    part="letter",
    title="Write the letter anew",
    guidance="It begins with the words you took back, and goes to the customer in their place.",
    submit="Send the letter",
)
def write_anew(file: OpenFile, form: AnewForm) -> str:
    if file.letter is not None:
        actions.write_anew(file.letter, letter=form.letter(), by=file.person, now=file.now)
    return "The letter is on its way."
