import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import launch_ground
from config.launch_ground import Refused
from config.launch_valkey import free_port


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_is_refused_with_another_one_named(taken_port: int) -> None:
    with pytest.raises(
        Refused, match=f"port {taken_port} is taken; choose another: ./run demo --port {taken_port + 10}"
    ):
        launch_ground.check_port(taken_port)


def test_a_free_port_is_fine() -> None:
    launch_ground.check_port(free_port())


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(Refused, match="is not a port"):
        launch_ground.check_port(port)


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where the folder should be")
    with pytest.raises(Refused, match="cannot be written"):
        launch_ground.check_folder(tmp_path / "var")


def test_the_second_demo_in_a_folder_is_refused(tmp_path: Path) -> None:
    with launch_ground.hold(tmp_path / "lock"), pytest.raises(Refused, match="already runs from this folder"):
        launch_ground.hold(tmp_path / "lock")
    launch_ground.hold(tmp_path / "lock").close()


def test_a_new_database_is_fine(tmp_path: Path) -> None:
    launch_ground.check_database(f"sqlite:///{tmp_path / 'new.sqlite3'}")


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "db").write_text("certainly not a database, but long enough to be looked at as one" * 50)
    with pytest.raises(Refused, match="cannot be used: file is not a database"):
        launch_ground.check_database(f"sqlite:///{tmp_path / 'db'}")


def test_a_folder_in_place_of_the_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be used: unable to open database file"):
        launch_ground.check_database(f"sqlite:///{tmp_path}")


def test_a_database_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "db").write_text("")
    monkeypatch.setattr("os.access", lambda *_: False)  # the tests may run as root, who may read everything
    with pytest.raises(Refused, match="cannot be read and written by this account"):
        launch_ground.check_database(f"sqlite:///{tmp_path / 'db'}")


@pytest.mark.parametrize("check", ["check_database", "check_broker"])
def test_a_server_that_is_not_there_is_named_without_its_password(check: str) -> None:
    port = free_port()
    scheme = "postgres" if check == "check_database" else "redis"
    with pytest.raises(Refused, match=f"at 127.0.0.1:{port} does not answer") as refused:
        getattr(launch_ground, check)(f"{scheme}://ann:secret@127.0.0.1:{port}/0")
    assert "secret" not in str(refused.value)
