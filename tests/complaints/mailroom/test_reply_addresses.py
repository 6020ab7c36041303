from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.mailroom import letters
from complaints.mailroom.reply_addresses import (
    LARGEST_KEY,
    bounce_address,
    read_bounce_address,
    read_reply_address,
    reply_address,
)

BOTH = [(reply_address, read_reply_address), (bounce_address, read_bounce_address)]
Make = Callable[[int], str]
Read = Callable[[str], int | None]


@pytest.fixture(autouse=True)
def mailbox(settings: Any) -> None:
    settings.MAIL_REPLY_ADDRESS = "complaints@firm.example"
    settings.MAIL_BOUNCE_ADDRESS = ""


@pytest.mark.parametrize(("make", "read"), BOTH)
@pytest.mark.parametrize("key", [1, 17, LARGEST_KEY])
def test_an_address_names_its_key_in_any_case_and_fits_the_wire(make: Make, read: Read, key: int) -> None:
    address = make(key)
    assert address.endswith("@firm.example")
    assert len(address.partition("@")[0]) <= 64
    assert letters.address(address) == address
    assert read(address) == read(address.upper()) == read(f" {address.title()} ") == key


@pytest.mark.parametrize(("make", "read"), BOTH)
def test_what_was_not_signed_here_names_nothing(make: Make, read: Read, settings: Any) -> None:
    genuine = make(17)
    mark = genuine.partition("+")[2].partition("@")[0]
    forged = [
        genuine.replace(".17.", ".18."),
        genuine.replace(".17.", ".017."),
        genuine.replace(".17.", ".١٧."),
        genuine.replace(mark, mark[:-1]),
        genuine.replace(mark, mark + "a"),
        genuine.replace(mark, mark[:-1] + ("a" if mark[-1] != "a" else "b")),
        "complaints@firm.example",
        "complaints+r.17.@firm.example",
        mark,
        "",
    ]
    assert [read(address) for address in forged] == [None] * len(forged)
    settings.SECRET_KEY = "another house, another key"
    assert read(genuine) is None


def test_an_address_for_answers_is_none_for_bounces() -> None:
    assert read_bounce_address(reply_address(17)) is None
    assert read_reply_address(bounce_address(17)) is None


@pytest.mark.parametrize(("make", "read"), BOTH)
def test_rotated_secrets_still_read_what_they_signed(make: Make, read: Read, settings: Any) -> None:
    old = make(17)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "the new secret"
    assert read(old) == read(make(17)) == 17
    assert make(17) != old
    settings.SECRET_KEY_FALLBACKS = []
    assert read(old) is None


def test_a_renamed_mailbox_still_reads_its_old_addresses(settings: Any) -> None:
    old = reply_address(17)
    settings.MAIL_REPLY_ADDRESS = "help@other.example"
    assert read_reply_address(old) == 17
    assert reply_address(17).startswith("help+r.17.")


def test_bounces_may_have_a_mailbox_of_their_own(settings: Any) -> None:
    settings.MAIL_BOUNCE_ADDRESS = "bounces@firm.example"
    assert bounce_address(17).startswith("bounces+b.17.")
    assert reply_address(17).startswith("complaints+r.17.")


def test_a_firm_without_such_a_mailbox_has_no_such_addresses(settings: Any) -> None:
    settings.MAIL_REPLY_ADDRESS = ""
    assert (reply_address(17), bounce_address(17)) == ("", "")


@given(st.text())
def test_no_text_upsets_the_reader(text: str) -> None:
    assert read_reply_address(text) is None
    assert read_reply_address(f"complaints+r.17.{text}@firm.example") is None
