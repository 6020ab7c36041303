"""The next-step card and every other button of the complaint page: only what this person can do here and now."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse

from complaints.desk.dialogs import Dialog, on_complaint
from complaints.desk.guidance import STAGES
from complaints.desk.open_file import OpenFile
from complaints.resolution.models import State
from complaints.resolution.permission import WORK
from escalations.models import Escalation, Reason

ADDRESS = "admin:resolution_complaint_do"
ADDRESS_OF_PART = "admin:resolution_complaint_do_part"
#: Every other deed, in the order of the menu "More".
MORE: dict[str, tuple[str, ...]] = {
    "The matter": (
        "investigate",
        "take",
        "assign",
        "ask",
        "waive",
        "finding",
        "add-point",
        "make-offer",
        "respond",
        "settle",
        "raise",
        "correct",
    ),
    "Words and files": ("note", "received", "update", "attach", "report"),
    "Dates": ("rules", "pack", "move-date", "stage-thanks"),
    "Afterwards": ("follow-up", "document", "close", "reopen", "next-stage", "referral"),
    "Ways out": ("after-abuse", "withdraw", "merge", "restrict"),
}


@dataclass(frozen=True, slots=True)
class Button:
    """A button opens its dialog in place, unless it leads to a page of its own."""

    label: str
    url: str
    danger: bool = False
    in_place: bool = True


@dataclass(frozen=True, slots=True)
class NextStep:
    """The card as the page shows it: only deeds that are possible for this person now."""

    say: str
    advice: str
    primary: list[Button] = field(default_factory=list)
    secondary: list[Button] = field(default_factory=list)
    more: list[tuple[str, list[Button]]] = field(default_factory=list)
    why: str = ""


def next_step(file: OpenFile) -> NextStep:
    step = STAGES[file.complaint.state](file)
    why = reverse(step.why[0], args=[step.why[1]]) if step.why else ""
    if not file.may(WORK):
        return NextStep(step.say, "You can read this complaint. Working it is for its handler.", why=why)
    offered = {dialog.name: dialog for dialog in on_complaint.offered(file)}
    primary = _buttons(file, step.first, offered, part=step.part) + _question_before_me(file)
    secondary = _buttons(file, step.then, offered)
    shown = {*step.first, *step.then}
    more = [
        (title, _buttons(file, (name for name in names if name not in shown), offered))
        for title, names in MORE.items()
    ]
    return NextStep(
        step.say, step.advice, primary, secondary, [(title, found) for title, found in more if found], why
    )


def _buttons(
    file: OpenFile,
    names: Iterable[str],
    offered: dict[str, Dialog[OpenFile]],
    *,
    part: int | None = None,
) -> list[Button]:
    found = []
    for name in names:
        if part is not None and on_complaint[name].part:
            found += button_for(file, name, part)
        elif name in offered and not offered[name].part:
            found.append(_button(file, offered[name]))
    return found


def button_for(file: OpenFile, name: str, part: int) -> list[Button]:
    """The button of a dialog about one point, line or letter; none where it is not for this person now."""
    dialog, turned = on_complaint[name], file.about_part(part)
    if getattr(turned, dialog.part) is None or not dialog.when(turned):
        return []
    return button_of(file, name, part)


def button_of(file: OpenFile, name: str, part: int) -> list[Button]:
    """The same where the page has looked already whether it is possible."""
    dialog = on_complaint[name]
    if not dialog.permits(file):
        return []
    url = reverse(ADDRESS_OF_PART, args=[file.complaint.pk, name, part])
    return [Button(dialog.label, url, dialog.danger)]


def buttons_for(file: OpenFile, *names: str) -> list[Button]:
    """These buttons wherever else a page wants them, as far as they are possible."""
    dialogs = (on_complaint[name] for name in names)
    return [_button(file, dialog) for dialog in dialogs if dialog.is_offered(file)]


def _question_before_me(file: OpenFile) -> list[Button]:
    """While an offer waits for approval, those who work the queue it lies in get the way there."""
    if file.complaint.state != State.REFERRED:
        return []
    asked = (
        Escalation.objects.worked_by(file.person, now=file.now).unanswered().filter(complaint=file.complaint)
    )
    question = asked.filter(reason=Reason.OVER_LIMIT).first()
    if question is None:
        return []
    url = reverse("admin:escalations_escalation_change", args=[question.pk])
    return [Button("Decide on the offer", url, in_place=False)]


def _button(file: OpenFile, dialog: Dialog[OpenFile]) -> Button:
    return Button(dialog.label, reverse(ADDRESS, args=[file.complaint.pk, dialog.name]), dialog.danger)
