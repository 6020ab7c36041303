import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, path
from playwright.sync_api import Page
from pytest_django.fixtures import Settings

from config.security import DESK, PUBLIC, ClientAddress
from config.urls import urlpatterns as real_patterns


def fall_over(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


def forbid(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


urlpatterns = [
    path("fall-over/", fall_over),
    path("desk/fall-over/", fall_over),
    path("forbid/", forbid),
    *real_patterns,
]


def directives(answer: Any) -> dict[str, set[str]]:
    parts = (part.split() for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: set(sources) for name, *sources in parts}


def as_sets(policy: dict[str, list[str]]) -> dict[str, set[str]]:
    return {name: set(sources) for name, sources in policy.items()}


@pytest.fixture
def lenient(client: Client, settings: Settings) -> Client:
    """A client that gets the error page instead of the error, with pages beside the real ones that fail."""
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    return client


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "status"),
    [("/health/", 200), ("/no-such-page/", 404), ("/fall-over/", 500), ("/forbid/", 403)],
)
def test_every_public_answer_carries_the_strict_policy(lenient: Client, url: str, status: int) -> None:
    answer = lenient.get(url)
    assert answer.status_code == status
    assert directives(answer) == as_sets(PUBLIC)
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "private" in answer.headers["Cache-Control"]


def test_the_strict_policy_allows_nothing_inline_and_nobody_else() -> None:
    sources = {source for allowed in PUBLIC.values() for source in allowed}
    assert sources == {"'none'", "'self'", "data:"}
    assert [name for name, allowed in PUBLIC.items() if "data:" in allowed] == ["img-src"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "status"), [("/desk/login/", 200), ("/desk/fall-over/", 500), ("/desk/", 302)]
)
def test_the_desk_gets_what_the_theme_needs_and_no_inline_script(
    lenient: Client, url: str, status: int
) -> None:
    answer = lenient.get(url)
    assert answer.status_code == status
    assert directives(answer) == as_sets(DESK)
    assert "'unsafe-inline'" not in DESK["script-src"]


def test_refusals_before_any_page_carry_the_policy_too(client: Client) -> None:
    answer = client.get("/health/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert directives(answer) == as_sets(PUBLIC)


POISONED = [
    "evil.example",
    "testserver.evil.example",
    "testserver@evil.example",
    "testserver:evil",
    "evil.example:80",
    "",
]


@pytest.mark.django_db
@pytest.mark.parametrize("host", POISONED)
@pytest.mark.parametrize("url", ["/", "/health/", "/desk/", "/desk/login/", "/no-such-page/"])
def test_sec_46_a_foreign_host_is_refused(client: Client, url: str, host: str) -> None:
    assert client.get(url, headers={"Host": host}).status_code == 400
    assert client.post(url, headers={"Host": host}).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-Host"])
def test_sec_46_what_a_proxy_header_claims_is_not_repeated(client: Client, header: str) -> None:
    for url in ("/desk/", "/desk/login/", "/no-such-page/"):
        answer = client.get(
            url, headers={header: "host=evil.example" if header == "Forwarded" else "evil.example"}
        )
        assert b"evil.example" not in answer.content
        assert "evil.example" not in str(answer.headers)


@pytest.mark.django_db
def test_sec_46_an_absolute_request_line_does_not_choose_the_host(live_server: Any) -> None:
    where = urlsplit(live_server.url)
    for host in ("evil.example", where.netloc):
        with socket.create_connection((where.hostname, where.port), timeout=10) as line:
            line.sendall(
                f"GET http://evil.example/desk/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
            )
            answer = b"".join(iter(lambda: line.recv(65536), b""))
        assert answer.split(b"\r\n")[0].split()[1] in {b"400", b"404"}
        assert b"evil.example" not in answer.replace(b"http://evil.example/desk/", b"")


def test_sec_46_links_begin_with_the_configured_address() -> None:
    code = [
        path for folder in ("complaints", "escalations", "reporting") for path in Path(folder).rglob("*.py")
    ]
    asking = [
        str(path)
        for path in code
        if "get_host(" in path.read_text() or "build_absolute_uri(" in path.read_text()
    ]
    assert asking == []
    assert settings.SITE_URL.startswith(("http://", "https://"))


SAMPLES = {"int": "1", "uuid": "00000000-0000-4000-8000-000000000000"}


def patterns(resolver: URLResolver, prefix: str = "/") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        url = prefix + sample(entry)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, url)
        else:
            yield url, entry


