from complaints.policies.models.letter_templates import ChosenText, LetterTemplate
from complaints.policies.models.pack_versions import PackVersion

__all__ = ["ChosenText", "LetterTemplate", "PackVersion"]
