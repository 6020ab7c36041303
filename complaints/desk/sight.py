"""What hangs on a complaint is seen by those who see the complaint: its customer, its letters, its plans."""

from typing import TypeVar

from django.contrib.auth.models import User
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from complaints.mailroom.models import OutgoingMailQuerySet
from complaints.resolution.models import Complaint, Customer, Message

M = TypeVar("M", bound=Model)


def of_visible(rows: "QuerySet[M]", user: User) -> "QuerySet[M]":
    """Those rows with a `complaint` this person sees."""
    return rows.filter(Exists(Complaint.objects.visible_to(user).filter(pk=OuterRef("complaint"))))


def visible_post(user: User, mail: OutgoingMailQuerySet) -> OutgoingMailQuerySet:
    """A letter of a hidden complaint is hidden as well; a letter of no complaint is not."""
    of_any = Message.objects.filter(mail=OuterRef("pk"))
    return mail.filter(Q(Exists(of_visible(of_any, user))) | ~Q(Exists(of_any)))


def visible_customers(user: User) -> "QuerySet[Customer]":
    """A customer all of whose complaints are hidden is hidden: the name alone would tell."""
    theirs = Complaint.objects.filter(customer=OuterRef("pk"))
    seen = Complaint.objects.visible_to(user).filter(customer=OuterRef("pk"))
    return Customer.objects.filter(Q(Exists(seen)) | ~Q(Exists(theirs)))
