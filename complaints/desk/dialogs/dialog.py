"""What a dialog is: a button, a form and one verb; and where dialogs are kept."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from django.contrib.auth.models import User

from complaints.desk.forms.base import DialogForm


class Subject(Protocol):
    """What dialogs are about: something open before a person at a moment. Its text says what it is."""

    person: User
    now: datetime


S = TypeVar("S", bound=Subject)
Deed = Callable[[S, Any], str]


@dataclass(frozen=True, slots=True)
class Dialog(Generic[S]):
    """`deed` calls one verb and returns what to tell the person. `when` decides on the button only.

    Whether the deed is allowed is the verb's question. `part` names the attribute of the subject without which
    there is nothing to do (a point, a line); the page then answers 404.
    """

    name: str
    label: str
    form: type[DialogForm]
    deed: Deed[S]
    permission: str
    when: Callable[[S], bool]
    title: str
    guidance: str = ""
    submit: str = ""
    part: str = ""
    danger: bool = False

    def permits(self, subject: S) -> bool:
        return subject.person.has_perm(self.permission)

    def is_offered(self, subject: S) -> bool:
        return self.permits(subject) and self.when(subject)


class Dialogs(Generic[S]):
    """A register of dialogs about one kind of subject."""

    def __init__(self) -> None:
        self._by_name: dict[str, Dialog[S]] = {}

    def __iter__(self) -> Iterator[Dialog[S]]:
        return iter(self._by_name.values())

    def __getitem__(self, name: str) -> Dialog[S]:
        return self._by_name[name]

    def get(self, name: str) -> Dialog[S] | None:
        return self._by_name.get(name)

    def dialog(
        self,
        name: str,
        label: str,
        *,
        form: type[DialogForm],
        permission: str,
        when: Callable[[S], bool],
        title: str = "",
        guidance: str = "",
        submit: str = "",
        part: str = "",
        danger: bool = False,
    ) -> Callable[[Deed[S]], Deed[S]]:
        """Decorates the deed. A name is given once."""

        def register(deed: Deed[S]) -> Deed[S]:
            if name in self._by_name:
                raise ValueError(f"There are two dialogs called {name}.")
            self._by_name[name] = Dialog(
                name=name,
                label=label,
                form=form,
                deed=deed,
                permission=permission,
                when=when,
                title=title or label,
                guidance=guidance,
                submit=submit or label,
                part=part,
                danger=danger,
            )
            return deed

        return register

    def offered(self, subject: S) -> list[Dialog[S]]:
        return [dialog for dialog in self if dialog.is_offered(subject)]
