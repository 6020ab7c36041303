"""The rules of the house that no tool knows: read from the source, so that nobody has to remember them."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FUNCTION, LONGEST_FILE = 50, 250
SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|PRAGMA|ALTER|DROP|CREATE)\s", re.IGNORECASE)
BANNED_NAMES = {
    "mark_safe": "unescaped text",
    "SafeString": "unescaped text",
    "FSMAdminMixin": "it runs transitions for people who may not",
    "csrf_exempt": "every change of state wants a token",
    "date_hierarchy": "it scans the whole table for every page",
}
BANNED_DRAWERS = {"utils", "helpers", "common", "services", "managers"}


def sources(*folders: str) -> list[Path]:
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path for path in found if "migrations" not in path.parts)


PRODUCT = sources("config", "complaints", "escalations", "reporting")
ALL = PRODUCT + sources("tests")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def where(path: Path, node: ast.stmt | ast.expr | ast.ExceptHandler) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def targets(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else []


def state_writes(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        for target in targets(node):
            if isinstance(target, ast.Attribute) and target.attr == "state":
                yield where(path, target)
        if isinstance(node, ast.Call) and is_bare_update_of_state(node):
            yield where(path, node)


def is_bare_update_of_state(call: ast.Call) -> bool:
    """`filter(state=...).update(state=...)` is a claim, which only one can win; without the filter it is a back door."""
    writes = isinstance(call.func, ast.Attribute) and call.func.attr in {"update", "bulk_update"}
    if not writes or not any(keyword.arg == "state" for keyword in call.keywords):
        return False
    asked = {
        keyword.arg
        for inner in ast.walk(call.func)
        if isinstance(inner, ast.Call)
        for keyword in inner.keywords
    }
    return not any(name and name.startswith("state") for name in asked)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def banned_names(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        name = getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "name", None)
        if isinstance(node, ast.Name | ast.Attribute | ast.alias) and name in BANNED_NAMES:
            yield f"{path.relative_to(ROOT)}:{node.lineno} {name}: {BANNED_NAMES[name]}"


def inner_imports(path: Path) -> Iterator[str]:
    for function in functions(path):
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom) and function.name != "ready":
                yield where(path, node)


def woven_sql(path: Path) -> Iterator[str]:
    """SQL with values put into its text, by f-string, % or +."""
    for node in ast.walk(tree(path)):
        woven = isinstance(node, ast.JoinedStr) and any(
            isinstance(v, ast.FormattedValue) for v in node.values
        )
        joined = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add)
        if isinstance(node, ast.expr) and (woven or joined) and SQL.match(first_text(node)):
            yield where(path, node)


def first_text(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return first_text(node.values[0])
    if isinstance(node, ast.BinOp):
        return first_text(node.left)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def collect(check: object, paths: list[Path]) -> list[str]:
    assert callable(check)
    return [found for path in paths for found in check(path)]


def test_the_source_is_found() -> None:
    assert len(PRODUCT) > 20


def test_states_change_by_the_graph_alone() -> None:
    assert collect(state_writes, PRODUCT) == []


def test_no_function_is_longer_than_a_page() -> None:
    long = [
        f"{where(path, function)} {function.name}"
        for path in ALL
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_no_file_outgrows_itself() -> None:
    assert [str(path) for path in PRODUCT if len(path.read_text().splitlines()) > LONGEST_FILE] == []


def test_no_banned_name_is_used() -> None:
    assert collect(banned_names, PRODUCT) == []


def test_imports_stand_at_the_top_so_that_the_contracts_see_them() -> None:
    assert collect(inner_imports, PRODUCT) == []


def test_sql_is_never_woven_from_values() -> None:
    assert collect(woven_sql, PRODUCT) == []


def test_there_are_no_drawers() -> None:
    assert [
        str(path) for path in PRODUCT if path.stem in BANNED_DRAWERS or path.parent.name in BANNED_DRAWERS
    ] == []


def test_templates_escape_everything() -> None:
    unsafe = re.compile(r"\|\s*safe(seq)?\b|{%\s*autoescape\s+off")
    templates = [path for suffix in ("html", "txt") for path in (ROOT / "templates").rglob(f"*.{suffix}")]
    # A letter in plain text has nothing to escape, and &amp; in it would be wrong.
    assert [
        str(path) for path in templates if path.suffix == ".html" and unsafe.search(path.read_text())
    ] == []


def test_no_receiver_swallows_a_failure() -> None:
    assert [str(path) for path in PRODUCT if "send_robust" in path.read_text()] == []


@pytest.mark.parametrize(
    ("source", "check"),
    [
        ("complaint.state = 'closed'", state_writes),
        ("Complaint.objects.filter(pk=1).update(state='closed')", state_writes),
        ("from django.utils.safestring import mark_safe", banned_names),
        ("class A(FSMAdminMixin): pass", banned_names),
        ("def verb():\n    import os", inner_imports),
        ("cursor.execute(f'SELECT * FROM t WHERE a = {a}')", woven_sql),
        ("cursor.execute('SELECT * FROM t WHERE a = %s' % a)", woven_sql),
    ],
)
def test_the_rules_can_be_broken(
    source: str, check: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.test_house_rules.ROOT", tmp_path)
    (tmp_path / "sample.py").write_text(source)
    assert collect(check, [tmp_path / "sample.py"])


def test_a_claim_is_no_back_door(tmp_path: Path) -> None:
    (tmp_path / "sample.py").write_text("Mail.objects.filter(pk=1, state='queued').update(state='sending')")
    assert not collect(state_writes, [tmp_path / "sample.py"])
