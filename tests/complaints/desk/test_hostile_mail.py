"""SEC-01: whatever stands in a mail, on no page of the desk does it run, load, submit, or become an element at all."""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Dialog, Route
from pytest_django.fixtures import Settings

from complaints.mailroom import reading
from complaints.mailroom.models import Fate, IncomingMail
from complaints.mailroom.reading import cleaned
from complaints.resolution import actions, links
from complaints.resolution.links import Purpose
from complaints.resolution.models import Complaint, Concern, Document
from escalations import actions as escalations
from escalations.models import Escalation
from tests.complaints.desk.hostile_mails import BODIES, HARMLESS_MAILS, HOSTILE_MAILS, Written
from tests.complaints.desk.staff import administrator
from tests.complaints.intake.mails import arrive, letter_to
from tests.complaints.intake.test_post import acknowledged
from tests.complaints.mailroom.reading.hostile_html import HOSTILE

pytestmark = pytest.mark.django_db
LIST = reverse("admin:mailroom_incomingmail_changelist")
NOW = timezone.now()
#: So few a day that nobody takes them for a flood.
STEP = timedelta(hours=2)
URLS = {
    "href",
    "src",
    "action",
    "formaction",
    "data",
    "poster",
    "xlink:href",
    "srcset",
    "background",
    "cite",
    "ping",
}
OURS = re.compile(r"(/(?!/)|\?|#|\Z)")
SAFE = re.compile(r"(https?|mailto|cid):", re.IGNORECASE)
LOCKED = "sandbox; default-src 'none'"
#: What is there only where there is more: the way on, and cases to compare with.
PAGERS = {
    ("a", frozenset({"class", "href", "rel"})),
    ("ul", frozenset({"class"})),
    ("li", frozenset({"class"})),
}
#: Of the mail's own, drawn by its bytes.
PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+%=]+\Z")
IN_FRAME = {"target", "rel", "title", "href", "alt", "width", "height", "dir", "lang", "colspan", "rowspan"}


