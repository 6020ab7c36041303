import pytest

from complaints.mailroom.reading import Kind, ReadMail, read
from tests.complaints.mailroom.reading.written import heard, mail, multipart

STATUS = "Content-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\nOriginal-Recipient: rfc822;ann@example.org\n"
STATUS += "Final-Recipient: rfc822; other@example.org\n"
LETTER = "Content-Type: text/rfc822-headers\n\nMessage-ID: <7@bank.example>\nSubject: Your complaint"


def report(action: str, status: str, *, subject: str = "Mail") -> ReadMail:
    told = f"{STATUS}Action: {action}\nStatus: {status}\nDiagnostic-Code: smtp; 550 {status} <ann@example.org>: no\n"
    head = f"From: postmaster@mx.example\nSubject: {subject}\n".encode()
    return read(
        head + multipart("\nIt did not work.", told, LETTER, kind="report; report-type=delivery-status")
    )


@pytest.mark.parametrize(
    ("action", "status", "kind"),
    [
        ("failed", "5.1.1", Kind.BOUNCE),
        ("failed", "4.4.7", Kind.BOUNCE),
        ("delayed", "4.4.1", Kind.DELAYED),
        ("delivered", "2.0.0", Kind.DELIVERED),
        ("relayed", "2.0.0", Kind.DELIVERED),
        ("", "5.1.1", Kind.BOUNCE),
    ],
)
def test_a_delivery_report_is_what_it_reports(action: str, status: str, kind: Kind) -> None:
    assert report(action, status).kind == kind


def test_a_bounce_names_the_letter_the_recipient_and_the_reason() -> None:
    bounce = report("failed", "5.1.1").bounce
    assert bounce is not None
    assert (bounce.message_id, bounce.permanent) == ("7@bank.example", True)
    assert [(one.address, one.status) for one in bounce.recipients] == [("ann@example.org", "5.1.1")]
    assert bounce.recipients[0].diagnostic == "550 5.1.1 <ann@example.org>: no"


def test_what_may_still_arrive_is_not_permanent() -> None:
    bounce = report("failed", "4.4.7").bounce
    assert bounce is not None
    assert not bounce.permanent


def test_a_bounce_in_words_is_read_from_its_words() -> None:
    words = "Hi. This is the qmail-send program.\n\n<ann@example.org>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
    words += (
        "--- Below this line is a copy of the message.\n\nMessage-ID: <7@bank.example>\nTo: ann@example.org\n"
    )
    bounce = heard(
        words, sender="MAILER-DAEMON@mx.example", head="Subject: failure notice\nReturn-Path: <>"
    ).bounce
    assert bounce is not None
    assert (bounce.message_id, bounce.permanent) == ("7@bank.example", True)
    assert [one.address for one in bounce.recipients] == ["ann@example.org"]


@pytest.mark.parametrize(
    "head",
    [
        "Subject: Undelivered Mail Returned to Sender\nReturn-Path: <>",
        "Subject: Mail delivery failed: returning message to sender",
        "Subject: Unzustellbar: Ihre Beschwerde\nReturn-Path: <>",
        "Subject: Non remis : Votre réclamation\nReturn-Path: <>",
        "Subject: Mancata consegna\nReturn-Path: <>",
        "Subject: Undeliverable: x\nX-Failed-Recipients: b@c.example",
    ],
)
def test_failures_are_bounces_in_any_language(head: str) -> None:
    assert (
        heard("550 5.1.1 <b@c.example>: user unknown", sender="Mail <x@mx.example>", head=head).kind
        == Kind.BOUNCE
    )


@pytest.mark.parametrize(
    "head",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated\nIn-Reply-To: <1@a>",
        "X-Autoreply: yes",
        "Precedence: auto_reply",
        "Return-Path: <>\nIn-Reply-To: <1@a>",
        "Subject: Out of Office: Your complaint",
        "Subject: Automatic reply: Your complaint",
        "Subject: Abwesenheitsnotiz: Ihre Beschwerde",
        "Subject: Automatische Antwort: Ihre Beschwerde",
        "Subject: Réponse automatique : Votre réclamation",
        "Subject: Respuesta automática: Su reclamación",
        "Subject: Risposta automatica: reclamo",
        "Subject: Automatisch antwoord: klacht",
        "Subject: Autosvar: klage",
        "Subject: Odpowiedź automatyczna: skarga",
        "Subject: Автоответ: жалоба",
        "Subject: 自动回复：投诉",
    ],
)
def test_automatic_answers_are_known(head: str) -> None:
    letter = heard("I am back on Monday.", head=head)
    assert letter.kind == Kind.AUTO_REPLY
    assert not letter.may_be_answered_automatically