def sample(entry: URLPattern | URLResolver) -> str:
    """The pattern with something believable where its variables are."""
    text = str(entry.pattern)
    if "(?P<" in text:
        return "x"  # the admin's one regular expression: whatever nothing else took
    for name, converter in getattr(entry.pattern, "converters", {}).items():
        kind = type(converter).__name__.removesuffix("Converter").lower()
        for written in (f"<{kind}:{name}>", f"<{name}>", f"<str:{name}>", f"<slug:{name}>", f"<path:{name}>"):
            text = text.replace(written, SAMPLES.get(kind, "1"))
    return text


CRAWL = sorted(dict(patterns(get_resolver())).items())


@pytest.fixture
def chief(db: None) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(get_user_model().objects.create_superuser("chief", password=None))
    return client


def test_sec_52_the_crawl_finds_the_pages() -> None:
    urls = {url for url, _ in CRAWL}
    assert {"/health/", "/desk/login/", "/desk/logout/"} <= urls
    assert not [url for url in urls if "<" in url], "a converter the crawl does not know"


def test_sec_52_no_page_is_exempt() -> None:
    assert [url for url, pattern in CRAWL if getattr(pattern.callback, "csrf_exempt", False)] == []


def test_sec_52_every_page_refuses_a_post_without_a_token(chief: Client) -> None:
    assert {url: code for url, _ in CRAWL if (code := chief.post(url, {"x": "1"}).status_code) != 403} == {}


def test_sec_52_every_page_refuses_a_post_from_another_site(chief: Client) -> None:
    chief.get("/desk/login/")
    token = "t" * 32
    chief.cookies[settings.CSRF_COOKIE_NAME] = token
    for origin in ("https://evil.example", "null"):
        sent = {
            url: chief.post(url, {"csrfmiddlewaretoken": token}, headers={"Origin": origin}).status_code
            for url, _ in CRAWL
        }
        assert {url: code for url, code in sent.items() if code != 403} == {}


def test_sec_52_the_same_post_with_a_token_from_our_own_page_is_heard(chief: Client) -> None:
    token = "t" * 32
    chief.cookies[settings.CSRF_COOKIE_NAME] = token
    answer = chief.post(
        "/desk/logout/", {"csrfmiddlewaretoken": token}, headers={"Origin": "http://testserver"}
    )
    assert answer.status_code in {200, 302}


def test_sec_52_opening_a_page_writes_nothing(chief: Client) -> None:
    writes = []
    for url, _ in CRAWL:
        with CaptureQueriesContext(connection) as queries:
            chief.get(url)
        writes += [(url, query["sql"][:90]) for query in queries if is_write(query["sql"])]
    assert writes == []


def is_write(sql: str) -> bool:
    return sql.split(maxsplit=1)[0].upper() in {"INSERT", "UPDATE", "DELETE"}


@pytest.mark.browser
def test_the_desk_works_under_its_policy(
    browser_page: Page, live_server: Any, transactional_db: None
) -> None:
    get_user_model().objects.create_superuser("chief", password="a long enough one")
    browser_page.goto(f"{live_server.url}/desk/")
    browser_page.fill("input[name=username]", "chief")
    browser_page.fill("input[name=password]", "a long enough one")
    browser_page.click("form button[type=submit]")
    browser_page.wait_for_url(f"{live_server.url}/desk/")
    answer = browser_page.reload()
    assert answer
    assert answer.status == 200


@pytest.mark.parametrize(
    ("proxies", "told", "believed"),
    [
        (0, "203.0.113.7", "127.0.0.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "10.9.9.9, 203.0.113.7", "203.0.113.7"),
        (2, "10.9.9.9, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (1, "", "127.0.0.1"),
        (1, "not an address", "127.0.0.1"),
        (1, "203.0.113.7\r\nX: y", "127.0.0.1"),
    ],
)
def test_only_our_own_proxies_are_believed(
    settings: Settings, proxies: int, told: str, believed: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR=told)
    ClientAddress(lambda _: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == believed
