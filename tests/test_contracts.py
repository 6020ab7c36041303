"""The shape of the house: the import contracts hold and forget no app, and what no import shows is read from the source."""

import ast
import inspect
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from complaints.followups import actions as followups
from complaints.intake import actions as intake
from complaints.mailroom import actions as mailroom
from complaints.resolution import actions as resolution
from escalations import actions as escalations

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ("config", "complaints", "escalations", "reporting")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
OURS = sorted(
    config.name
    for config in apps.get_app_configs()
    if config.name.split(".")[0] in SOURCE and config.label != "config"
)
#: Writes that a manager, a queryset or an instance does. `update` is told from a dictionary's by what it is called on.
WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete"}
#: The roles are the desk's own, and have no verb but their command.
WRITES_ALL_THE_SAME = {"complaints/desk/roles.py"}
PRESENT = {"now", "today", "utcnow"}
CLOCKS = {"timezone", "datetime", "date", "time"}


def named(beginning: str) -> dict[str, Any]:
    (contract,) = [one for one in CONTRACTS if one["name"].startswith(beginning)]
    return dict(contract)


def sources() -> list[Path]:
    found = (path for folder in SOURCE for path in (ROOT / folder).rglob("*.py"))
    return sorted(path for path in found if "migrations" not in path.parts)


@cache
def calls(path: Path) -> list[tuple[ast.Call, ast.Attribute]]:
    """Every call of something on something: `letters.send(...)`."""
    return [
        (node, node.func)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]


def where(path: Path, node: ast.Call) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def is_verb(path: Path) -> bool:
    """Verbs, and the demo, which plays people who use them."""
    return bool({"actions", "demonstration"} & set(path.parts)) or path.name == "actions.py"


def is_told_the_time(path: Path) -> bool:
    """Faces, tasks and commands look at the clock; everything below them is told."""
    faces = {"config", "desk", "reporting", "management"} & set(path.relative_to(ROOT).parts)
    return not faces and path.name not in {"views.py", "tasks.py", "forms.py", "admin.py"}


def test_the_import_contracts_are_kept() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def test_every_app_has_its_floor_in_the_house() -> None:
    floors = {app.strip() for floor in named("The house")["layers"] for app in floor.split("|")}
    assert floors == {*OURS, "config"}


def test_every_app_keeps_the_order_inside() -> None:
    inside = set(named("Inside an app")["containers"]) | set(named("Inside the desk")["containers"])
    assert inside == set(OURS)


def test_every_decision_named_in_the_contract_exists_and_every_app_with_verbs_is_forbidden_to_it() -> None:
    contract = named("Decisions answer")
    verbs = {f"{app}.actions" for app in OURS if (ROOT / app.replace(".", "/") / "actions").is_dir()}
    assert set(contract["forbidden_modules"]) == verbs


def writes(path: Path) -> Iterator[str]:
    for call, function in calls(path):
        on_super = isinstance(function.value, ast.Call) and getattr(function.value.func, "id", "") == "super"
        of_rows = function.attr == "update" and "objects" in ast.dump(function.value)
        if of_rows or (function.attr in WRITES and not on_super):
            yield where(path, call)


def test_nothing_but_a_verb_writes() -> None:
    found = [
        line
        for path in sources()
        if not is_verb(path) and "models" not in path.parts and path.name != "models.py"
        for line in writes(path)
        if line.split(":")[0] not in WRITES_ALL_THE_SAME
    ]
    assert found == []


def test_that_check_would_see_a_face_that_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    face = tmp_path / "views.py"
    face.write_text(
        "def show(complaint):\n    complaint.save()\n    Complaint.objects.filter(pk=1).update(title='')\n"
    )
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    assert list(writes(face)) == ["views.py:2", "views.py:3"]


def looks_at_the_clock(path: Path) -> Iterator[str]:
    for call, function in calls(path):
        if function.attr in PRESENT and getattr(function.value, "id", "") in CLOCKS:
            yield where(path, call)


def test_verbs_and_decisions_are_told_the_time() -> None:
    found = [line for path in sources() if is_told_the_time(path) for line in looks_at_the_clock(path)]
    assert found == []


def test_each_app_announces_in_one_place_and_no_listener_is_forgiven() -> None:
    sent = [
        (where(path, call).split(":")[0], function.attr)
        for path in sources()
        for call, function in calls(path)
        if function.attr in {"send", "send_robust"} and getattr(function.value, "id", "") == "moved"
    ]
    assert sent == [("complaints/resolution/actions/steps.py", "send")]


def public_verbs() -> Iterator[tuple[str, Callable[..., object]]]:
    for app in (resolution, mailroom, intake, followups, escalations):
        for name in app.__all__:
            verb = getattr(app, name)
            if inspect.isfunction(verb):
                yield f"{app.__name__}.{name}", verb


@pytest.mark.parametrize(("name", "verb"), list(public_verbs()))
def test_a_verb_takes_its_subject_first_and_all_else_by_name(name: str, verb: Callable[..., object]) -> None:
    others = list(inspect.signature(verb).parameters.values())[1:]
    assert {one.kind for one in others} <= {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD}


@pytest.mark.parametrize(("name", "verb"), list(public_verbs()))
def test_who_does_it_is_always_called_by_and_the_moment_now(name: str, verb: Callable[..., object]) -> None:
    other_words = {"user", "actor", "who", "when", "at", "moment"}
    assert not other_words & set(inspect.signature(verb).parameters)
