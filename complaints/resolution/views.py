"""The customer's signed pages. Looking at them changes nothing, however often and by whatever program."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from complaints.resolution import actions, guessing, links, pages, sending
from complaints.resolution.exceptions import Refused, TooManyDocuments
from complaints.resolution.forms import (
    TOO_MUCH,
    AcceptForm,
    AnswerForm,
    DeclineForm,
    MessageForm,
    WithdrawForm,
)
from complaints.resolution.letters import firm
from complaints.resolution.links import BadLink, Purpose
from complaints.resolution.models import (
    Channel,
    Complaint,
    Concern,
    Customer,
    Message,
    State,
)


class CustomerPage(View):
    """A page behind a signed link: one complaint, one purpose. Whatever is wrong with a link, it is one page, 404.

    A page whose moment has passed shows what was decided instead of its form; of two answers at once the second
    is sent to look at the first.
    """

    purpose: Purpose
    template: str
    complaint: Complaint

    def dispatch(self, request: HttpRequest, *args: Any, token: str, **kwargs: Any) -> HttpResponseBase:
        if guessing.has_had_enough(request):
            return guessing.slow_down(request)
        try:
            self.complaint = links.complaint_behind(self.purpose, token)
        except BadLink:
            return guessing.refuse(request)
        self.token = token
        return super().dispatch(request, *args, **kwargs)

    @property
    def customer(self) -> Customer:
        if self.complaint.customer is None:
            raise BadLink
        return self.complaint.customer

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(self.form() if self.is_open() else None)

    def post(self, request: HttpRequest) -> HttpResponse:
        if not self.is_open():
            return self.back()
        form = self.form()
        if form.is_multipart() and sending.are_too_many(request):
            form.add_error(None, sending.too_many())
        if not form.is_valid():
            return self.show(form)
        try:
            with transaction.atomic():
                self.take(form)
        except TooManyDocuments as refusal:
            form.add_error("documents", ValidationError(str(refusal), code=TOO_MUCH))
            return self.show(form)
        except Refused as refusal:
            self.complaint.refresh_from_db()
            if not self.is_open():
                return self.back()
            form.add_error(None, str(refusal))
            return self.show(form)
        return self.back()

    def show(self, form: Form | None) -> HttpResponse:
        context = {"form": form, "complaint": self.complaint, "token": self.token, **firm(self.complaint)}
        return sending.told(render(self.request, self.template, {**context, **self.context()}), form)

    def back(self) -> HttpResponse:
        return HttpResponseRedirect(f"{self.request.path}?done", status=303)

    def context(self) -> dict[str, Any]:
        return {"just_now": "done" in self.request.GET}

    def data(self) -> dict[str, Any]:
        return (
            {"data": self.request.POST, "files": self.request.FILES} if self.request.method == "POST" else {}
        )

    def is_open(self) -> bool:
        raise NotImplementedError

    def form(self) -> Form:
        raise NotImplementedError

    def take(self, form: Form) -> None:
        raise NotImplementedError

    def keep(self, files: "list[File[bytes]]", message: Message | None) -> None:
        actions.take_documents(
            self.complaint, files=files, message=message, by=self.customer, now=timezone.now()
        )
        sending.count_documents(files)


class StatusPage(CustomerPage):
    """Where the complaint stands, and a way to write to us."""

    purpose = Purpose.STATUS
    template = "resolution/status.html"

    def is_open(self) -> bool:
        return self.complaint.state not in (State.WITHDRAWN, State.MERGED)

    def form(self) -> Form:
        return MessageForm(**self.data())

    def take(self, form: Form) -> None:
        now = timezone.now()
        said = form.cleaned_data
        if said["once"] and not actions.first_time(f"said:{said['once']}"[:64], now=now):
            return
        message = actions.take_message(
            self.complaint, body=said["body"], channel=Channel.WEB, by=self.customer, now=now
        )
        self.keep(said["documents"], message)
        if said["wants_manager"]:
            actions.raise_concern(
                self.complaint,
                concern=Concern.ASKED_FOR_MANAGER,
                text=said["body"],
                by=self.customer,
                now=now,
            )

    def context(self) -> dict[str, Any]:
        return {**super().context(), **pages.standing(self.complaint)}


class AnswerPage(CustomerPage):
    """Our questions, and room for the answers."""

    purpose = Purpose.ANSWER
    template = "resolution/answer.html"

    def is_open(self) -> bool:
        return bool(self.complaint.state == State.WAITING)

    def form(self) -> Form:
        questions = list(self.complaint.questions.filter(settled_at__isnull=True))
        return AnswerForm(questions=questions, **self.data())

    def take(self, form: Form) -> None:
        answers = form.answers(form.cleaned_data)  # type: ignore[attr-defined]
        actions.hear(self.complaint, answers=answers, by=self.customer, now=timezone.now())
        self.keep(form.cleaned_data["documents"], None)


class OfferPage(CustomerPage):
    """Our offer, or what became of it. Deciding is another page, and another step."""

    purpose = Purpose.OFFER
    template = "resolution/offer.html"
    http_method_names = ["get", "head", "options"]

    def is_open(self) -> bool:
        return pages.offer_is_open(self.complaint, timezone.now())

    def form(self) -> Form:
        return Form()

    def context(self) -> dict[str, Any]:
        return {**super().context(), **pages.latest_offer(self.complaint)}

    def back(self) -> HttpResponse:
        return HttpResponseRedirect(f"{links.path(Purpose.OFFER, self.token)}?done", status=303)


class AcceptPage(OfferPage):
    template = "resolution/accept.html"
    http_method_names = ["get", "head", "options", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return super().get(request) if self.is_open() else self.back()

    def form(self) -> Form:
        return AcceptForm(complaint=self.complaint, **self.data())

    def take(self, form: Form) -> None:
        actions.accept(self.complaint, by=self.customer, now=timezone.now())


class DeclinePage(AcceptPage):
    template = "resolution/decline.html"

    def form(self) -> Form:
        return DeclineForm(**self.data())

    def take(self, form: Form) -> None:
        said = form.cleaned_data
        actions.decline(
            self.complaint,
            reason=said["reason"],
            wants_manager=said["wants_manager"],
            by=self.customer,
            now=timezone.now(),
        )


class WithdrawPage(CustomerPage):
    """Taking the complaint back: the customer's own decision, in their own words."""

    purpose = Purpose.STATUS
    template = "resolution/withdraw.html"

    def is_open(self) -> bool:
        return bool(self.complaint.is_open)

    def get(self, request: HttpRequest) -> HttpResponse:
        return super().get(request) if self.is_open() else self.back()

    def form(self) -> Form:
        return WithdrawForm(**self.data())

    def take(self, form: Form) -> None:
        actions.withdraw(
            self.complaint, words=form.cleaned_data["body"], by=self.customer, now=timezone.now()
        )

    def back(self) -> HttpResponse:
        return HttpResponseRedirect(f"{links.path(Purpose.STATUS, self.token)}?withdrawn", status=303)
