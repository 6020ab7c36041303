"""The verbs: what a firm decides about its own rules."""

from complaints.policies.actions.letters import WRITE_LETTERS, write_template

__all__ = ["WRITE_LETTERS", "write_template"]
