from complaints.policies.models.letter_templates import ChosenText, LetterTemplate

__all__ = ["ChosenText", "LetterTemplate"]
