"""Forms that send a letter: a draft to begin with, finished by a person, never sent empty."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django import forms

from complaints.desk.forms.base import Words
from complaints.desk.forms.guarded import CHECK, GuardedForm
from complaints.policies.shipped_letters import is_one_language, phrases
from complaints.resolution import letters, mandatory, timing
from complaints.resolution.enclosing import brings_its_sheet
from complaints.resolution.letters import Letter
from complaints.resolution.links import LINK_HERE
from complaints.resolution.mandatory import Lacking
from complaints.resolution.models import Complaint, MessageKind

OF_LETTER = ("subject_line", "body", "put_in", "despite")
EMPTY = "Write the letter to the customer."


class LetterForm(GuardedForm):
    """The draft is made only where nothing has been typed yet; after that, the typed words stand."""

    kind: MessageKind
    #: The policy's rule for what the letter must say, where it is not that of the kind.
    rule: ClassVar[str] = ""
    #: Of the fields before the letter; it is the last thing one reads before sending.
    field_order: Iterable[str] | None = None

    subject_line = forms.CharField(
        label="Subject", max_length=200, error_messages={"required": "Give the letter a subject."}
    )
    put_in = forms.BooleanField(required=False, widget=forms.HiddenInput)
    body = Words(label="Letter to the customer", letter=True, error_messages={"required": EMPTY})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [name for name in self.fields if name not in OF_LETTER]
        self.order_fields([*own, *OF_LETTER])
        if not self.is_bound:
            draft = self.draft()
            self.begin_with(subject_line=draft.subject, body=draft.body)

    @property
    def complaint(self) -> Complaint:
        complaint: Complaint = self.subject.complaint
        return complaint

    def draft(self) -> Letter:
        return letters.draft(self.kind, self.complaint, now=self.subject.now, **self.draft_facts())

    def draft_facts(self) -> dict[str, Any]:
        """What the draft's template needs beside the complaint."""
        return {}

    def letter(self) -> Letter:
        return self.worded(self.cleaned_data["body"])

    def worded(self, body: str) -> Letter:
        """What was typed, with the mark of the wording it was begun from."""
        letter = Letter(self.cleaned_data["subject_line"], body, template=self.mark)
        outcome = self.cleaned_data.get("outcome", "")
        letter = letters.decided(letter, outcome) if outcome else letter
        if self.cleaned_data.get("put_in"):
            letter = mandatory.completed(letter, self._lacking(letter))
        return self.vouched(letter)

    @cached_property
    def mark(self) -> str:
        """Of the words it began with, of which the language is one."""
        return letters.mark_of(self.kind, self.complaint, now=self.subject.now)

    def clean(self) -> dict[str, Any]:
        """What the policy wants said and is not, with the sentences to put in by one tick (D16)."""
        data = super().clean() or {}
        if not self.errors and (missing := self._lacking(self.letter())):
            self._offer(list(dict.fromkeys(one.sentence for one in missing if one.sentence)))
            names = "; ".join(one.name for one in missing)
            self.add_error("body", f"By our policy this letter has to say {names}.")
        return data

    def _lacking(self, letter: Letter) -> list[Lacking]:
        outcome = self.cleaned_data.get("outcome", "")
        kind, until = self.rule or self.kind, self.put_off_to()
        return mandatory.lacking(kind, letter, self.complaint, outcome=outcome, until=until)

    def put_off_to(self) -> datetime | None:
        """The moment to which this very form puts a date off."""
        return None

    def _offer(self, sentences: list[str]) -> None:
        if sentences:
            self.fields["put_in"].widget = forms.CheckboxInput()
            box = self["put_in"]
            box.label, box.help_text = "Put it in for me, before the farewell", " … ".join(sentences)

    def briefing(self) -> list[tuple[str, str]]:
        return [
            ("Goes", way_out(self.complaint, self.kind)),
            *self._tongue(),
            *self._link(),
            *access(self.complaint),
        ]

    def _tongue(self) -> list[tuple[str, str]]:
        """Said where it is not that of the house, or not the customer's own."""
        house = timing.pack_of(self.complaint).language
        written = Letter("", "", template=self.mark).language or house
        customer = self.complaint.customer
        wanted = customer.language if customer else house
        if not is_one_language(written, house):
            return [("Language", f"{phrases(written).name}, as the customer reads. Finish it in the same.")]
        if not is_one_language(written, wanted):
            here = f"there are no words of ours in it, so this begins in {phrases(written).name}."
            return [("Language", f"the customer reads “{wanted}”; {here}")]
        return []

    def _link(self) -> list[tuple[str, str]]:
        if LINK_HERE not in (self["body"].value() or ""):
            return []
        return [("Link", f"{LINK_HERE} becomes the customer's own link in the mail; nobody else sees it.")]


class OptionalLetterForm(LetterForm):
    """A letter that goes now only where the person says so; what belongs to a letter is asked of it only then."""

    #: What to choose from, first the letter; and the question.
    ways: ClassVar[tuple[str, tuple[str, str], tuple[str, str]]]
    tell = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tell = self.fields["tell"]
        assert isinstance(tell, forms.ChoiceField)  # noqa: S101 - for the type checker
        tell.label, tell.choices = self.ways[0], self.ways[1:]
        tell.initial = self.ways[1 if has_an_address(self.complaint) else 2][0]
        if not self.is_written:
            for name in ("subject_line", "body"):
                self.fields[name].required = False

    @property
    def is_written(self) -> bool:
        return bool(self["tell"].value() == self.ways[1][0])

    def given(self) -> Letter | None:
        return self.letter() if self.is_written else None

    def _lacking(self, letter: Letter) -> list[Lacking]:
        return super()._lacking(letter) if self.is_written else []

    @property
    def postscript(self) -> str:
        return super().postscript if self.is_written else ""

    def wants_another_look(self) -> bool:
        return super().wants_another_look() if self.is_written else CHECK in self.data

    @property
    def verdict(self) -> str:
        if not self.is_written and self.is_bound and CHECK in self.data and not self.errors:
            return "No letter goes by this, so there is nothing to check. Nothing has been done yet."
        return super().verdict


def has_an_address(complaint: Complaint) -> bool:
    customer = complaint.customer
    return customer is not None and bool(customer.email or customer.address)


def way_out(complaint: Complaint, kind: str) -> str:
    customer = complaint.customer
    if customer is None or not has_an_address(complaint):
        return "nowhere yet: we have no address. Add one to the customer first."
    if customer.writes_by_email:
        sheet = ", with the letter as a PDF" if brings_its_sheet(kind, complaint) else ""
        return f"by e-mail to {customer.email}{sheet}."
    return "on paper: print it, post it, then mark it as posted."


def access(complaint: Complaint) -> list[tuple[str, str]]:
    customer = complaint.customer
    if customer is None:
        return []
    needs = [("Needs", f"{customer.access_needs}.")] if customer.access_needs else []
    vulnerable = [("Take care", "vulnerable customer; say less, and say it plainly.")]
    return needs + (vulnerable if customer.vulnerable else [])
