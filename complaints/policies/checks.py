"""`manage.py check` reads every pack and every letter rule that ships: a broken one never reaches a complaint."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from complaints.policies.exceptions import PolicyError
from complaints.policies.guard import check_rules
from complaints.policies.packs import FOLDER, read_folder


@register()
def packs_can_be_read(**_: Any) -> list[CheckMessage]:
    try:
        read_folder(FOLDER)
    except PolicyError as error:
        return [Error(str(error), id="policies.E001")]
    return []


@register()
def letter_rules_can_be_read(**_: Any) -> list[CheckMessage]:
    try:
        check_rules()
    except PolicyError as error:
        return [Error(str(error), id="policies.E002")]
    return []
