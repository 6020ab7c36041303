import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from djmoney.money import Money

from complaints.desk.forms.base import DateField, DialogForm, ReasonForm, Words, with_reason
from complaints.desk.forms.letters import LetterForm
from complaints.desk.open_file import CURRENCY
from complaints.policies.guard import Sum
from complaints.policies.letter_rules import LetterKind
from complaints.resolution import timing
from complaints.resolution.actions import Line, Terms
from complaints.resolution.authority import Room
from complaints.resolution.models import MessageKind, OfferLine, Outcome, RemedyKind

CURRENCIES = [(CURRENCY, "£ GBP"), ("EUR", "€ EUR"), ("USD", "$ USD")]
MOST_LINES = 12


class LineForm(forms.Form):
    """One line; all of it empty means there is no such line."""

    kind = forms.ChoiceField(choices=RemedyKind.choices, initial=RemedyKind.REFUND)
    amount = forms.DecimalField(
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    due_on = DateField(label="By when")
    action = forms.CharField(
        label="What we do", max_length=300, required=False, help_text="Needed where there is no amount"
    )
    conditions = forms.CharField(max_length=300, required=False)
    use_required_attribute = False

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("amount") and not data.get("action") and "amount" not in self.errors:
            self.add_error("amount", "An amount, or what we do.")
        return data

    def line(self, currency: str) -> Line:
        data = self.cleaned_data
        return Line(
            kind=data["kind"],
            due_on=data.get("due_on") or self.today,
            amount=Money(data["amount"], currency) if data["amount"] else None,
            action=data["action"],
            conditions=data["conditions"],
        )


class DoneLineForm(LineForm):
    """Done already, so that its day is today."""

    due_on = None  # type: ignore[assignment]  # how Django takes a field away


class LinesForm(DialogForm):
    """A form with lines of an offer in it: some rows to begin with, more by script."""

    first_rows: ClassVar[int] = 3
    line_form: ClassVar[type[LineForm]] = LineForm
    currency = forms.ChoiceField(choices=CURRENCIES, initial=CURRENCY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        made = forms.formset_factory(
            self.line_form,
            extra=self.first_rows,
            max_num=MOST_LINES,
            validate_max=True,
            absolute_max=MOST_LINES,
        )
        today = timezone.localtime(self.subject.now).date()
        self.lines = made(self.data if self.is_bound else None, prefix="lines", form_kwargs={"today": today})

    def is_valid(self) -> bool:
        return super().is_valid() & self.lines.is_valid()

    def given(self) -> list[Line]:
        currency = self.cleaned_data["currency"]
        return [row.line(currency) for row in self.lines if row.has_changed()]

    @property
    def rooms(self) -> list[Room]:
        """How much this person may still grant here, by currency; shown before anything is submitted."""
        rooms: list[Room] = self.subject.rooms
        return rooms

    @property
    def left(self) -> str:
        """The same for the script that weighs the amounts typed."""
        return json.dumps({room.limit.currency: str(room.left) for room in self.rooms})


class OfferForm(LinesForm):
    template = "desk/dialog_offer.html"
    widths: ClassVar[dict[str, str]] = {"open_until": "third", "follow_up_on": "third", "currency": "third"}
    field_order = ("benefit", "currency", "open_until", "follow_up_on", "tried", "defer")

    benefit = Words(
        label="What this gives the customer", rows=2, required=False, help_text="Printed in the offer letter."
    )
    open_until = DateField(label="Open until the end of")
    follow_up_on = DateField(label="We ask whether it is right on")
    tried = Words(
        label="What was tried so far",
        rows=2,
        required=False,
        help_text="For the superior, where the offer goes to one. Needed above your authority.",
    )
    defer = forms.BooleanField(label="Ask a superior first, although I could decide myself", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        complaint, now = self.subject.complaint, self.subject.now
        until = timezone.localtime(timing.offer_open_until(complaint, now))
        self.begin_with(open_until=until.date(), follow_up_on=timing.follow_up_day(complaint, until))

    def clean_open_until(self) -> date:
        day: date = self.cleaned_data["open_until"]
        if day <= timezone.localtime(self.subject.now).date():
            raise forms.ValidationError("Give the customer at least until tomorrow.")
        return day

    def terms(self) -> Terms:
        data = self.cleaned_data
        return Terms(
            lines=self.given(),
            open_until=timing.close_of(self.subject.complaint, data["open_until"]),
            follow_up_on=data["follow_up_on"],
            benefit=data["benefit"],
        )


class ReviseForm(ReasonForm):
    reason_label = "What has to change"


class SendOfferForm(LetterForm):
    kind = MessageKind.OFFER

    def draft_facts(self) -> dict[str, Any]:
        offer = self.subject.live_offer
        return {
            "offer": offer,
            "lines": list(offer.lines.all()) if offer else [],
            "finding": self.subject.finding,
        }


class AcceptForm(DialogForm):
    spoken = Words(
        label="How, and in what words, the customer accepted",
        help_text="Read every line out first, and say until when each will be done.",
    )

    def briefing(self) -> list[tuple[str, str]]:
        return lines_of(self.subject)


class DeclineForm(ReasonForm):
    reason_label = "What is not right with the offer, in the customer's words"
    wants_manager = forms.BooleanField(label="The customer asks for a manager", required=False)

    def briefing(self) -> list[tuple[str, str]]:
        return lines_of(self.subject)


class SettleForm(LinesForm, LetterForm):
    template = "desk/dialog_settle.html"
    kind = MessageKind.FINAL_RESPONSE
    rule = LetterKind.SUMMARY_RESOLUTION
    first_rows = 1
    line_form = DoneLineForm
    widths: ClassVar[dict[str, str]] = {"outcome": "half", "currency": "half"}
    field_order = ("currency", "outcome", "acceptance", "proof")

    acceptance = Words(label="The customer's yes, in their words", rows=2)
    proof = Words(
        label="What was done, and the proof",
        rows=2,
        help_text="A payment reference, who did what and when. It must be done already.",
    )
    outcome = forms.ChoiceField(choices=Outcome.choices, initial=Outcome.UPHELD)

    def draft_facts(self) -> dict[str, Any]:
        return {"finding": self.subject.finding, "points": self.subject.points}

    def granting(self) -> Iterable[Sum]:
        sums = [line.amount for line in self.given() if line.amount is not None]
        total = sum((each.amount for each in sums), Decimal(0))
        return {(each.currency.code, amount) for each in sums for amount in (each.amount, total)}


def lines_of(subject: Any) -> list[tuple[str, str]]:
    offer = subject.live_offer
    lines = offer.lines.all() if offer else []
    return [(line.get_kind_display(), in_words(line)) for line in lines]


def in_words(line: OfferLine) -> str:
    """An offer line as one would say it."""
    what = " · ".join(part for part in (str(line.amount or ""), line.action) if part)
    until = with_reason(f"by {date_format(line.due_on, 'j M Y')}", "why_offer", line.offer_id)
    return format_html("{}, {}{}", what, until, f" ({line.conditions})" if line.conditions else "")
