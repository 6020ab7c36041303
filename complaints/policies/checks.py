"""`manage.py check` reads every pack that ships, so that a broken one never reaches a complaint."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from complaints.policies.exceptions import PolicyError
from complaints.policies.packs import FOLDER, read_folder


@register()
def packs_can_be_read(**_: Any) -> list[CheckMessage]:
    try:
        read_folder(FOLDER)
    except PolicyError as error:
        return [Error(str(error), id="policies.E001")]
    return []
