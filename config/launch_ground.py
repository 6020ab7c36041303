"""Is the ground firm? Each thing a start can fail on is looked at first, and refused in one sentence."""

import fcntl
import os
import socket
import sqlite3
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import environ

MAX_PORT = 65535


class Refused(Exception):
    """The demo cannot start here; the message says why and what to do."""


def check_port(port: int) -> None:
    if not 0 < port <= MAX_PORT:
        raise Refused(f"{port} is not a port; choose one between 1 and {MAX_PORT}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as refusal:
            raise Refused(f"this account may not use port {port}; choose one above 1023.") from refusal
        except OSError as refusal:
            raise Refused(f"port {port} is taken; choose another: ./run demo --port {port + 10}") from refusal


def check_folder(folder: Path) -> None:
    probe = folder / ".probe"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_text("")
        probe.unlink()
    except OSError as refusal:
        raise Refused(f"the folder {folder} cannot be written: {refusal.strerror}.") from refusal


def hold(lock: Path) -> IO[str]:
    """Two demos on one database file and one Valkey folder would ruin each other. Held while it is open."""
    held = lock.open("w")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as refusal:
        held.close()
        raise Refused("Redress already runs from this folder; stop it first.") from refusal
    return held


def check_database(url: str) -> None:
    database = environ.Env.db_url_config(url)
    if "sqlite" in database["ENGINE"]:
        _check_sqlite(Path(database["NAME"]))
    else:
        _check_server("the database", database["HOST"] or "127.0.0.1", int(database["PORT"] or 5432))


def _check_sqlite(path: Path) -> None:
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        raise Refused(f"the database {path} cannot be read and written by this account.")
    try:
        connection = sqlite3.connect(path, timeout=5, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("SELECT count(*) FROM sqlite_schema")
        finally:
            connection.close()
    except sqlite3.Error as refusal:
        raise Refused(f"the database {path} cannot be used: {refusal}.") from refusal


def check_broker(url: str) -> None:
    parts = urlsplit(url)
    _check_server("Redis", parts.hostname or "127.0.0.1", parts.port or 6379)


def _check_server(what: str, host: str, port: int) -> None:
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError as refusal:
        raise Refused(f"{what} at {host}:{port} does not answer.") from refusal
