"""What the documents promise is there, and what is there is in the documents."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
OPERATIONS = ROOT / "docs" / "operations.md"
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")), *DECISIONS]
SOURCE = {"config", "complaints", "escalations", "reporting"}
OURS = [config.name for config in apps.get_app_configs() if config.name.split(".")[0] in SOURCE]
LARGEST_PICTURE = 300_000
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
RUN = re.compile(r"\./run ([a-z]+)")
MANAGE = re.compile(r"(?:\./run manage|manage\.py) ([a-z_]+)")
#: A folder that only one machine has.
MACHINE = re.compile(r"(?<![\w.:/-])/(?:work|root|home/\w+|Users/\w+|tmp/[\w-]+/)")
INDEX = re.compile(r"https?://|--(?:extra-)?index-url|--find-links|--trusted-host")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def texts() -> Iterator[tuple[Path, str]]:
    for path in tracked():
        try:
            yield path.relative_to(ROOT), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def commands_of_run() -> set[str]:
    """The words `./run` answers to, from its own `case`."""
    cases = (ROOT / "run").read_text().split("case $command in")[1]
    return set(re.findall(r"^ {4}([a-z]+)\)", cases, re.MULTILINE)) | {"help"}


def variables_in(path: Path) -> set[str]:
    """What a file reads from the environment: `env.str("X")`, `os.environ["X"]`, `"X" in settings`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            asked = ast.unparse(node.func.value) in {"env", "os.environ"}
            found |= {ast.literal_eval(node.args[0])} if asked and is_text(node.args[0]) else set()
        if (
            isinstance(node, ast.Subscript)
            and is_text(node.slice)
            and ast.unparse(node.value) == "os.environ"
        ):
            found.add(ast.literal_eval(node.slice))
    return found


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def explained_variables() -> set[str]:
    return set(re.findall(r"^\| \**`([A-Z_]+)`\** \|", OPERATIONS.read_text(), re.MULTILINE))


def anchors_of(path: Path) -> set[str]:
    """As forges make them from headings."""
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(path.read_text()))
    return {words.strip().replace(" ", "-") for words in plain}


def test_the_readme_names_the_two_commands_and_they_exist() -> None:
    named = set(RUN.findall(README.read_text()))
    assert {"demo", "test"} <= named


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_run_command_in_the_documents_exists(document: Path) -> None:
    assert set(RUN.findall(document.read_text())) <= commands_of_run()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_manage_command_in_the_documents_exists(document: Path) -> None:
    assert set(MANAGE.findall(document.read_text())) <= get_commands().keys()


def test_every_command_of_ours_is_in_the_documents() -> None:
    ours = {name for name, app in get_commands().items() if app in OURS}
    said = "\n".join(document.read_text() for document in DOCUMENTS)
    assert {name for name in ours if not re.search(rf"\b{name}\b", said)} == set()


@pytest.mark.parametrize("app", OURS)
def test_every_app_is_on_the_map(app: str) -> None:
    assert f"`{app}`" in README.read_text().split("## The map")[1].split("\n## ")[0]


def test_the_map_names_no_app_that_is_gone() -> None:
    on_map = README.read_text().split("## The map")[1].split("\n## ")[0]
    named = set(re.findall(r"`((?:config|escalations|reporting|complaints\.\w+))`", on_map))
    assert named == set(OURS)


def test_every_environment_variable_is_explained_to_those_who_run_it() -> None:
    read = set().union(*(variables_in(path) for path in (ROOT / "config").glob("*.py")))
    assert {"SECRET_KEY", "DATABASE_URL", "VAR_DIR", "PORT"} <= read  # the search finds something
    assert read - explained_variables() == set()


def test_every_variable_of_the_compose_file_is_explained() -> None:
    assert set(re.findall(r"\$\{(\w+)", (ROOT / "compose.yaml").read_text())) <= explained_variables()


def test_no_variable_is_explained_that_nobody_reads() -> None:
    sources = [*(ROOT / "config").glob("*.py"), ROOT / "compose.yaml", ROOT / "run"]
    everything = "\n".join(source.read_text() for source in sources)
    assert {name for name in explained_variables() if name not in everything} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    for link in LINK.findall(document.read_text()):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = document.parent / path if path else document
        assert target.exists(), link
        assert not anchor or anchor in anchors_of(target), link


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.name)
def test_every_decision_fits_a_page_and_says_why(decision: Path) -> None:
    text = decision.read_text()
    assert all(f"**{part}.**" in text for part in ("Context", "Decision", "Consequence"))
    assert len(text.splitlines()) < 60
    assert text.startswith(f"# {int(decision.name[:4])}. ")


def test_decisions_are_numbered_without_gaps() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_the_readme_has_its_pictures_and_they_are_small() -> None:
    pictures = re.findall(r"!\[(.+)\]\((.+)\)", README.read_text())
    assert {path for _, path in pictures} == {"docs/pictures/complaint.png", "docs/lifecycle.svg"}
    assert all((ROOT / path).stat().st_size < LARGEST_PICTURE for _, path in pictures)


def test_no_tracked_file_names_a_folder_of_one_machine() -> None:
    found = [f"{path}: {hit[0]}" for path, text in texts() for hit in MACHINE.finditer(text)]
    assert found == []


def test_no_list_of_packages_names_where_they_came_from() -> None:
    lists = [(path, text) for path, text in texts() if path.parts[0] == "requirements"]
    assert lists
    assert [path for path, text in lists if INDEX.search(text)] == []
    assert [
        path for path in tracked() if path.name in {"uv.lock", "poetry.lock", "pip.conf", ".pypirc"}
    ] == []
