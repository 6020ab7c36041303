"""What is asked before complaints are taken in from a file: the file, and what it does not say itself."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile

from complaints.intake.actions import ENCODINGS, Choices
from complaints.intake.reading import FIELDS, PROFILES

LARGEST = 200 * 1024 * 1024
SHOWN = 60
#: Beyond the date, the number and the words these are what tells one complaint from another.
LABELS = {
    "external_id": "Number of the complaint",
    "received": "Date received",
    "received_time": "Time received",
    "received_check": "The date received, once more",
    "closed": "Date closed",
    "title": "In one line",
    "words": "The customer's words",
    "product": "Product",
    "sub_product": "Product, more exactly",
    "issue": "Issue",
    "sub_issue": "Issue, more exactly",
    "channel": "How it came",
    "company": "Brand or unit",
    "region": "Region",
    "postcode": "Postcode",
    "status": "Open or closed",
    "outcome": "Outcome",
    "customer_name": "Customer's name",
    "customer_email": "Customer's e-mail",
    "customer_phone": "Customer's telephone",
}


class PlainForm(forms.Form):
    use_required_attribute = False
    widths: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def rows(self) -> Iterable[tuple[forms.BoundField, str]]:
        for field in self.visible_fields():
            width = self.widths.get(field.name, "")
            classes = [
                "r-field",
                f"r-field--{width}" if width else "",
                "r-field--bad" if field.errors else "",
            ]
            if isinstance(field.field.widget, forms.CheckboxInput):
                classes.append("r-field--check")
            yield field, " ".join(filter(None, classes))


class UploadForm(PlainForm):
    file = forms.FileField(
        label="The export",
        help_text=f"A table written as text: CSV, or with semicolons or tabs. At most {LARGEST // 1024 // 1024} MB.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
        widget=forms.FileInput(attrs={"class": "r-input"}),
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(
                f"The file is larger than {LARGEST // 1024 // 1024} MB. An administrator can import it by command."
            )
        return file


class ReadingForm(PlainForm):
    """What may be told of the file as a whole. Nothing chosen: the file speaks for itself."""

    widths: ClassVar[Mapping[str, str]] = {"profile": "third", "dates": "third", "encoding": "third"}
    profile = forms.ChoiceField(label="Where it comes from", required=False)
    dates = forms.ChoiceField(
        label="Dates like 03/04/2026",
        required=False,
        choices=[
            ("", "As the file shows"),
            ("dmy", "Day, month, year"),
            ("mdy", "Month, day, year"),
            ("ymd", "Year, month, day"),
        ],
    )
    encoding = forms.ChoiceField(required=False, choices=[("", "As the file shows"), *ENCODINGS.items()])

    def __init__(self, *args: Any, choices: Choices, saved: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {
            "": "As the header shows",
            **{name: name.upper() for name in PROFILES},
            **{n: n for n in saved},
        }
        if choices.columns:
            known[choices.profile] = f"{choices.profile} (columns as chosen here)"
        field = self.fields["profile"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = list(known.items())
        self.initial.update(profile=choices.profile, dates=choices.dates, encoding=choices.encoding)


class ColumnsForm(PlainForm):
    """Our field: their column. Columns travel by their place, for a name may be anything at all."""

    widths: ClassVar[Mapping[str, str]] = {**dict.fromkeys(FIELDS, "third"), "name": "third"}
    name = forms.SlugField(
        label="Where it comes from",
        max_length=40,
        help_text="A short name for the other system. Its numbers are told apart from others' by it.",
        error_messages={
            "required": "Give the other system a name.",
            "invalid": "Letters, digits, hyphens and underscores only.",
        },
    )
    keep = forms.BooleanField(label="Remember these columns under this name", required=False, initial=True)

    def __init__(
        self,
        *args: Any,
        header: Iterable[str],
        suggestions: Mapping[str, Iterable[str]],
        name: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.header = list(dict.fromkeys(column for column in header if column))
        places = [(str(at), shortened(column)) for at, column in enumerate(self.header)]
        for ours in FIELDS:
            self.fields[ours] = forms.ChoiceField(
                label=LABELS[ours],
                required=ours == "received",
                choices=[("", "Not in this file"), *places],
                error_messages={
                    "required": "Say which column is the date on which the complaint was received."
                },
            )
            first = next(iter(suggestions.get(ours, ())), None)
            if first in self.header:
                self.initial[ours] = str(self.header.index(first))
        self.initial["name"] = name
        self.order_fields(["name", *FIELDS, "keep"])

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name.casefold() in PROFILES:
            raise forms.ValidationError("This is the name of a profile that comes with the product.")
        return name

    def columns(self) -> dict[str, str]:
        chosen = {ours: self.cleaned_data.get(ours, "") for ours in FIELDS}
        return {ours: self.header[int(place)] for ours, place in chosen.items() if place}


def shortened(text: str, most: int = SHOWN) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
