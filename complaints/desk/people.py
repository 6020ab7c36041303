"""Who at the firm may be named in a form."""

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet

from complaints.resolution.models import Complaint
from complaints.resolution.permission import WORK
from escalations.models import WORK as ANSWER

BACKEND = "django.contrib.auth.backends.ModelBackend"


def handlers() -> QuerySet[User]:
    """Everybody who works complaints by their role; being an administrator makes nobody a handler."""
    people = User.objects.with_perm(WORK, backend=BACKEND, include_superusers=False)
    return people.filter(is_active=True).order_by("first_name", "last_name", "username")


def holders() -> QuerySet[User]:
    """Who may be holding complaints, though they have left."""
    held = Complaint.objects.open().filter(handler=OuterRef("pk"))
    named = ("first_name", "last_name", "username")
    return User.objects.filter(Exists(held)).order_by(*named)


def supervisors() -> QuerySet[User]:
    """Everybody who works escalations by their role."""
    people = User.objects.with_perm(ANSWER, backend=BACKEND, include_superusers=False)
    return people.filter(is_active=True).order_by("first_name", "last_name", "username")


def staff() -> QuerySet[User]:
    return User.objects.filter(is_active=True, is_staff=True).order_by("first_name", "last_name", "username")
