from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.mailroom.reading import cleaned
from complaints.mailroom.reading.markup import text_from_html
from tests.complaints.mailroom.reading.hostile_html import HOSTILE
from tests.complaints.mailroom.reading.written import heard

HARMLESS_ATTRIBUTES = {
    "href",
    "title",
    "src",
    "alt",
    "width",
    "height",
    "colspan",
    "rowspan",
    "align",
    "valign",
}
HARMLESS_ATTRIBUTES |= {"start", "type", "dir", "lang", "rel", "target"}
HARMFUL_TAGS = {
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "button",
    "textarea",
    "select",
    "base",
}
HARMFUL_TAGS |= {
    "meta",
    "link",
    "svg",
    "math",
    "template",
    "video",
    "audio",
    "source",
    "body",
    "frame",
    "title",
}


class Seen(HTMLParser):
    """What a browser would make elements of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    handle_startendtag = handle_starttag


def harm_in(html: str) -> list[object]:
    found: list[object] = []
    for tag, attributes in Seen(html).elements:
        found += [tag] if tag in HARMFUL_TAGS else []
        found += [(tag, name) for name in attributes if name not in HARMLESS_ATTRIBUTES]
        urls = [attributes.get(name) for name in ("href", "src")]
        found += [url for url in urls if url and urlsplit(url).scheme not in {"http", "https", "mailto"}]
        found += [url for url in [attributes.get("src")] if url]
    return found


def test_there_are_enough_ways_to_do_harm() -> None:
    assert len(set(HOSTILE)) == len(HOSTILE) >= 60
    assert len([html for html in HOSTILE if harm_in(html)]) > 60
    assert not harm_in("<p>Hello <b>you</b></p>")


@pytest.mark.parametrize("html", HOSTILE)
def test_sec_01_nothing_harmful_is_left_of_hostile_html(html: str) -> None:
    mail = heard(f"<p>Dear bank</p>{html}<p>Ann</p>", head="Content-Type: text/html; charset=utf-8")
    assert harm_in(cleaned(mail.html)) == []


@pytest.mark.parametrize("html", HOSTILE)
def test_sec_02_cleaning_twice_is_cleaning_once(html: str) -> None:
    once = cleaned(html)
    assert cleaned(once) == once


def test_sec_02_tags_nested_in_tags_do_not_put_one_together() -> None:
    nested = "<scr" * 5 + "<script>" + "ipt>" * 5 + "alert(1)"
    assert harm_in(cleaned(nested)) == harm_in(cleaned(cleaned(nested))) == []


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from([*HOSTILE, "<", ">", "'", '"', "<b>", "</b>", "<!--", "-->", "&lt;", "x"]), max_size=8
    )
)
def test_sec_01_and_02_whatever_is_put_together(pieces: list[str]) -> None:
    once = cleaned("".join(pieces))
    assert harm_in(once) == []
    assert cleaned(once) == once


def test_sec_01_what_is_absurdly_deep_is_shown_as_its_words() -> None:
    once = cleaned("<div>" * 20_000 + "<script>alert(1)</script>Hello &lt;b&gt;")
    assert harm_in(once) == []
    assert "Hello" in once


OURS = "data:image/png;base64,AAAA"


def test_sec_39_no_picture_is_fetched_and_ours_are_where_they_were() -> None:
    html = '<img src="cid:a@b" alt="Receipt"><img src="https://evil.example/p.gif"><img src="cid:unknown">'
    shown = cleaned(html, image={"a@b": OURS}.get)
    assert [attributes.get("src") for _, attributes in Seen(shown).elements] == [OURS, None, None]
    assert [attributes.get("src") for _, attributes in Seen(cleaned(html)).elements] == [None, None, None]


def test_links_go_out_without_telling_where_from() -> None:
    (_, link), *_ = Seen(cleaned('<a href="https://bank.example/x?a=1&b=2">x</a>')).elements
    assert link == {
        "href": "https://bank.example/x?a=1&b=2",
        "rel": "noopener noreferrer nofollow",
        "target": "_blank",
    }


def test_what_people_write_looks_as_they_wrote_it() -> None:
    html = '<h1>A</h1><p align="center">B <b>c</b> <i>d</i></p><table><tr><td colspan="2">e</td></tr></table><ul><li>f</li></ul>'
    assert cleaned(html) == html.replace(' align="center"', "").replace("<tr>", "<tbody><tr>").replace(
        "</tr>", "</tr></tbody>"
    )


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<div>One</div><div>Two</div>", "One\nTwo"),
        ("One<br>Two<br><br>Three", "One\nTwo\n\nThree"),
        ("a\n   b\t c", "a b c"),
        ("<ul><li>a<li>b</ul>", "- a\n- b"),
        (
            "<p>New</p><blockquote><p>Old</p><blockquote>Older</blockquote></blockquote>",
            "New\n\n> Old\n>\n>> Older",
        ),
        ("<pre>a\n  b</pre>", "a\n  b"),
        (
            "<style>p{}</style><title>t</title><p>a&nbsp;&lt;b&gt; &amp;amp; &euro;</p><script>x</script>",
            "a <b> &amp; €",
        ),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<html><head><meta charset=x></head><body><o:p>a</o:p></body></html>", "a"),
        ("", ""),
        ("<div>" * 5_000 + "deep", "deep"),
    ],
)
def test_text_of_html_has_the_lines_a_reader_sees(html: str, text: str) -> None:
    assert text_from_html(html).strip() == text


def test_what_is_quoted_in_html_is_trimmed_as_in_text() -> None:
    html = "<div>Not paid.</div><div>On 3 May 2024, A &lt;a@b.example&gt; wrote:</div><blockquote>We will pay.</blockquote>"
    mail = heard(html, head="Content-Type: text/html")
    assert mail.new_text == "Not paid."
    assert "We will pay." in mail.text
