"""The public door: a form, and a thank you."""

import hashlib
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.files import File
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from complaints.intake import actions
from complaints.intake.actions import Telling
from complaints.intake.forms import ComplaintForm
from complaints.resolution import sending
from complaints.resolution.actions import take_documents
from complaints.resolution.exceptions import Refused
from complaints.resolution.models import Channel, Complaint, ContactChannel
from complaints.resolution.pages import firm

THANKS = "redress.thanks"


class FormPage(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(ComplaintForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ComplaintForm(request.POST, request.FILES)
        if sending.are_too_many(request):
            form.add_error(None, sending.too_many())
        if not form.is_valid():
            return self.show(form)
        try:
            complaint = lodge(form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.show(form)
        seen = signing.dumps(complaint.reference, salt=THANKS)
        return HttpResponseRedirect(reverse("intake:thanks", args=[seen]), status=303)

    def show(self, form: ComplaintForm) -> HttpResponse:
        return sending.told(render(self.request, "intake/form.html", {"form": form, **firm()}), form)


def thanks(request: HttpRequest, seen: str) -> HttpResponse:
    """The reference, and nothing more: who sent the form has not yet shown whose address it is."""
    try:
        reference = signing.loads(seen, salt=THANKS, max_age=settings.SESSION_COOKIE_AGE)
    except signing.BadSignature:
        raise Http404 from None
    return render(request, "intake/thanks.html", {"reference": reference, **firm()})


@transaction.atomic
def lodge(said: dict[str, Any]) -> Complaint:
    """Form and documents together: either all of it is kept or none."""
    now = timezone.now()
    complaint = actions.lodge(
        Telling(
            token=said["token"],
            name=said["name"],
            email=said["email"],
            phone=said["phone"],
            details={"preferred_channel": ContactChannel.EMAIL if said["email"] else ContactChannel.PHONE},
            title=said["title"],
            words=said["words"],
            desired_outcome=said["desired_outcome"],
            category=said["category"],
            channel=Channel.WEB,
            received_at=now,
        ),
        now=now,
    )
    files = _new_among(said["documents"], complaint)
    if complaint.customer is not None and files:
        take_documents(complaint, files=files, by=complaint.customer, now=now)
        sending.count_documents(files)
    return complaint


def _new_among(files: "list[File[bytes]]", complaint: Complaint) -> "list[File[bytes]]":
    """A form that is sent twice brings its files twice; one that is sent again with a file more brings that one."""
    kept = set(complaint.documents.values_list("sha256", flat=True))
    return [file for file in files if not kept or _digest(file) not in kept]


def _digest(file: "File[bytes]") -> str:
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return digest
