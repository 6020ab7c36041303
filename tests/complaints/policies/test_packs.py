import tomllib
from dataclasses import fields
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.checks.registry import registry

from complaints.policies import checks, packs
from complaints.policies.exceptions import NoPackInForce, NoSuchClock, NoSuchPack, PackInvalid
from complaints.policies.facts import Facts, Priority
from complaints.policies.limits import StartRule, limit_from
from complaints.policies.packs import in_force, pack, read_file, read_folder, read_text
from complaints.policies.schema import Amount, ClockKind, Pack
from complaints.policies.sources import Status
from tests.complaints.policies.calendars import london

HOUSE = packs.FOLDER / "house.toml"


def edited(folder: Path, *changes: tuple[str, str], name: str = "mine.toml") -> Path:
    text = HOUSE.read_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / name
    path.write_text(text)
    return path


def test_the_house_pack_holds_what_the_house_promises() -> None:
    house = in_force("house", date(2026, 11, 21))
    promised = {clock.code: (clock.kind, str(clock.limit), clock.start) for clock in house.clocks}
    assert promised == {
        "acknowledgement": (ClockKind.SERVICE, "1 business day", StartRule.RECEIVED),
        "update": (ClockKind.SERVICE, "5 business days", StartRule.LAST_MESSAGE),
        "resolve": (ClockKind.SERVICE, "20 business days", StartRule.RECEIVED),
        "final_response": (ClockKind.STATUTORY, "8 weeks", StartRule.RECEIVED),
    }
    assert house.check_payment_above == Amount(Decimal("250.00"), "GBP")
    assert house.timings.reopen_within == limit_from("6 months, end of day")
    assert house.timings.survey_cap_days == 90


def test_every_clock_that_ships_has_a_rule_and_a_source_to_show() -> None:
    for versions in packs.shipped().values():
        for version in versions:
            assert version.review
            for clock in version.clocks:
                assert clock.rule.endswith(".")
                assert clock.source.endswith(".")
                assert all(other.rule.endswith(".") for other in clock.instead)
                assert all(other.source.endswith(".") for other in clock.instead)


def test_the_graver_the_matter_the_shorter_our_silence_and_that_is_the_houses_own_choice() -> None:
    for versions in packs.shipped().values():
        for version in versions:
            borne = [version.clock("update").as_for(Facts(priority=one)) for one in Priority]
            assert [str(one.limit) for one in borne] == [
                "5 business days",
                "2 business days",
                "1 business day",
            ]
            assert {one.status for one in borne} == {Status.HOUSE}
            assert version.asks_for_priority


def test_letters_leave_in_the_contact_window_only_and_not_at_christmas() -> None:
    window = in_force("house", date(2026, 1, 1)).contact_window
    assert window.is_open(london(2026, 6, 6, 12, 59))
    assert not window.is_open(london(2026, 6, 6, 13, 0))
    assert window.next_opening(london(2027, 12, 24, 20, 0)) == london(2027, 12, 29, 8, 0)


def test_the_same_version_is_the_same_object() -> None:
    assert in_force("house", date(2026, 1, 1)) is pack("house", 1)


def test_a_complaint_gets_the_version_in_force_on_its_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited(tmp_path)
    edited(
        tmp_path,
        ("version = 1", "version = 2"),
        ("effective_from = 2000-01-01", "effective_from = 2026-04-01"),
        ('limit = "8 weeks, end of day"', 'limit = "6 weeks, end of day"'),
        name="mine_2.toml",
    )
    monkeypatch.setattr(packs, "shipped", lambda: read_folder(tmp_path))
    in_force.cache_clear()
    limits = [
        str(in_force("house", date(2026, *day)).clock("final_response").limit) for day in ((3, 31), (4, 1))
    ]
    in_force.cache_clear()
    assert limits == ["8 weeks", "6 weeks"]


def test_what_is_not_there_is_said_by_name() -> None:
    with pytest.raises(NoSuchPack, match="atlantis"):
        in_force("atlantis", date(2026, 1, 1))
    with pytest.raises(NoSuchPack, match="house version 99"):
        pack("house", 99)
    with pytest.raises(NoPackInForce, match="1999-12-31"):
        in_force("house", date(1999, 12, 31))
    with pytest.raises(NoSuchClock, match="cuckoo"):
        pack("house", 1).clock("cuckoo")


