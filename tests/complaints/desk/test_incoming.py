"""The review of incoming mail: who sees it, what they may decide, and that nothing a stranger wrote ever runs."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.desk import badges, incoming
from complaints.desk.sight import visible_incoming
from complaints.mailroom import actions as mailroom
from complaints.mailroom import reading
from complaints.mailroom.models import Fate, IncomingMail, Mailbox
from complaints.resolution import links
from complaints.resolution.links import Purpose
from complaints.resolution.models import Complaint
from tests.complaints.desk.pages import LATELY, everything, no_logins
from tests.complaints.desk.staff import administrator, member_of
from tests.complaints.intake.mails import a_mail, answer_to, arrive, with_files, with_pictures
from tests.complaints.intake.test_post import PDF, STRANGER, acknowledged
from tests.complaints.mailroom.test_enclosures import png

pytestmark = pytest.mark.django_db
LIST = reverse("admin:mailroom_incomingmail_changelist")
NOW = timezone.now()


def page(mail: IncomingMail) -> str:
    return reverse("admin:mailroom_incomingmail_change", args=[mail.pk])


def do(mail: IncomingMail, name: str) -> str:
    return reverse("admin:mailroom_incomingmail_do", args=[mail.pk, name])


def held(**given: str) -> tuple[IncomingMail, Complaint]:
    complaint = acknowledged(now=LATELY)
    raw = answer_to(complaint, **{"sender": STRANGER, "body": "I write for my father.", **given})
    return arrive(with_files(raw, ("proof.pdf", PDF)), now=NOW), complaint


def html_mail(html: str) -> IncomingMail:
    raw = b"From: peter@elsewhere.example\r\nSubject: <b>Hi</b>\r\nMIME-Version: 1.0\r\n"
    raw += b"List-Id: <l.example>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    return arrive(raw + html.encode(), now=NOW)


def quarantined(
    monkeypatch: pytest.MonkeyPatch, raw: bytes = b"Subject: broken\r\n\r\n<script>x</script>"
) -> IncomingMail:
    def fail(_raw: bytes) -> None:
        raise reading.TooBig("It has more parts than anybody needs.")

    with monkeypatch.context() as patched:
        patched.setattr(reading, "read", fail)
        return arrive(raw, now=NOW)


def signed_in(client: Client, role: str = "Handler") -> User:
    person = member_of(role)
    client.force_login(person)
    return person


# Reading


def test_what_waits_is_listed_with_its_reason_and_counted_in_the_menu(client: Client) -> None:
    mail, _ = held()
    signed_in(client)
    text = client.get(LIST).content.decode()
    assert page(mail) in text
    assert "does not come from the customer" in text
    assert re.search(r"Incoming\s*</span>\s*<span[^>]*>\s*1\s*<", text), "the menu says how many wait"


def test_both_candidates_stand_side_by_side_with_what_speaks_for_each(client: Client) -> None:
    his, hers = acknowledged(now=LATELY), acknowledged(now=LATELY)
    assert hers.customer is not None
    mail = arrive(answer_to(his, sender=hers.customer.email), now=NOW)
    signed_in(client)
    text = client.get(page(mail)).content.decode()
    assert text.index(his.reference) < text.index(hers.reference)
    assert "It answers a letter of this complaint" in text
    assert "same address" in text
    assert "another address" in text
    assert f"{do(mail, 'join')}?to={hers.pk}" in text


def test_looking_changes_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    mail, _ = held()
    broken = quarantined(monkeypatch)
    client.force_login(administrator())
    before = no_logins(everything())
    for address in (LIST, f"{LIST}?tab=all", page(mail), page(broken), do(mail, "join"), do(mail, "refuse")):
        assert client.get(address).status_code == 200
    assert no_logins(everything()) == before


def test_a_list_costs_the_same_for_one_mail_and_for_many(
    client: Client, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    held()
    signed_in(client)
    client.get(LIST)
    for tab in ("held", "all"):
        with django_assert_max_num_queries(9):
            client.get(f"{LIST}?tab={tab}")
    for _ in range(5):
        arrive(a_mail(sender="noreply@shop.example"), now=NOW)
    with django_assert_max_num_queries(9):
        client.get(f"{LIST}?tab=held")


def test_the_menu_counts_what_waits_without_looking_at_every_mail() -> None:
    for waiting in incoming.waiting_for(member_of("Handler")).values():
        plan = waiting[: badges.BOUND].explain()
        if connection.vendor == "sqlite":
            assert not re.search(r"SCAN mailroom_incomingmail$", plan, re.MULTILINE), plan


def test_the_list_is_read_a_page_at_a_time(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("complaints.desk.incoming.SIZE", 2)
    mails = [arrive(a_mail(sender="", subject=f"Mail {number}"), now=NOW) for number in range(5)]
    signed_in(client)
    seen, address = [], f"{LIST}?tab=held"
    while address:
        text = client.get(address).content.decode()
        seen += [mail.pk for mail in mails if page(mail) in text]
        following = re.search(r'rel="next" href="([^"]+)"', text)
        address = f"{LIST}{following[1]}".replace("&amp;", "&") if following else ""
    assert seen == [mail.pk for mail in mails]
    assert client.get(f"{LIST}?tab=held&after=nonsense").status_code == 200


def test_a_mailbox_that_cannot_be_read_or_does_not_agree_is_said_on_the_page(client: Client) -> None:
    Mailbox.objects.create(name="a@imap", failing_since=NOW, why_failing="No route", looked_at=NOW)
    Mailbox.objects.create(name="b@imap", differences=["Mail 7 is not in the store."], compared_at=NOW)
    Mailbox.objects.create(name="c@imap", looked_at=NOW)
    signed_in(client)
    text = client.get(LIST).content.decode()
    assert "No route" in text
    assert "Mail 7 is not in the store." in text
    assert "c@imap" not in text


def test_the_complaint_says_that_a_mail_may_belong_to_it(client: Client) -> None:
    mail, complaint = held()
    address = reverse("admin:resolution_complaint_change", args=[complaint.pk])
    signed_in(client)
    assert page(mail) in client.get(address).content.decode()
    client.post(do(mail, "refuse"), {"reason": "Spam"})
    assert page(mail) not in client.get(address).content.decode()
    held(sender="other@elsewhere.example")
    signed_in(client, "Quality")
    assert "Mail waits" not in client.get(address).content.decode()


def test_whoever_writes_often_waits_in_one_line_and_each_of_theirs_is_a_click_away(client: Client) -> None:
    mails = [
        arrive(a_mail(sender="noreply@shop.example", subject=f"News {one}"), now=NOW) for one in range(12)
    ]
    other = arrive(a_mail(sender="noreply@other.example"), now=NOW)
    nobody = [arrive(a_mail(sender="", subject=f"Nobody {one}"), now=NOW) for one in range(2)]
    signed_in(client)
    text = client.get(LIST).content.decode()
    shown = [mail for mail in [*mails, other, *nobody] if page(mail) in text]
    assert shown == [mails[0], other, *nobody], "who names no sender stands behind nobody"
    assert "and 11 more from this address" in text
    assert text.count("A machine, most likely") == 1
    assert re.search(r"Incoming\s*</span>\s*<span[^>]*>\s*4\s*<", text)
    link = re.search(r'href="(\?tab=held&amp;sender=[^"]+)"', text)
    assert link
    theirs = client.get(f"{LIST}{link[1]}".replace("&amp;", "&")).content.decode()
    assert [mail for mail in [*mails, other, *nobody] if page(mail) in theirs] == mails
    assert all(page(mail) in client.get(f"{LIST}?tab=all").content.decode() for mail in mails)


def test_when_the_first_is_decided_the_next_takes_its_place(client: Client) -> None:
    first, second = (arrive(a_mail(sender="noreply@shop.example"), now=NOW) for _ in range(2))
    signed_in(client)
    assert "1 more from this address wait" in client.get(page(first)).content.decode()
    client.post(do(first, "refuse"), {"reason": "Spam"})
    text = client.get(LIST).content.decode()
    assert page(second) in text
    assert "more from this address" not in text


def test_all_of_a_sender_are_refused_at_once_and_nobody_elses(client: Client) -> None:
    mails = [arrive(a_mail(sender="noreply@shop.example"), now=NOW) for _ in range(5)]
    other = arrive(a_mail(sender="noreply@other.example"), now=NOW)
    signed_in(client, "Quality")
    assert client.post(do(mails[0], "refuse-all"), {"reason": "Spam"}).status_code == 403
    signed_in(client)
    assert client.post(do(mails[0], "refuse-all"), {"reason": " "}).status_code == 422
    told = client.post(do(mails[2], "refuse-all"), {"reason": "A robot."}, follow=True).content.decode()
    assert "5 mails are refused" in told
    refused = IncomingMail.objects.filter(fate=Fate.REFUSED, why="A robot.")
    assert set(refused) == set(mails)
    assert all(mail.decided_by and mail.raw for mail in refused)
    other.refresh_from_db()
    assert other.fate == Fate.HELD


# Who may


def test_sec_11_a_mail_one_may_not_see_hides_none_that_one_may(client: Client) -> None:
    """Behind the first of their sender stand only those that whoever looks may see the first of."""
    hidden, complaint = held()
    seen = arrive(a_mail(sender=STRANGER, subject="Another matter", List_Id="<l.example>"), now=NOW)
    person = signed_in(client)
    assert page(seen) not in client.get(LIST).content.decode()
    complaint.about.add(person)
    text = client.get(LIST).content.decode()
    assert page(seen) in text
    assert page(hidden) not in text
    assert client.post(do(seen, "refuse-all"), {"reason": "Spam"}).status_code == 303
    hidden.refresh_from_db()
    assert hidden.fate == Fate.HELD


def test_sec_11_held_mail_belongs_to_those_who_may_take_down_complaints(client: Client) -> None:
    mail, _ = held()
    for address in (LIST, page(mail), do(mail, "join"), f"{page(mail)[:-7]}html/", f"{page(mail)[:-7]}raw/"):
        signed_in(client, "Quality")
        assert client.get(address).status_code == 403
        client.logout()
        assert client.get(address).status_code == 302


def test_sec_11_mail_of_a_complaint_one_may_not_see_is_not_there(client: Client) -> None:
    mail, complaint = held()
    joined = arrive(answer_to(complaint, body="Seen by few."), now=NOW)
    twin = arrive(b"Received: by x\r\n" + bytes(joined.raw), now=NOW)
    person = signed_in(client)
    complaint.about.add(person)
    for one in (mail, joined, twin):
        for address in (page(one), do(one, "refuse"), f"{page(one)[:-7]}html/"):
            assert client.get(address).status_code == 404
            assert client.post(address).status_code in {404, 405}
    assert not visible_incoming(person, IncomingMail.objects.all()).exists()
    assert "I write for my father" not in client.get(f"{LIST}?tab=all").content.decode()


def test_a_quoted_link_of_the_customer_is_shown_to_nobody_without_its_key(client: Client) -> None:
    complaint = acknowledged(now=LATELY)
    key = links.url(Purpose.OFFER, complaint)
    mail = arrive(answer_to(complaint, sender=STRANGER, body=f"You wrote:\n> {key}\n"), now=NOW)
    signed_in(client)
    assert key not in client.get(page(mail)).content.decode()
    assert client.get(f"{page(mail)[:-7]}raw/").status_code == 403


# Deciding


def test_a_mail_is_put_into_the_complaint_that_was_pointed_at(client: Client) -> None:
    mail, complaint = held()
    signed_in(client)
    shown = client.get(f"{do(mail, 'join')}?to={complaint.pk}").content.decode()
    assert complaint.reference in shown
    assert client.post(do(mail, "join"), {"reference": complaint.reference.lower()}).status_code == 303
    mail.refresh_from_db()
    assert mail.fate == Fate.JOINED
    assert client.post(do(mail, "join"), {"reference": complaint.reference}).status_code == 409
    story = client.get(reverse("admin:resolution_complaint_change", args=[complaint.pk])).content.decode()
    assert "not the customer" in story
    assert page(mail) in story


def test_no_complaint_is_found_that_one_may_not_see_or_that_is_none(client: Client) -> None:
    mail, _ = held()
    hidden = acknowledged(now=LATELY)
    hidden.about.add(signed_in(client))
    for wrong in (hidden.reference, "C26-999999-A", "", "x" * 20):
        assert client.post(do(mail, "join"), {"reference": wrong}).status_code == 422


def test_a_mail_becomes_a_complaint_of_its_own(client: Client) -> None:
    mail, complaint = held(subject="His father's money")
    signed_in(client)
    shown = client.get(do(mail, "open")).content.decode()
    assert 'value="peter@elsewhere.example"' in shown
    given = {"name": "Peter P.", "email": "peter@elsewhere.example", "title": "His father's money"}
    assert client.post(do(mail, "open"), given).status_code == 303
    opened = Complaint.objects.latest("pk")
    assert opened != complaint
    assert opened.title == "His father's money"
    assert opened.documents.count() == 1


def test_a_mail_is_refused_with_a_reason_and_kept(client: Client) -> None:
    mail, _ = held()
    signed_in(client)
    assert client.post(do(mail, "refuse"), {"reason": ""}).status_code == 422
    assert client.post(do(mail, "refuse"), {"reason": "An advertisement"}).status_code == 303
    assert "An advertisement" in client.get(f"{LIST}?tab=all").content.decode()


def test_quarantine_shows_the_beginning_as_text_and_lets_it_be_read_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = quarantined(monkeypatch)
    assert mail.is_quarantined
    signed_in(client)
    text = client.get(f"{LIST}?tab=quarantine").content.decode()
    assert "more parts than anybody needs" in text
    with monkeypatch.context() as patched:
        patched.setattr(reading, "read", lambda _raw: (_ for _ in ()).throw(reading.TooBig("x")))
        shown = client.get(page(mail)).content.decode()
    assert "&lt;script&gt;x" in shown
    assert client.post(do(mail, "read-again")).status_code == 303
    mailroom.understand_due(now=lambda: NOW + timedelta(days=1))
    mail.refresh_from_db()
    assert mail.fate == Fate.HELD


# What a stranger wrote


def test_sec_38_sec_39_the_frame_may_load_nothing_and_run_nothing(client: Client) -> None:
    mail = html_mail('<p>Hello</p><img src="https://tracker.example/pixel.gif">')
    client.force_login(administrator())
    frame = client.get(f"{page(mail)[:-7]}html/")
    policy = dict(part.strip().partition(" ")[::2] for part in frame["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["img-src"] == "data:"
    assert policy["sandbox"].split() == ["allow-popups", "allow-popups-to-escape-sandbox"]
    assert policy["frame-ancestors"] == "'self'"
    assert (frame["X-Frame-Options"], frame["Referrer-Policy"]) == ("SAMEORIGIN", "no-referrer")
    assert "tracker.example" not in frame.content.decode()
    text = client.get(page(mail)).content.decode()
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in text
    assert "tracker.example" not in text
    assert "frame-src 'self'" in client.get(page(mail))["Content-Security-Policy"]
    assert "frame-src" not in client.get(LIST)["Content-Security-Policy"]


def test_a_picture_inside_the_mail_is_shown_in_the_frame_and_a_drawing_that_runs_is_not(
    client: Client,
) -> None:
    svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    mail = arrive(with_pictures({"receipt@x": png(6, 9), "drawing@x": svg}), now=NOW)
    signed_in(client)
    shown = client.get(f"{page(mail)[:-7]}html/").content.decode()
    assert re.search(r'<img alt="receipt@x" src="data:image/png;base64,[\w+%=]+">', shown)
    assert '<img alt="drawing@x">' in shown
    assert "svg" not in shown


def test_sec_01_sec_03_the_bytes_are_only_ever_downloaded_as_text(client: Client) -> None:
    mail = html_mail("<script>alert(1)</script>")
    signed_in(client, "Supervisor")
    raw = client.get(f"{page(mail)[:-7]}raw/")
    assert raw["Content-Type"].startswith("text/plain")
    assert raw["Content-Disposition"].startswith("attachment")
    assert (raw["X-Content-Type-Options"], raw["Content-Security-Policy"]) == (
        "nosniff",
        "sandbox; default-src 'none'",
    )
    assert raw.content == bytes(mail.raw)


def test_sec_03_sec_53_files_in_a_mail_get_names_of_our_own_and_only_known_kinds(client: Client) -> None:
    files = {
        "../../etc/passwd.pdf": PDF,
        "C:\\evil.pdf": PDF + b" ",
        "page.html": b"<html><script>alert(1)</script></html>",
        "picture.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "run.pht": b"<?php system('x'); ?>",
    }
    arrive(with_files(a_mail(), *files.items()), now=NOW)
    complaint = Complaint.objects.get()
    kept = list(complaint.documents.all())
    assert {document.content_type for document in kept} == {"application/pdf"}
    for document in kept:
        assert "/" not in document.name
        assert re.fullmatch(r"documents/[0-9a-f]{2}/[\w-]{32}", str(document.file.name))