def test_a_text_that_says_nobody_wrote_it_is_believed() -> None:
    for text in (
        "This is an automatically generated message.",
        "Dies ist eine automatisch erstellte Antwort.",
    ):
        assert heard(text, head="In-Reply-To: <1@bank.example>").kind == Kind.AUTO_REPLY
        alone = heard(text)
        assert (alone.kind, alone.may_be_answered_automatically) == (Kind.ORDINARY, False)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Out of office hours nobody answers", "You never pick up the telephone."),
        ("Re: Automatic reply: Your complaint", "Your robot is no help."),
        ("Fwd: Undelivered Mail Returned to Sender", "My letter to you came back: 550 5.1.1 user unknown"),
        ("Undeliverable promises", "You said it would be here on 3 May."),
        ("Your automatic reply", "An automatic reply, you say. I want a person."),
        ("Delivery failed again", "The parcel was not delivered on 3 May, and nobody called me."),
        ("Returned mail order", "I returned the goods, and you owe me 550 pounds."),
        ("Error in my bill", "The bill has an error: 550 - and not 450 - pounds."),
        ("", ""),
    ],
)
def test_a_person_who_speaks_of_machines_is_a_person(subject: str, text: str) -> None:
    letter = heard(text, head=f"Subject: {subject}")
    assert (letter.kind, letter.may_be_answered_automatically) == (Kind.ORDINARY, True)


def test_a_forwarded_bounce_is_a_letter_with_a_file() -> None:
    bounce = mail("550 user unknown", sender="MAILER-DAEMON@mx", head="Subject: failure notice")
    letter = read(
        b"From: ann@example.org\nSubject: See what came back\n"
        + multipart("\nWhy?", b"Content-Type: message/rfc822\n\n" + bounce)
    )
    assert letter.kind == Kind.ORDINARY


@pytest.mark.parametrize(
    ("sender", "head"),
    [
        ("no-reply@shop.example", "X-A: b"),
        ("Donotreply <do_not_reply@shop.example>", "X-A: b"),
        ("ann@example.org", "X-Auto-Response-Suppress: All"),
        ("ann@example.org", "Auto-Submitted: auto-generated"),
        ("ann@example.org", "Return-Path: <>"),
        ("postmaster@firm.example", "Subject: A complaint"),
    ],
)
def test_hints_leave_a_letter_ordinary_and_unanswered(sender: str, head: str) -> None:
    letter = heard("I was charged twice.", sender=sender, head=head)
    assert letter.kind == Kind.ORDINARY
    assert letter.reasons
    assert not letter.may_be_answered_automatically


@pytest.mark.parametrize("head", ["List-Id: <a.b>", "Precedence: bulk", "List-Unsubscribe: <mailto:a@b>"])
def test_lists_are_lists(head: str) -> None:
    assert heard("News", head=head).kind == Kind.LIST


def test_abuse_reports_and_receipts_are_no_letters() -> None:
    abuse = multipart(
        "\nx",
        "Content-Type: message/feedback-report\n\nFeedback-Type: abuse",
        kind="report; report-type=feedback-report",
    )
    receipt = multipart(
        "\nread",
        "Content-Type: message/disposition-notification\n\nDisposition: x; displayed",
        kind="report; report-type=disposition-notification",
    )
    assert read(b"From: a@b\n" + abuse).kind == Kind.ABUSE_REPORT
    assert read(b"From: a@b\n" + receipt).kind == Kind.DELIVERED


def test_auto_submitted_no_is_no() -> None:
    assert heard(head="Auto-Submitted: no").may_be_answered_automatically