WRONG = [
    (("version = 1", 'version = "one"'), "version", "must be a whole number"),
    (("version = 1", "version = true"), "version", "must be a whole number"),
    (("version = 1", "version = 0"), r"\(the file\)", "1 or more"),
    (("version = 1\n", ""), "version", "is missing"),
    (('name = "House rules"', 'name = ""'), "name", "must not be empty"),
    (("effective_from = 2000-01-01", 'effective_from = "soon"'), "effective_from", "must be a date"),
    (('amount = "250.00"', "amount = 250.0"), r"check_payment_above\.amount", "must be a text"),
    (('amount = "250.00"', 'amount = "lots"'), r"check_payment_above\.amount", "number in quotes"),
    (('amount = "250.00"', 'amount = "NaN"'), r"check_payment_above\.amount", "finite"),
    (('amount = "250.00"', 'amount = "-1"'), "check_payment_above", "negative"),
    (('currency = "GBP"', 'currency = "quid"'), "check_payment_above", "currency code"),
    (('zone = "Europe/London"', 'zone = "Europe/Camelot"'), r"calendar\.zone", "is not a time zone"),
    (('"GB-ENG"', '"GB-KENT"'), r"calendar\.holiday_lists\[0\]", "KENT"),
    (('monday = ["09:00-17:00"]', 'monday = ["17:00-09:00"]'), r"calendar\.week\.monday\[0\]", "before it closes"),
    (('monday = ["09:00-17:00"]', 'monday = "09:00-17:00"'), r"calendar\.week\.monday", "must be a list"),
    (('monday = ["09:00-17:00"]', 'mondays = ["09:00-17:00"]'), r"calendar\.week\.mondays", "is it monday"),
    (('limit = "1 business day"', 'limit = "1 fortnight"'), r"clocks\[0\]\.limit", "is not a limit such as"),
    (('limit = "1 business day"', 'limit = "0 business days"'), r"clocks\[0\]\.limit", "one or more"),
    (('kind = "service"', 'kind = "kind"'), r"clocks\[0\]\.kind", "statutory, service"),
    (('stops_on = ["acknowledged"', 'stops_on = ["rung"'), r"clocks\[0\]\.stops_on\[0\]", "must be one of"),
    (('code = "update"', 'code = "acknowledgement"'), r"\(the file\)", "the same code"),
    (('stops_on = ["answered"]\nrule = "The customer', 'stops_on = ["answered"]\npausable_in = ["waiting"]\nrule = "The customer'), r"clocks\[3\]", "cannot be paused"),
    (('resets_on = ["message_out"]\n', ""), r"clocks\[1\]", "reset by message_out"),
    (('priority = ["high"]', 'priority = ["dire"]'), r"clocks\[1\]\.instead\[0\]\.when\.priority\[0\]", "normal, high, serious"),
    (('priority = ["high"]', 'stage = ["stage9"]'), r"clocks\[1\]\.instead\[0\]\.when\.stage", "not a stage of this pack"),
    (('when = { priority = ["high"] }\n', ""), r"clocks\[1\]\.instead\[0\]\.when", "is missing"),
    (('limit = "2 business days"', 'limit = "2 blinks"'), r"clocks\[1\]\.instead\[0\]\.limit", "is not a limit such as"),
    (('offer_open_for = "10 business days"', 'offer_open_for = "4 business days"'), "timings", "must come before"),
    (('about_to_be_overdue_at = "0.8"', 'about_to_be_overdue_at = "80"'), "escalation", "between 0 and 1"),
    (("{until}", "then"), r"\(the file\)", "until when"),
    (("{ month = 1, day = 1,", "{ month = 13, day = 1,"), r"contact_window\.yearly_holidays\[0\]", "month 13"),
    (("[retention]", "[retentions]"), "retentions", "is it retention"),
    (('code = "house"', "code = house"), r"\(the file\)", "is not TOML"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "key", "reason"), WRONG)
def test_a_pack_that_is_wrong_is_refused_with_file_key_and_reason(
    change: tuple[str, str], key: str, reason: str, tmp_path: Path
) -> None:
    path = edited(tmp_path, change)
    with pytest.raises(PackInvalid, match=rf"^mine\.toml: {key}: .*{reason}") as refused:
        read_file(path)
    assert refused.value.file == "mine.toml"


def test_a_pack_need_not_lie_in_a_file_and_a_file_must_be_text(tmp_path: Path) -> None:
    assert read_text(HOUSE.read_text(), "a draft") == read_file(HOUSE)
    with pytest.raises(PackInvalid, match=r"^a draft: version: is missing"):
        read_text(HOUSE.read_text().replace("version = 1\n", "", 1), "a draft")
    (tmp_path / "mine.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(PackInvalid, match="is not TOML"):
        read_file(tmp_path / "mine.toml")


def test_two_files_cannot_be_the_same_version_nor_begin_on_the_same_day(tmp_path: Path) -> None:
    edited(tmp_path)
    other = edited(tmp_path, name="other.toml")
    with pytest.raises(PackInvalid, match=r"other\.toml: version"):
        read_folder(tmp_path)
    other.write_text(other.read_text().replace("version = 1", "version = 2", 1))
    with pytest.raises(PackInvalid, match=r"other\.toml: effective_from"):
        read_folder(tmp_path)


def test_a_broken_pack_fails_the_check_before_it_meets_a_complaint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert checks.packs_can_be_read in registry.registered_checks
    assert checks.packs_can_be_read() == []
    edited(tmp_path, ("version = 1", 'version = "one"'))
    monkeypatch.setattr(checks, "FOLDER", tmp_path)
    assert [error.id for error in checks.packs_can_be_read()] == ["policies.E001"]


def test_the_packs_that_ship_use_every_key_of_the_schema_between_them() -> None:
    used = {key for path in packs.FOLDER.glob("*.toml") for key in tomllib.loads(path.read_text())}
    assert used == {field.name for field in fields(Pack)}
