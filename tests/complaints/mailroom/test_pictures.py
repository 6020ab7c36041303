"""Pictures inside a mail: drawn only where their own bytes are those of a picture, and never too many of them."""

import base64

import pytest

from complaints.mailroom import pictures
from complaints.mailroom.pictures import Pictures
from complaints.mailroom.reading import Attachment, cleaned
from tests.complaints.mailroom.test_enclosures import jpeg, png, webp

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>"


def inside(content: bytes, *, claimed: str = "image/png", content_id: str = "a@b") -> Pictures:
    return Pictures([Attachment("x.png", claimed, content, content_id=content_id, inline=True)])


@pytest.mark.parametrize(
    ("content", "mime"),
    [(png(6, 9), "image/png"), (jpeg(6, 9), "image/jpeg"), (webp(6, 9), "image/webp")],
)
def test_a_picture_is_told_by_its_bytes_whatever_it_is_called(content: bytes, mime: str) -> None:
    address = inside(content, claimed="text/html")("a@b")
    assert address is not None
    head, _, packed = address.partition(",")
    assert head == f"data:{mime};base64"
    assert base64.b64decode(packed.replace("%2F", "/")) == content
    assert "/" not in packed


@pytest.mark.parametrize(
    "content",
    [
        SVG,
        b"<?xml version='1.0'?>" + SVG,
        b"\xef\xbb\xbf" + SVG,
        b"<html><script>alert(1)</script>",
        b"%PDF-1.4 x",
        b"",
    ],
    ids=["svg", "svg as xml", "svg with a mark", "html", "pdf", "nothing"],
)
def test_sec_01_what_is_no_picture_is_not_drawn_whatever_it_says_it_is(content: bytes) -> None:
    assert inside(content)("a@b") is None
    assert cleaned('<img src="cid:a@b">', image=inside(content)) == "<img>"


def test_a_picture_is_found_by_its_name_as_mail_programs_write_it() -> None:
    assert inside(png(6, 9), content_id="image001.png@01D")("image001.png%4001D")
    assert inside(png(6, 9))("another@b") is None
    assert inside(png(6, 9), content_id="")("") is None


def test_sec_53_neither_a_large_one_nor_very_many_fill_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    assert inside(png(9_000, 9_000))("a@b") is None
    monkeypatch.setattr(pictures, "LARGEST", 10)
    assert inside(png(6, 9))("a@b") is None
    monkeypatch.undo()
    monkeypatch.setattr(pictures, "MOST_BYTES", 3 * len(png(6, 9)))
    shown = cleaned('<img src="cid:a@b">' * 1000, image=inside(png(6, 9)))
    assert shown.count("data:image/png") == 3


def test_sec_39_what_the_sender_puts_there_himself_is_not_shown() -> None:
    own = f"data:image/png;base64,{base64.b64encode(png(6, 9)).decode()}"
    for html in (
        f'<img src="{own}">',
        f'<a href="{own}">x</a>',
        '<img src="/desk/">',
        '<a href="/desk/">x</a>',
    ):
        shown = cleaned(html, image=inside(png(6, 9)))
        assert "data:" not in shown
        assert "/desk/" not in shown
