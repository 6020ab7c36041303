from complaints.intake.actions.importing import import_complaints, profile_called, save_mapping
from complaints.intake.actions.lodging import Telling, lodge, register

__all__ = ["Telling", "import_complaints", "lodge", "profile_called", "register", "save_mapping"]
