"""Two pages behind signed links. Looking at them changes nothing, however often and by whatever program."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from complaints.followups import actions
from complaints.followups.exceptions import AlreadyAnswered, NothingToAnswer
from complaints.followups.forms import FollowUpForm, SurveyForm
from complaints.followups.models import FollowUpAnswer, SurveyAnswer
from complaints.resolution import guessing, letters, links
from complaints.resolution.links import BadLink, Purpose
from complaints.resolution.models import Complaint, Customer


class AnswerPage(View):
    """A question, its form, and thanks; the same address shows the thanks once the answer is there."""

    purpose: Purpose
    form: type[Form]
    page: str
    thanks: str
    complaint: Complaint

    def dispatch(self, request: HttpRequest, *args: Any, token: str, **kwargs: Any) -> HttpResponseBase:
        if guessing.has_had_enough(request):
            return guessing.slow_down(request)
        try:
            self.complaint = links.complaint_behind(self.purpose, token)
            return super().dispatch(request, *args, **kwargs)
        except (BadLink, NothingToAnswer):
            return guessing.refuse(request)
        except AlreadyAnswered:
            return self.show(self.thanks, just_now="thanks" in request.GET, answer=self.answer())

    def get(self, request: HttpRequest) -> HttpResponse:
        self.require_open()
        return self.show(self.page, form=self.form())

    def post(self, request: HttpRequest) -> HttpResponse:
        self.require_open()
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(self.page, form=form)
        customer = self.complaint.customer
        if customer is None:
            raise NothingToAnswer
        self.take(customer, form.cleaned_data)
        return HttpResponseRedirect(f"{request.path}?thanks", status=303)

    def show(self, template: str, **context: Any) -> HttpResponse:
        known = {"complaint": self.complaint, **letters.firm(self.complaint)}
        return render(self.request, template, known | context)

    def require_open(self) -> None:
        raise NotImplementedError

    def answer(self) -> object:
        raise NotImplementedError

    def take(self, customer: Customer, given: dict[str, Any]) -> None:
        raise NotImplementedError


class FollowUpPage(AnswerPage):
    purpose = Purpose.FOLLOW_UP
    form = FollowUpForm
    page = "followups/follow_up.html"
    thanks = "followups/follow_up_thanks.html"

    def require_open(self) -> None:
        actions.open_follow_up(self.complaint)

    def answer(self) -> object:
        return FollowUpAnswer.objects.filter(complaint=self.complaint).latest("answered_at")

    def take(self, customer: Customer, given: dict[str, Any]) -> None:
        actions.take_follow_up_answer(self.complaint, by=customer, now=timezone.now(), **given)


class SurveyPage(AnswerPage):
    purpose = Purpose.SURVEY
    form = SurveyForm
    page = "followups/survey.html"
    thanks = "followups/survey_thanks.html"

    def require_open(self) -> None:
        actions.open_survey(self.complaint)

    def answer(self) -> object:
        return SurveyAnswer.objects.filter(complaint=self.complaint).latest("answered_at")

    def take(self, customer: Customer, given: dict[str, Any]) -> None:
        actions.take_survey(self.complaint, by=customer, now=timezone.now(), **given)
