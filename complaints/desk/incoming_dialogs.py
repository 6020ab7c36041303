"""What a person decides about a mail that a machine must not decide about."""

from complaints.desk.dialogs.dialog import Dialogs
from complaints.desk.forms.base import NoFields
from complaints.desk.forms.incoming import JoinForm, OpenForm, RefuseMailForm
from complaints.desk.incoming_page import OpenMail
from complaints.intake import actions
from complaints.resolution.permission import WORK

on_mail: Dialogs[OpenMail] = Dialogs()


@on_mail.dialog(
    "join",
    "Put into a complaint",
    form=JoinForm,
    permission=WORK,
    when=lambda mail: mail.is_held,
    title="Put this mail into a complaint",
    guidance=(
        "Compare the addresses first. Whoever wrote gains no access by it; a sender who is not the customer is named "
        "as such in the story. In doubt call the customer."
    ),
    submit="Put it there",
)
def join(mail: OpenMail, form: JoinForm) -> str:
    complaint = form.cleaned_data["reference"]
    actions.join(mail.mail, complaint=complaint, by=mail.person, now=mail.now)
    return f"The mail is in the story of {complaint.reference}."


@on_mail.dialog(
    "open",
    "Open a complaint",
    form=OpenForm,
    permission=WORK,
    when=lambda mail: mail.is_held,
    title="Open a complaint of its own",
    guidance="The clocks run from the day the mail arrived, and the customer is thanked by letter.",
    submit="Open it",
)
def open_complaint(mail: OpenMail, form: OpenForm) -> str:
    opened = actions.open_by(mail.mail, **form.cleaned_data, by=mail.person, now=mail.now)
    return f"{opened.reference} is open."


@on_mail.dialog(
    "read-again",
    "Read again",
    form=NoFields,
    permission=WORK,
    when=lambda mail: mail.is_undecided,
    title="Read this mail again",
    guidance="For when what was in the way is gone: an address is corrected, or Redress has learnt to read.",
)
def read_again(mail: OpenMail, _form: NoFields) -> str:
    actions.read_mail_again(mail.mail, by=mail.person, now=mail.now)
    return "It is read again within a minute."


@on_mail.dialog(
    "refuse",
    "Refuse",
    form=RefuseMailForm,
    permission=WORK,
    when=lambda mail: mail.is_undecided,
    title="Refuse this mail",
    guidance="For advertisements and what is meant for others. It is kept, with your reason; nobody is written to.",
    danger=True,
)
def refuse(mail: OpenMail, form: RefuseMailForm) -> str:
    actions.refuse_mail(mail.mail, reason=form.cleaned_data["reason"], by=mail.person, now=mail.now)
    return "Refused. It is kept under “All”."


@on_mail.dialog(
    "refuse-all",
    "Refuse all of this sender",
    form=RefuseMailForm,
    permission=WORK,
    when=lambda mail: mail.behind > 0,
    title="Refuse this mail and all others of its sender that wait",
    guidance="For a machine that goes on and on. All are kept, with your reason. What comes later waits again.",
    danger=True,
)
def refuse_all(mail: OpenMail, form: RefuseMailForm) -> str:
    reason = form.cleaned_data["reason"]
    number = actions.refuse_mails(mail.all_of_sender, reason=reason, by=mail.person, now=mail.now)
    return f"{number} mails are refused. They are kept under “All”."