class Dom(HTMLParser):
    """The elements of a page, each with its attributes; `shapes` without their values."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(page)
        self.close()
        self.shapes = {(tag, frozenset(attributes)) for tag, attributes in self.elements}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    @property
    def harm(self) -> Iterator[str]:
        for tag, attributes in self.elements:
            if tag in {"object", "embed", "base"} or (tag == "script" and "src" not in attributes):
                yield tag
            for name, value in attributes.items():
                if name.startswith("on") or name in {"srcdoc", "formaction"}:
                    yield f"{tag} {name}"
                if name in URLS and not OURS.match(value) and value != "data:,":
                    yield f"{tag} {name}={value}"

    @property
    def harm_in_frame(self) -> Iterator[str]:
        for tag, attributes in self.elements:
            if tag in {
                "script",
                "form",
                "iframe",
                "object",
                "embed",
                "base",
                "svg",
                "math",
                "style",
                "input",
                "link",
            }:
                yield tag
            if tag == "img" and PICTURE.match(attributes.get("src", "")):
                del attributes["src"]
            yield from (f"{tag} {name}" for name in set(attributes) - IN_FRAME)
            yield from (
                f"{tag} {url}" for name, url in attributes.items() if name in URLS and not SAFE.match(url)
            )


def test_there_are_sixty_mails_and_each_is_its_own() -> None:
    assert len({mail.sent("a@example.com", 1) for mail in HOSTILE_MAILS}) == len(HOSTILE_MAILS) >= 60
    bad = '<a href="javascript:x">x</a><img src=x onerror=x><script>x</script><form action="//evil.example">'
    assert len(list(Dom(bad).harm)) == 5
    assert len(list(Dom(bad).harm_in_frame)) == 8


class Post:
    """These mails in the house three times over: as answers in one complaint, as what waits, and each as a complaint."""

    def __init__(self, mails: Iterable[Written], home: str) -> None:
        began = NOW - timedelta(days=20)
        self.complaint = acknowledged(now=began)
        assert self.complaint.customer
        theirs, ours = self.complaint.customer.email, f"In-Reply-To: {letter_to(self.complaint).message_id}"
        self.held: list[IncomingMail] = []
        for number, mail in enumerate(mails):
            moment = began + STEP * (number + 1)
            if number % 3 == 0 or not mail.kind.startswith(b"Content-Type: text/html"):
                assert arrive(mail.sent(theirs, number, ours), now=moment).fate == Fate.JOINED, mail
            waits = arrive(mail.sent(f"a{number}@{home}.example", number, "List-Id: <l.example>"), now=NOW)
            assert waits.fate == Fate.HELD, mail
            self.held.append(waits)
            if mail.subject != b"Hello" or mail.name != b"Ann Lee" or number % 20 == 0:
                arrive(mail.sent(f"b{number}@{home}.example", number), now=NOW - timedelta(days=3))
        self.opened = list(
            Complaint.objects.filter(customer__email__endswith=f"@{home}.example").order_by("pk")
        )
        for one in self.opened:
            actions.raise_concern(
                one, concern=Concern.ASKED_FOR_MANAGER, text=one.title, by=administrator(), now=NOW
            )


def answered(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def lists(client: Client, address: str) -> Iterator[str]:
    """A list or a story, a page at a time, to its end."""
    here: str | None = address
    while here:
        page = answered(client, here)
        yield page
        following = re.search(r'href="([^"]*(?:after|until)=[^"]*)"[^>]*>(?:Next|Earlier)', page)
        here = (
            re.sub(r"^\?", f"{address.partition('?')[0]}?", following[1].replace("&amp;", "&"))
            if following
            else None
        )


def pages(client: Client, post: Post) -> Iterator[tuple[str, str]]:
    story = reverse("admin:resolution_complaint_change", args=[post.complaint.pk])
    worklist = reverse("admin:resolution_complaint_changelist")
    walked = {
        "incoming": [LIST, f"{LIST}?tab=all"],
        "story": [
            story,
            *(reverse("admin:resolution_complaint_change", args=[one.pk]) for one in post.opened[::3]),
        ],
        "worklist": [f"{worklist}?list=all", f"{worklist}?list=unassigned"],
        "printing": [reverse("desk:printing")],
        "escalations": [reverse("admin:escalations_escalation_changelist")],
        "customers": [reverse("admin:resolution_customer_changelist")],
        "search": [
            f"{reverse('desk:search')}?{query}" for query in ("q=alert", "q=Hello", "extended&s=alert")
        ],
    }
    for name, addresses in walked.items():
        yield from ((name, page) for address in addresses for page in lists(client, address))
    for mail in [*post.held[: len(BODIES) : 12], *post.held[len(BODIES) :]]:
        yield "mail", answered(client, reverse("admin:mailroom_incomingmail_change", args=[mail.pk]))
        if mail == post.held[0] or {'"', "'"} & set(mail.subject + mail.sender_name):
            yield "open", answered(client, reverse("admin:mailroom_incomingmail_do", args=[mail.pk, "open"]))
    for tab in ("facts", "offer", "escalations", "customer", "history"):
        yield tab, answered(client, f"{story}?tab={tab}")
        yield (
            tab,
            answered(client, f"{story.replace(str(post.complaint.pk), str(post.opened[0].pk))}?tab={tab}"),
        )
    for one in (*post.opened[:2], *post.opened[-6:-2]):
        yield (
            "customer page",
            answered(client, reverse("admin:resolution_customer_change", args=[one.customer_id])),
        )
        yield "status", answered(client, links.path(Purpose.STATUS, links.token(Purpose.STATUS, one)))
    escalation = Escalation.objects.latest("pk")
    yield "escalation", answered(client, reverse("admin:escalations_escalation_change", args=[escalation.pk]))
    yield "history", answered(client, reverse("admin:resolution_complaint_history", args=[post.opened[0].pk]))


@pytest.fixture
def at_the_desk(client: Client, settings: Settings, tmp_path: Path) -> Client:
    settings.MEDIA_ROOT = tmp_path
    settings.MAIL_REPLY_ADDRESS = "complaints@firm.example"
    settings.DEFAULT_FROM_EMAIL = "Complaints <complaints@firm.example>"
    client.force_login(administrator())
    escalations.set_up_queues()
    return client


@pytest.mark.once
def test_sec_01_sec_03_nothing_in_a_mail_becomes_part_of_a_page_and_its_bytes_are_only_kept(
    at_the_desk: Client,
) -> None:
    plain: dict[str, set[object]] = {}
    for name, page in pages(at_the_desk, Post(HARMLESS_MAILS, "harmless")):
        plain.setdefault(name, set(PAGERS)).update(Dom(page).shapes)
    post = Post(HOSTILE_MAILS, "hostile")
    seen, texts = set(), ""
    for name, page in pages(at_the_desk, post):
        dom = Dom(page)
        assert list(dom.harm) == [], name
        assert dom.shapes <= plain[name], (name, dom.shapes - plain[name])
        seen.add(name)
        texts += page
    assert seen == set(plain)
    assert texts.count("&lt;script&gt;alert(1)") > 50, "it is shown as text, not left out"
    assert sum(is_only_looked_at(at_the_desk, mail) for mail in post.held) > 30
    for mail in post.held[::6]:
        is_only_kept(at_the_desk, mail)
    documents = list(post.complaint.documents.all())
    assert len(documents) > 5
    for document in documents:
        is_only_downloaded(at_the_desk, post.complaint, document)


def is_only_looked_at(client: Client, mail: IncomingMail) -> bool:
    frame = client.get(part_of(mail, "html/"))
    if frame.status_code == 200:
        assert list(Dom(frame.content.decode().partition("<body>")[2]).harm_in_frame) == []
        assert "sandbox" in frame["Content-Security-Policy"]
    return frame.status_code == 200


def is_only_kept(client: Client, mail: IncomingMail) -> None:
    raw = client.get(part_of(mail, "raw/?download=0&type=text/html"))
    assert raw.content == bytes(mail.raw)
    assert raw["Content-Type"].startswith("text/plain")
    assert raw["Content-Disposition"] == f'attachment; filename="mail-{mail.pk}.txt"'
    assert (raw["X-Content-Type-Options"], raw["Content-Security-Policy"]) == ("nosniff", LOCKED)


def is_only_downloaded(client: Client, complaint: Complaint, document: Document) -> None:
    address = reverse("admin:resolution_complaint_document", args=[complaint.pk, document.pk])
    for query in ("", "?inline=1&type=text/html"):
        kept = client.get(address + query)
        assert kept["Content-Type"] in {"application/pdf", "text/plain", "image/gif"}
        assert kept["Content-Disposition"].startswith("attachment")
        assert not re.search(r"[\r\n]", kept["Content-Disposition"])
        assert (kept["X-Content-Type-Options"], kept["Content-Security-Policy"]) == ("nosniff", LOCKED)
        assert b"".join(kept.streaming_content)  # type: ignore[attr-defined]


def part_of(mail: IncomingMail, part: str) -> str:
    return reverse("admin:mailroom_incomingmail_change", args=[mail.pk]).removesuffix("change/") + part


@pytest.mark.browser
def test_sec_01_a_browser_that_parses_what_is_left_of_a_mail_finds_nothing_but_words(
    browser: Browser,
) -> None:
    """With scripts on and without our frame and policy, as whoever finds a way round those would have it."""
    numbered = enumerate(HOSTILE_MAILS)
    mails = [reading.read(mail.sent("a@x.example", number)).html for number, mail in numbered]
    shown = [cleaned(html) for html in (*mails, *HOSTILE) if html]
    assert len(shown) > 150
    context = browser.new_context()
    page = context.new_page()
    wrong: list[str] = []

    def stop(route: Route) -> None:
        wrong.append(route.request.url)
        route.abort()

    def dismiss(dialog: Dialog) -> None:
        wrong.append(dialog.message)
        dialog.dismiss()

    page.route("**/*", stop)
    page.on("dialog", dismiss)
    page.set_content("<body></body>")
    assert page.evaluate(FOUND, ["<img src=x onerror=x id=x>", "<svg><a href=javascript:x>"])
    wrong.clear()
    assert page.evaluate(FOUND, shown) == []
    page.wait_for_timeout(200)
    context.close()
    assert wrong == []


FOUND = """shown => shown.flatMap((html, number) => {
  document.body.innerHTML = html
  return [...document.body.querySelectorAll('*')].flatMap(one => [
    ...['script', 'form', 'iframe', 'object', 'embed', 'base', 'link', 'meta', 'style', 'svg', 'math', 'input', 'button']
      .filter(name => one.localName === name),
    ...[...one.attributes].map(a => a.name)
      .filter(name => name.startsWith('on') || ['style', 'id', 'class', 'srcdoc'].includes(name)),
    ...['href', 'src', 'action', 'cite', 'data'].filter(name => one[name] && !/^(https?|mailto|cid):/.test(one[name])),
  ].map(found => `${number}: ${one.localName} ${found}`))
})"""
