from itertools import groupby
from typing import Any

MARK = "- "


def blocks_of(text: str) -> list[dict[str, Any]]:
    """A text as it was typed: paragraphs with their lines, and lines that begin with a dash as a list."""
    blocks: list[dict[str, Any]] = []
    for paragraph in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in paragraph.split("\n") if line.strip()]
        for is_list, group in groupby(lines, key=lambda line: line.startswith(MARK)):
            if is_list:
                blocks.append({"kind": "list", "items": [line.removeprefix(MARK) for line in group]})
            else:
                blocks.append({"kind": "text", "lines": list(group)})
    return blocks
