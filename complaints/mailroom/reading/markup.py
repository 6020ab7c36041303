"""HTML a stranger wrote: made harmless to look at, and made into text.

All of it goes through nh3, which parses as a browser does and writes out only what is listed here. Nothing that is left
loads, runs, submits or positions anything; show it in a sandboxed frame all the same.
"""

import html as entities
import re
from collections import Counter
from collections.abc import Callable
from typing import Final

import nh3

_STRUCTURE: Final = frozenset(
    {"p", "div", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd"}
    | {"table", "tr", "td", "th", "blockquote", "pre", "center"}
)
_SHOWN: Final = (
    _STRUCTURE
    | {"a", "b", "strong", "i", "em", "u", "s", "strike", "del", "ins", "small", "big", "sub", "sup", "span"}
    | {
        "font",
        "tt",
        "code",
        "kbd",
        "samp",
        "var",
        "q",
        "cite",
        "abbr",
        "address",
        "caption",
        "thead",
        "tbody",
    }
    | {"tfoot", "col", "colgroup", "section", "article", "header", "footer", "main", "aside", "figure"}
    | {"figcaption", "img", "wbr"}
)
_ATTRIBUTES: Final = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "align", "valign"},
    "th": {"colspan", "rowspan", "align", "valign"},
    "ol": {"start", "type"},
    "*": {"dir", "lang"},
}
_DROPPED_WHOLE: Final = frozenset(
    {
        "script",
        "style",
        "title",
        "noscript",
        "noframes",
        "noembed",
        "template",
        "iframe",
        "object",
        "svg",
        "math",
    }
)
_SCHEMES: Final = frozenset({"http", "https", "mailto", "cid"})

#: Beyond this the parser walks the whole of an absurd depth for every tag; no letter is built so.
_DEEPEST, _UNSUSPICIOUS = 400, 4_000
_MOST_REFERENCES = 100_000  # to characters: it is slow at these too, when there are very many
_CLOSED_BY_OTHERS: Final = frozenset(
    {"p", "li", "td", "th", "tr", "tbody", "thead", "tfoot", "colgroup", "dd", "dt", "option", "optgroup"}
    | {"br", "hr", "img", "input", "meta", "link", "col", "area", "base", "wbr"}
)
_COMMENT: Final = re.compile(r"<!--(?:[^-]|-(?!->))*+(?:-->|\Z)")
_TAG: Final = re.compile(r"""<(/?)([a-zA-Z][^\s/<>]*+)(?:[^<>"']|"[^"]*+"|'[^']*+')*+""")
_ANY_TAG: Final = re.compile(r"<[^<>]*+>")

_ENDS_PARAGRAPH: Final = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "pre"}
)
#: Some programs space with hundreds of these; many say no more than one.
_EMPTY_AGAIN: Final = re.compile(r"(<(p|div)></\2>)\1+")
_TEXT_TAG: Final = re.compile(r"<(/?)([a-z][a-z0-9]*)[^<>]*+>|([^<]++)")
_BLANKS: Final = re.compile(r"[ \t\r\n\f]+")
_MOST_INDENT = 20

ResolveImage = Callable[[str], str | None]
"""From a Content-ID to the picture as a `data:` address; None: it is not shown."""


def cleaned(html: str, *, image: ResolveImage | None = None) -> str:
    """Fit to be shown in a sandboxed frame. Cleaning it again changes nothing."""
    if _is_absurd(html):
        return f"<pre>{entities.escape(_without_tags(html), quote=False)}</pre>"

    def kept(tag: str, attribute: str, value: str) -> str | None:
        if (tag, attribute) != ("img", "src"):
            return value
        content_id = value.strip()
        return image(content_id[4:]) if image and content_id[:4].lower() == "cid:" else None

    return nh3.clean(
        html,
        tags=set(_SHOWN),
        clean_content_tags=set(_DROPPED_WHOLE),
        attributes=_ATTRIBUTES,
        attribute_filter=kept,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        url_schemes=set(_SCHEMES),
        url_relative="deny",
    )


def text_from_html(html: str) -> str:
    """What a reader sees: paragraphs, lines, and `>` before what is quoted."""
    if _is_absurd(html):
        return entities.unescape(_without_tags(html))
    plain = nh3.clean(
        html,
        tags=set(_STRUCTURE),
        attributes={},
        clean_content_tags=set(_DROPPED_WHOLE),
        link_rel=None,
    )
    return _Lines().written(_EMPTY_AGAIN.sub(r"\1", plain))


def _is_absurd(html: str) -> bool:
    if html.count("&") > _MOST_REFERENCES:
        return True
    if html.count("<") < _UNSUSPICIOUS:
        return False
    depth, opened = 0, Counter[str]()
    for tag in _TAG.finditer(_COMMENT.sub("", html)):
        name = tag[2].lower()
        if name in _CLOSED_BY_OTHERS:
            continue
        step = -1 if tag[1] else 1
        if step > 0 or opened[name] > 0:
            opened[name] += step
            depth += step
        if depth > _DEEPEST:
            return True
    return False


def _without_tags(html: str) -> str:
    return _ANY_TAG.sub(" ", html)


def _unescaped(text: str) -> str:
    """Of nh3's writing, which knows these few."""
    for written, meant in (("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", "\xa0"), ("&quot;", '"'), ("&amp;", "&")):
        text = text.replace(written, meant)
    return text


class _Lines:
    """Writes text from the few tags that shape it; nh3 has seen to it that they are well formed."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line = ""
        self.quoted = 0
        self.verbatim = 0

    def written(self, html: str) -> str:
        for tag in _TEXT_TAG.finditer(html):
            if tag[3] is not None:
                self._text(_unescaped(tag[3]))
            else:
                self._tag(tag[2], closing=bool(tag[1]))
        self._end_line()
        while self.lines and not self.lines[-1].strip("> "):
            self.lines.pop()
        text = "\n".join(self.lines)
        return re.sub(r"\n{3,}", "\n\n", text).strip("\n")

    def _text(self, text: str) -> None:
        if not self.verbatim:
            piece = _BLANKS.sub(" ", text)
            self.line += piece if self.line else piece.lstrip(" ")
            return
        first, *others = text.split("\n")
        self.line += first
        for other in others:
            self._end_line(blank=True)
            self.line = other

    def _tag(self, name: str, *, closing: bool) -> None:
        if name == "br":
            self._end_line(blank=True)
        elif name in {"td", "th"}:
            self.line += " " if closing and self.line else ""
        else:
            self._end_line()
            self._paragraph(name, closing=closing)

    def _paragraph(self, name: str, *, closing: bool) -> None:
        step = -1 if closing else 1
        if name in _ENDS_PARAGRAPH and self.lines and self.lines[-1].strip("> "):
            self.lines.append(self._indent())
        if name == "blockquote":
            self.quoted = max(self.quoted + step, 0)
        elif name == "pre":
            self.verbatim = max(self.verbatim + step, 0)
        elif name == "li" and not closing:
            self.line = "- "
        elif name == "hr":
            self.line = "-" * 32

    def _end_line(self, *, blank: bool = False) -> None:
        if self.line.strip() or blank:
            line = self.line.replace("\xa0", " ").rstrip()
            self.lines.append(f"{self._indent()} {line}" if self.quoted and line else self._indent() + line)
        self.line = ""

    def _indent(self) -> str:
        return ">" * min(self.quoted, _MOST_INDENT)
