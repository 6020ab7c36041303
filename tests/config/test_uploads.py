"""SEC-55: what strangers upload. Neither memory nor disk is theirs to fill, and nobody who is no program is stopped."""

import base64
import http.client
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from complaints.resolution import actions, sending
from complaints.resolution.links import Purpose
from complaints.resolution.models import Complaint, Document
from complaints.resolution.restraint import Limit
from complaints.resolution.sending import FROM_ONE_PLACE
from config.launch_valkey import free_port
from config.uploads import MOST_BODY, Sieve
from tests.complaints.intake.test_views import filled
from tests.complaints.resolution.test_views import offered as offered_lately
from tests.complaints.resolution.test_views import page as page_of
from tests.factories import NOW, UserFactory, investigating, waiting

ROOT = Path(__file__).resolve().parent.parent.parent
MEGABYTE = 1024 * 1024
EDGE = "x7MA4YWxkTrZu0gW"


def texts(number: int, size: int = 5) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(f"{one}.txt", b"x" * size) for one in range(number)]


@pytest.fixture(autouse=True)
def _media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def flooded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two forms a minute are many today."""
    monkeypatch.setattr(sending, "FROM_ONE_PLACE", Limit("sendings", 2, 60))


# People


@pytest.mark.django_db
def test_a_family_behind_one_address_that_mistypes_and_clicks_twice_meets_no_limit(client: Client) -> None:
    for number in range(8):
        form = filled(client, email=f"one{number}@example.com")
        assert client.post("/", form | {"name": ""}).status_code == 200
        for _ in range(3):
            assert client.post("/", form | {"documents": texts(5)}).status_code == 303
    assert Complaint.objects.count() == 8
    assert Document.objects.count() == 40


@pytest.mark.django_db
def test_who_is_asked_to_wait_keeps_every_word_and_hears_how_long_and_where_else(
    client: Client, flooded: None, settings: Settings
) -> None:
    settings.DEFAULT_FROM_EMAIL = "Complaints <help@firm.example>"
    for number in range(2):
        client.post("/", filled(client, title=f"Story {number}", documents=texts(1)))
    form = filled(client, words="My whole long story.", documents=texts(1))
    slowed = client.post("/", form)
    page = slowed.content.decode()
    assert (slowed.status_code, slowed["Retry-After"]) == (429, "60")
    for words in ("My whole long story.", "My money back", "again in a minute", "help@firm.example"):
        assert words in page
    assert settings.FIRM_PHONE in page
    assert "choose them again" in page
    assert str(form["token"]) in page, "sent again it is the same form"
    assert Complaint.objects.count() == 2

    cache.clear()  # the minute is over
    assert client.post("/", form | {"documents": texts(1)}).status_code == 303


@pytest.mark.django_db
def test_the_pages_behind_links_ask_to_wait_as_well_and_an_offer_never_does(
    client: Client, flooded: None
) -> None:
    complaint, offered = waiting(), offered_lately()
    answer, status = page_of(Purpose.ANSWER, complaint), page_of(Purpose.STATUS, complaint)
    for _ in range(2):
        client.post(status, {"body": "Hello"})
    for address, said in ((status, {"body": "Any news?"}), (answer, {"answer_1": "The blue one."})):
        slowed = client.post(address, said)
        assert (slowed.status_code, slowed["Retry-After"]) == (429, "60")
    assert "Any news?" in client.post(status, {"body": "Any news?"}).content.decode()
    declined = client.post(f"{page_of(Purpose.OFFER, offered)}decline/", {"reason": "Too little."})
    assert declined.status_code == 303


@pytest.mark.django_db
def test_other_places_are_not_asked_to_wait_and_a_household_of_ipv6_is_one_place(flooded: None) -> None:
    def send(address: str) -> int:
        guest = Client(REMOTE_ADDR=address)
        return guest.post("/", filled(guest)).status_code

    assert [send("198.51.100.7") for _ in range(3)] == [303, 303, 429]
    assert send("198.51.100.8") == 303
    assert [send(f"2001:db8:1:2::{number}") for number in range(1, 4)] == [303, 303, 429]
    assert send("2001:db8:1:3::1") == 303


@pytest.mark.django_db
def test_a_cache_that_is_away_closes_no_door(client: Client, flooded: None, settings: Settings) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "config.caching.ForgivingCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    settings.DOCUMENTS_MB_A_DAY = 1
    for _ in range(4):
        form = filled(client, documents=texts(1, MEGABYTE))
        assert client.post("/", form).status_code == 303


# How much


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (lambda: texts(6), "at most 5 files"),
        (lambda: texts(100), "at most 5 files"),
        (lambda: texts(1, 10 * MEGABYTE + 1), "larger than 10 MB"),
        (lambda: texts(1, 60 * MEGABYTE), "larger than 10 MB"),
        (lambda: texts(3, 9 * MEGABYTE), "larger than 25 MB together"),
    ],
)
def test_sec_55_too_many_or_too_large_files_refuse_the_whole_and_keep_the_words(
    client: Client, sent: Callable[[], list[SimpleUploadedFile]], told: str
) -> None:
    refused = client.post("/", filled(client, words="My whole long story.", documents=sent()))
    assert refused.status_code == 413
    assert told in refused.content.decode()
    assert "My whole long story." in refused.content.decode()
    assert not Complaint.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/desk/login/"])
def test_sec_55_what_cannot_even_be_read_is_told_so_kindly(client: Client, address: str) -> None:
    """Also where only colleagues come in: anybody may knock there."""
    heap = client.post(address, {"documents": texts(101)})
    edge = b"--x\r\n"
    huge = client.post(
        address, edge, content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(MOST_BODY + 1)
    )
    words = client.post(address, {"words": "x" * (3 * MEGABYTE)})
    for refused in (heap, huge, words):
        assert refused.status_code == 413
        assert "fewer or smaller files" in refused.content.decode()
        assert "25 MB together" in refused.content.decode()


@pytest.mark.django_db
def test_a_colleague_may_bring_what_a_stranger_may_not() -> None:
    request = RequestFactory().post("/desk/intake/import/")
    for person, passed in ((UserFactory(is_staff=True), 40), (AnonymousUser(), 10)):
        request.user = person
        sieve = Sieve(request)
        sieve.handle_raw_input(None, {}, 40 * MEGABYTE, b"", "")
        sieve.new_file("file", "a.csv", "text/csv", None)
        through = [sieve.receive_data_chunk(b"x" * MEGABYTE, 0) or b"" for _ in range(40)]
        assert sum(map(len, through)) // MEGABYTE == passed


@pytest.mark.django_db
def test_sec_55_a_complaint_takes_twenty_files_of_its_customer_and_then_words(client: Client) -> None:
    complaint = investigating()
    address = page_of(Purpose.STATUS, complaint)
    for _ in range(4):
        assert client.post(address, {"body": "Here", "documents": texts(5)}).status_code == 303
    refused = client.post(address, {"body": "And this", "documents": texts(1)})
    assert refused.status_code == 413
    assert "Together with what you sent before" in refused.content.decode()
    assert "And this" in refused.content.decode()
    assert complaint.messages.filter(body="And this").count() == 0
    assert client.post(address, {"body": "And this"}).status_code == 303
    assert complaint.documents.count() == 20


@pytest.mark.django_db
def test_sec_55_and_25_megabytes_and_what_colleagues_add_is_not_counted(client: Client) -> None:
    complaint = investigating()
    address = page_of(Purpose.STATUS, complaint)
    handler = complaint.handler
    assert handler
    for _ in range(3):
        actions.keep_document(complaint, name="a", content=b"x" * 9 * MEGABYTE, by=handler, now=NOW)
    for expected in (303, 303, 413):
        sent = client.post(address, {"body": "Here", "documents": texts(1, 9 * MEGABYTE)})
        assert sent.status_code == expected


@pytest.mark.django_db
def test_sec_55_the_house_takes_so_much_a_day_and_words_always(
    client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.DOCUMENTS_MB_A_DAY = 2
    for number in range(2):
        sent = filled(client, title=f"Story {number}", documents=texts(1, MEGABYTE))
        assert client.post("/", sent).status_code == 303
    assert caplog.text.count("DOCUMENTS_MB_A_DAY") == 1
    refused = client.post("/", filled(client, words="My whole long story.", documents=texts(1)))
    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")
    assert "My whole long story." in refused.content.decode()
    assert "without them" in refused.content.decode()
    assert client.post("/", filled(client)).status_code == 303


@pytest.mark.django_db
def test_a_message_that_is_sent_twice_is_said_once(client: Client) -> None:
    complaint = investigating()
    address = page_of(Purpose.STATUS, complaint)
    once = re.search(r'name="once" value="([^"]+)"', client.get(address).content.decode())
    assert once
    for _ in range(2):
        said = {"body": "Any news?", "once": once[1], "wants_manager": "on", "documents": texts(1)}
        assert client.post(address, said).status_code == 303
    assert complaint.messages.filter(body="Any news?").count() == 1
    assert complaint.documents.count() == 1


# Programs


class Web:
    """The web as it runs in production, with one worker of eight threads, so that there is one memory to measure."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        command += ["--workers", "1", "--threads", "8", "--no-control-socket"]
        said = (folder / "web.log").open("wb")
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said)
        said.close()
        self._await(folder / "web.log")
        self.token, self.cookie = self._look()

    def _await(self, log: Path) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                self.ask("GET", "/health/")
            except OSError:
                assert time.monotonic() < deadline, log.read_text()
                assert self.process.poll() is None, log.read_text()
                time.sleep(0.1)
            else:
                return

    def _look(self) -> tuple[str, str]:
        _, head, page = self.ask("GET", "/")
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page)
        cookie = re.search(r"csrftoken=[^;]+", head.get("Set-Cookie", ""))
        assert token
        assert cookie
        return token[1], cookie[0]

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, http.client.HTTPMessage, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        line.request(method, path, body, headers or {})
        answer = line.getresponse()
        read = answer.read().decode()
        line.close()
        return answer.status, answer.headers, read

    def send(self, number: int, *files: bytes) -> int:
        body = self.words(number) + b"".join(files) + f"--{EDGE}--\r\n".encode()
        return self.ask("POST", "/", body, self.headers())[0]

    def headers(self) -> dict[str, str]:
        return {"Content-Type": f"multipart/form-data; boundary={EDGE}", "Cookie": self.cookie}

    def words(self, number: int) -> bytes:
        said = {
            "csrfmiddlewaretoken": self.token,
            "token": f"robot-{number}",
            "name": "Bob",
            "email": f"bob{number}@robots.example",
            "title": "Buy now",
            "words": "Buy now",
        }
        return b"".join(
            f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
            for name, text in said.items()
        )

    def pour(self, beginning: bytes, pieces: Iterable[bytes], length: int) -> str:
        """Send this much, whatever the server makes of it, as a program would. What it answers, if it does."""
        head = f"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in self.headers().items())
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as line:
            try:
                line.sendall(head.encode() + b"\r\n" + beginning)
                for piece in pieces:
                    line.sendall(piece)
                line.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # it had heard enough
            try:
                return line.recv(65536).decode()
            except OSError:
                return ""

    def peak(self) -> float:
        """The most memory, in MB, that the worker has held so far."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        status = Path(f"/proc/{children[0]}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert found
        return int(found[1]) / 1024


def file_part(name: str, content: bytes, encoding: str = "") -> bytes:
    head = f'--{EDGE}\r\nContent-Disposition: form-data; name="documents"; filename="{name}"\r\n'
    head += f"Content-Type: text/plain\r\n{encoding}\r\n"
    return head.encode() + content + b"\r\n"


@pytest.fixture
def web(child_environment: dict[str, str], tmp_path: Path) -> Iterator[Web]:
    environment = {name: value for name, value in child_environment.items() if name != "DEBUG"}
    environment |= {
        "SECRET_KEY": "only-for-this-test" * 4,
        "VAR_DIR": str(tmp_path),
        "MEDIA_ROOT": str(tmp_path),
    }
    web = Web(environment, tmp_path)
    yield web
    web.process.terminate()
    web.process.wait(timeout=60)


@pytest.mark.faults
@pytest.mark.once
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_sec_55_floods_bombs_heaps_and_broken_lines_are_refused_in_little_memory(
    web: Web, tmp_path: Path
) -> None:
    assert web.send(0, file_part("a.txt", b"hello")) == 303
    before = web.peak()

    line = base64.b64encode(b"x" * 57) + b"\r\n"
    beginning = web.words(501) + file_part("b.txt", b"", "Content-Transfer-Encoding: base64\r\n")
    answer = web.pour(beginning, (line * 10_000 for _ in range(200 * MEGABYTE // 780_000)), 200 * MEGABYTE)
    assert answer.startswith("HTTP/1.1 413"), answer[:200]

    broken = web.words(500) + file_part("cut.txt", b"the beginning of a long letter")[:-10]
    assert web.pour(broken, [], len(broken) + 5_000).startswith("HTTP/1.1 403")
    assert web.send(500, file_part("cut.txt", b"the beginning of a long letter, and all of it")) == 303

    assert web.send(502, *(file_part(f"{number}.txt", b"hello") for number in range(101))) == 413
    assert web.send(503, file_part("large.txt", b"x" * (100 * MEGABYTE))) == 413

    text, began, sent = b"words " * 20_000, time.monotonic(), 3
    with ThreadPoolExecutor(4) as robots:
        flood = Counter(robots.map(lambda number: web.send(number, file_part("a.txt", text)), range(1, 500)))
    took = time.monotonic() - began
    assert took < 60, "it was no minute"
    assert flood == {303: FROM_ONE_PLACE.most - sent, 429: 499 - FROM_ONE_PLACE.most + sent}

    assert web.peak() - before < 64, f"from {before:.0f} to {web.peak():.0f} MB"
    assert Complaint.objects.count() == Document.objects.count() == FROM_ONE_PLACE.most - 1
    with Document.objects.get(name="cut.txt").file.open() as cut:
        assert cut.read().endswith(b"and all of it"), "what was cut short is not what is kept"
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and "documents" in path.parts]
    assert sum(path.stat().st_size for path in kept) < 15 * MEGABYTE
    print(f"500 uploads in {took:.1f} s; the peak grew from {before:.0f} to {web.peak():.0f} MB")  # noqa: T201
