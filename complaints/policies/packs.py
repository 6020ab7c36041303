"""The policy packs that ship with the code: one TOML file a version."""

import tomllib
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from complaints.policies.exceptions import NoPackInForce, NoSuchPack, PackInvalid
from complaints.policies.reading import Place, read
from complaints.policies.schema import Pack

FOLDER = Path(__file__).parent / "packs"


@lru_cache(maxsize=1024)
def in_force(code: str, on: date) -> Pack:
    """The version of a pack in force on a date."""
    begun = [version for version in versions(code) if version.effective_from <= on]
    if not begun:
        raise NoPackInForce(code, on)
    return begun[-1]


@cache
def pack(code: str, version: int) -> Pack:
    for candidate in versions(code):
        if candidate.version == version:
            return candidate
    raise NoSuchPack(code, version)


def versions(code: str) -> tuple[Pack, ...]:
    """All versions of a pack in the order in which they come into force."""
    if code not in shipped():
        raise NoSuchPack(code)
    return shipped()[code]


@cache
def shipped() -> dict[str, tuple[Pack, ...]]:
    return read_folder(FOLDER)


def text_of(code: str, version: int) -> str:
    """The TOML of a shipped version."""
    for path in sorted(FOLDER.glob(f"{code}*.toml")):
        one = read_file(path)
        if (one.code, one.version) == (code, version):
            return path.read_text(encoding="utf-8")
    raise NoSuchPack(code, version)


def read_folder(folder: Path) -> dict[str, tuple[Pack, ...]]:
    found: dict[str, list[Pack]] = {}
    for path in sorted(folder.glob("*.toml")):
        one = read_file(path)
        others = found.setdefault(one.code, [])
        _refuse_clash(one, others, path)
        others.append(one)
    return {code: tuple(sorted(ones, key=lambda one: one.effective_from)) for code, ones in found.items()}


def read_file(path: Path) -> Pack:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise PackInvalid(path.name, "(the file)", f"is not TOML: {error}") from error
    return read_text(text, path.name)


def read_text(text: str, name: str) -> Pack:
    """The pack that this TOML describes. The name stands in errors."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PackInvalid(name, "(the file)", f"is not TOML: {error}") from error
    return read(Pack, table, Place(name))


def _refuse_clash(one: Pack, others: list[Pack], path: Path) -> None:
    for other in others:
        if other.version == one.version:
            raise PackInvalid(
                path.name, "version", f"another file already is {one.code} version {one.version}."
            )
        if other.effective_from == one.effective_from:
            raise PackInvalid(path.name, "effective_from", f"version {other.version} begins on the same day.")
