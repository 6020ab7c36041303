"""Registering a complaint somebody tells us: thank, take down, read it back, then one verb."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from complaints.desk.find import called
from complaints.desk.forms.register import RegisterForm
from complaints.desk.sight import visible_customers
from complaints.intake.actions import Telling, register
from complaints.resolution.exceptions import Refused
from complaints.resolution.models import Channel, Complaint, Customer, Priority

MOST_FOUND = 8
FEWEST_DIGITS = 6
DETAILS = ("address", "postcode", "preferred_channel", "access_needs", "vulnerable")
#: Of somebody we know, only how and when they complained is new.
OF_ANYBODY = ("channel", "received_at")


def show(request: HttpRequest, person: User, admin_site: AdminSite, *, now: datetime) -> HttpResponse:
    """GET asks who it is and shows the form; POST registers, once however often it is sent."""
    if request.method == "POST":
        return _register(request, person, admin_site, now=now)
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    known = _chosen(request.GET.get("customer", ""), person)
    form = RegisterForm(person=person, now=now, initial={"customer_id": known} if known else {})
    return _page(request, person, admin_site, form, known)


def _register(request: HttpRequest, person: User, admin_site: AdminSite, *, now: datetime) -> HttpResponse:
    form = RegisterForm(request.POST, person=person, now=now)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid():
        try:
            complaint = register(telling_of(form), by=person, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
            status = HTTPStatus.CONFLICT
        else:
            messages.success(
                request, f"Registered. The reference to tell the customer is {complaint.reference}."
            )
            return HttpResponseRedirect(_after(complaint, person), status=HTTPStatus.SEE_OTHER)
    known = _chosen(str(form["customer_id"].value() or ""), person)
    return _page(request, person, admin_site, form, known, status=status)


def telling_of(form: RegisterForm) -> Telling:
    data = form.cleaned_data
    return Telling(
        token=data["token"],
        customer=data["customer_id"],
        name=data["name"],
        email=data["email"],
        phone=data["phone"],
        details={name: data[name] for name in DETAILS},
        title=data["title"],
        words=data["words"],
        channel=Channel(data["channel"]),
        received_at=data["received_at"],
        points=form.point_texts(),
        desired_outcome=data["desired_outcome"],
        restatement=data["restatement"],
        restatement_confirmed=data["confirmed"],
        category=data["category"],
        company=data["company"],
        priority=Priority(data["priority"]),
        media_risk=data["media_risk"],
        about=list(data["about_staff"]),
    )


def _after(complaint: Complaint, person: User) -> str:
    """To the complaint; to the list where it is about the very person who took it down."""
    if Complaint.objects.visible_to(person).filter(pk=complaint.pk).exists():
        return reverse("admin:resolution_complaint_change", args=[complaint.pk])
    return reverse("admin:resolution_complaint_changelist")


def _chosen(key: str, person: User) -> Customer | None:
    if not (key.isascii() and key.isdecimal()):
        return None
    return visible_customers(person).filter(pk=key).first()


def _page(
    request: HttpRequest,
    person: User,
    admin_site: AdminSite,
    form: RegisterForm,
    known: Customer | None,
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    sought = " ".join(request.GET.get("q", "").split())[:200]
    context: dict[str, Any] = {
        **admin_site.each_context(request),
        "title": "Register a complaint",
        "form": form,
        "known": known,
        "sought": sought,
        "found": found(sought, person),
        "steps": {step: rows_of(form, names, known) for step, names in form.steps.items()},
    }
    return TemplateResponse(request, "desk/register.html", context, status=status)


def found(sought: str, person: User) -> list[Customer]:
    """Customers by e-mail address, by telephone number, or by how the name begins."""
    seen = visible_customers(person)
    if not sought:
        return []
    if sum(letter.isdigit() for letter in sought) >= FEWEST_DIGITS:
        return list(seen.filter(phone=sought)[:MOST_FOUND])
    return list(called(seen, sought)[:MOST_FOUND])


def rows_of(form: RegisterForm, names: tuple[str, ...], known: Customer | None) -> list[tuple[Any, str]]:
    """The fields of one step with the classes of their places in the grid."""
    if known and "name" in names:
        names = OF_ANYBODY
    return [(form[name], _classes(form, name)) for name in names if not form[name].is_hidden]


def _classes(form: RegisterForm, name: str) -> str:
    field = form[name]
    parts = ["r-field", f"r-field--{form.widths[name]}" if name in form.widths else ""]
    parts += [
        "r-field--check" if field.widget_type == "checkbox" else "",
        "r-field--bad" if field.errors else "",
    ]
    return " ".join(part for part in parts if part)
