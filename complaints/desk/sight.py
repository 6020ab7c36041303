"""What hangs on a complaint is seen by those who see the complaint: its customer, its letters, its plans."""

from typing import TypeVar

from django.contrib.auth.models import User
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from complaints.intake.models import Candidate
from complaints.mailroom.models import IncomingMail, IncomingMailQuerySet, OutgoingMailQuerySet
from complaints.resolution.models import Complaint, Customer, Message
from complaints.resolution.permission import WORK

M = TypeVar("M", bound=Model)


def of_visible(rows: "QuerySet[M]", user: User) -> "QuerySet[M]":
    """Those rows with a `complaint` this person sees."""
    return rows.filter(Exists(Complaint.objects.visible_to(user).filter(pk=OuterRef("complaint"))))


def visible_post(user: User, mail: OutgoingMailQuerySet) -> OutgoingMailQuerySet:
    """A letter of a hidden complaint is hidden as well; a letter of no complaint is not."""
    of_any = Message.objects.filter(mail=OuterRef("pk"))
    return mail.filter(Q(Exists(of_visible(of_any, user))) | ~Q(Exists(of_any)))


def visible_incoming(user: User, mails: IncomingMailQuerySet) -> IncomingMailQuerySet:
    """Mail belongs to those who may take down a complaint. What hangs on a complaint this person does not see, or may
    belong to one, or was delivered again of such a mail, or reports on one of its letters, is not there for them.
    """
    if not user.has_perm(WORK):
        return mails.none()
    letters = Message.objects.filter(Q(received_as=OuterRef("pk")) | Q(received_as=OuterRef("twin_of")))
    maybe = Candidate.objects.filter(mail=OuterRef("pk"))
    reported = Message.objects.filter(mail__reports__told_in=OuterRef("pk"))
    return mails.filter(*(~Exists(_of_hidden(rows, user)) for rows in (letters, maybe, reported)))


def held_for(user: User) -> IncomingMailQuerySet:
    """The mails that wait for a decision this person may make."""
    return visible_incoming(user, IncomingMail.objects.without_raw()).held()


def _of_hidden(rows: "QuerySet[M]", user: User) -> "QuerySet[M]":
    return rows.filter(~Exists(Complaint.objects.visible_to(user).filter(pk=OuterRef("complaint"))))


def visible_customers(user: User) -> "QuerySet[Customer]":
    """A customer all of whose complaints are hidden is hidden: the name alone would tell."""
    theirs = Complaint.objects.filter(customer=OuterRef("pk"))
    seen = Complaint.objects.visible_to(user).filter(customer=OuterRef("pk"))
    return Customer.objects.filter(Q(Exists(seen)) | ~Q(Exists(theirs)))
