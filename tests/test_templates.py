"""Every template is read once, so that a slip in one nobody opened is not found by a customer."""

from pathlib import Path

import pytest
from django.template import engines

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_template_compiles(path: Path) -> None:
    assert engines["django"].get_template(str(path.relative_to(ROOT / "templates")))


def test_a_broken_template_would_be_found() -> None:
    with pytest.raises(Exception, match="Invalid block tag"):
        engines["django"].from_string("{% no_such_tag %}")
