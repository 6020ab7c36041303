from django import forms

from complaints.followups.models import LONGEST_ANSWER

SCORES = (
    (1, "1 Very dissatisfied"),
    (2, "2 Dissatisfied"),
    (3, "3 Neither satisfied nor dissatisfied"),
    (4, "4 Satisfied"),
    (5, "5 Very satisfied"),
)
YES, NO = "yes", "no"


class PlainForm(forms.Form):
    """What is missing is said by us, in our words, in every browser alike."""

    use_required_attribute = False

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, label_suffix="", **kwargs)  # type: ignore[arg-type, misc]


def yes_or_no(label: str, *, yes: str, no: str, missing: str) -> forms.TypedChoiceField:
    """Two choices, neither taken beforehand."""
    return forms.TypedChoiceField(
        label=label,
        choices=[(YES, yes), (NO, no)],
        coerce=lambda answer: answer == YES,
        widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": missing},
    )


def own_words(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class FollowUpForm(PlainForm):
    satisfied = yes_or_no(
        "Is everything right now?",
        yes="Yes, it is right",
        no="No, something is not right",
        missing="Choose yes or no.",
    )
    text = own_words("What would you like to tell us?", "If something is not right, please say what.")


class SurveyForm(PlainForm):
    score = forms.TypedChoiceField(
        label="How satisfied are you with the way we dealt with your complaint?",
        choices=SCORES,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose a score from 1 to 5.",
            "invalid_choice": "Choose a score from 1 to 5.",
        },
    )
    still_open = yes_or_no(
        "Is anything still open?",
        yes="Yes, something is still open",
        no="No, nothing is open",
        missing="Say whether anything is still open.",
    )
    text = own_words(
        "Is there anything else you would like to tell us?", "What went well, what we could do better."
    )
