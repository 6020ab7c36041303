"""What a letter of each kind must say, by code: the words are the firm's, that they are there is the rule's."""

from dataclasses import dataclass
from enum import StrEnum

from complaints.policies.exceptions import BadPack
from complaints.policies.sources import Status


class LetterKind(StrEnum):
    ACKNOWLEDGEMENT = "acknowledgement"
    FINAL_RESPONSE = "final_response"
    SUMMARY_RESOLUTION = "summary_resolution"
    HOLDING_RESPONSE = "holding_response"
    DELAY_NOTICE = "delay_notice"  # not done yet, why, until when, and where else they may go
    EXTENSION_NOTICE = "extension_notice"
    OUTSIDE_SCHEME = "outside_scheme"  # deadlock, or the time is up: the scheme is open to them
    INTERIM_RESPONSE = "interim_response"
    PROVISIONAL_CREDIT = "provisional_credit"
    CORRECTION = "correction"
    EXPLANATION = "explanation"  # no error found, or another one
    STAGE_RESPONSE = "stage_response"


class Statement(StrEnum):
    RECEIPT = "receipt"
    WHO_HANDLES_IT = "who_handles_it"
    ANSWER_BY = "answer_by"
    DECISION = "decision"
    REASONS = "reasons"
    ALL_POINTS = "all_points"
    FINDINGS_OF_FACT = "findings_of_fact"
    REMEDY_OR_REFUSAL = "remedy_or_refusal"
    OUTSTANDING_ACTIONS = "outstanding_actions"
    CONSIDERED_RESOLVED = "considered_resolved"
    REASON_FOR_DELAY = "reason_for_delay"
    EXPECTED_BY = "expected_by"
    NEXT_STAGE = "next_stage"
    SCHEME_NAME = "scheme_name"
    SCHEME_URL = "scheme_url"
    RIGHT_TO_REFER = "right_to_refer"
    REFER_WITHIN = "refer_within"
    TIME_LIMIT_CONSENT = "time_limit_consent"
    LEAFLET = "leaflet"
    AMOUNT_CREDITED = "amount_credited"
    USE_OF_FUNDS = "use_of_funds"
    AMOUNT_OWED = "amount_owed"
    DOCUMENTS_ON_REQUEST = "documents_on_request"


@dataclass(frozen=True)
class LetterRule:
    kind: LetterKind
    requires: tuple[Statement, ...]
    source: str
    status: Status

    def __post_init__(self) -> None:
        if not self.requires:
            raise BadPack("must name a statement; a letter without any needs no rule.", key="requires")
        if len(set(self.requires)) < len(self.requires):
            raise BadPack("names a statement twice.", key="requires")

    def missing(self, stated: frozenset[Statement]) -> tuple[Statement, ...]:
        """What a letter that states these still lacks."""
        return tuple(statement for statement in self.requires if statement not in stated)
