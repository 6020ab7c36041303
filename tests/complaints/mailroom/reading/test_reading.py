import base64
import binascii
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.mailroom.reading import Address, Unreadable, read
from tests.complaints.mailroom.reading.written import heard, heard_parts, mail, multipart

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))


def test_a_plain_mail_is_read() -> None:
    head = "To: Bank <bank@example.com>, b@example.com\nCc: c@example.com\nReply-To: <d@example.com>\nSubject: Fees\n"
    head += (
        "Date: Fri, 3 May 2024 10:12:00 +0200\nMessage-ID: <1@example.org>\nIn-Reply-To: <0@bank.example>\n"
    )
    head += "References: <a@bank.example>\n <0@bank.example>\nDelivered-To: bank+x@example.com\nReturn-Path: <ann@example.org>"
    letter = heard("Hello\r\nthere\r\n", head=head)
    assert letter.sender == Address("Ann", "ann@example.org")
    assert letter.to == (Address("Bank", "bank@example.com"), Address("", "b@example.com"))
    assert (letter.cc, letter.reply_to) == ((Address("", "c@example.com"),), (Address("", "d@example.com"),))
    assert (letter.subject, letter.sent_at) == ("Fees", datetime(2024, 5, 3, 8, 12, tzinfo=UTC))
    assert (letter.message_id, letter.in_reply_to) == ("1@example.org", ("0@bank.example",))
    assert letter.references == ("a@bank.example", "0@bank.example")
    assert letter.delivered_to == (Address("", "bank+x@example.com"),)
    assert (letter.return_path, letter.text, letter.faults) == ("ann@example.org", "Hello\nthere", ())
    assert letter.may_be_answered_automatically


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_any_line_end_is_one(line_end: bytes) -> None:
    raw = b"From: ann@example.org\nSubject: Fees\n" + multipart(
        "\nHello\nthere", "Content-Type: image/png\n\nx"
    )
    letter = read(raw.replace(b"\n", line_end))
    assert (letter.subject, letter.text) == ("Fees", "Hello\nthere")


@pytest.mark.parametrize(
    ("charset", "codec"),
    [
        *(("utf-8", "utf-8"), ("UTF8", "utf-8"), ("iso-8859-1", "cp1252"), ("windows-1252", "cp1252")),
        *(
            ("iso-8859-15", "iso-8859-15"),
            ("us-ascii", "utf-8"),
            ("us-ascii", "cp1252"),
            ("iso-8859-1", "utf-8"),
        ),
        *(
            ("utf-8", "cp1252"),
            ("x-unknown", "utf-8"),
            ("x-unknown", "cp1252"),
            ("", "utf-8"),
            ("", "cp1252"),
        ),
        *(("utf-7", "utf-7"), ("utf-16", "utf-16"), ("'utf-8'", "utf-8"), ("unicode_escape", "utf-8")),
    ],
)
def test_umlauts_survive_what_is_said_of_them(charset: str, codec: str) -> None:
    letter = heard("Grüße für 5€".encode(codec), head=f"Content-Type: text/plain; charset={charset}")
    assert letter.text == "Grüße für 5€"


@pytest.mark.parametrize("message_id", ["even@example.org", "uneven@example.org"])
def test_the_charset_of_a_text_makes_nothing_else_of_plain_headers(message_id: str) -> None:
    head = f"Content-Type: text/plain; charset=utf-16\nMessage-ID: <{message_id}>\nSubject: Fees"
    letter = heard("Grüße".encode("utf-16-le"), head=head)
    assert (letter.message_id, letter.subject, letter.text) == (message_id, "Fees", "Grüße")


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("gb2312", "投诉：收费錯誤"),
        ("iso-2022-jp", "料金が間違っています"),
        ("shift_jis", "料金が間違っています"),
        ("euc-jp", "料金"),
        ("ks_c_5601-1987", "요금이 잘못되었습니다"),
        ("big5", "收費錯誤"),
        ("koi8-r", "Ошибка в счёте"),
        ("windows-1251", "Ошибка в счёте"),
        ("iso-8859-7", "Λάθος χρέωση"),
        ("iso-8859-8-i", "חיוב שגוי"),
    ],
)
def test_every_script_is_read(charset: str, text: str) -> None:
    codec = {"gb2312": "gb18030", "ks_c_5601-1987": "cp949", "iso-8859-8-i": "iso-8859-8"}.get(
        charset, charset
    )
    word = base64.b64encode(text.encode(codec)).decode()
    letter = heard(
        text.encode(codec),
        head=f"Content-Type: text/plain; charset={charset}\nSubject: =?{charset}?B?{word}?=",
    )
    assert (letter.text, letter.subject) == (text, text)


@pytest.mark.parametrize(
    ("written", "subject"),
    [
        ("=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("=?utf-8?Q?a?= =?utf-8?Q?b?= c", "ab c"),
        ("=?utf-8?q?=C3?= =?utf-8?q?=BC?=", "ü"),
        ("=?UTF-8?b?w7w?=", "ü"),
        ("=?utf-8?q?a b?= c", "a b c"),
        ("=?utf-8?q?really??=", "really?"),
        ("=?iso-8859-1*de?q?=FC?=", "ü"),
        ("=?x-unknown?q?=C3=BC?=", "ü"),
        ("x=?utf-8?q?=C3=BC?=x", "xüx"),
        ("=?utf-8?q?unfinished", "=?utf-8?q?unfinished"),
        ("=?utf-8?b?!!!?=", ""),
        ("=?utf-8?q?one=0D=0ABcc:_x@y?=", "one Bcc: x@y"),
        ("one\n two\n\tthree", "one two three"),
        ("Grüße", "Grüße"),
    ],
)
def test_encoded_words_are_read_as_they_are_written(written: str, subject: str) -> None:
    assert heard(head=f"Subject: {written}").subject == subject


def test_raw_bytes_in_headers_are_read_in_the_charset_of_the_mail() -> None:
    subject = "收费".encode("gb18030")
    letter = heard(subject, head=b"Subject: " + subject + b"\nContent-Type: text/plain; charset=gb2312")
    assert (letter.subject, letter.text) == ("收费", "收费")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('"Example, Ann" <a@b.example>', Address("Example, Ann", "a@b.example")),
        ("a@b.example (Ann Example)", Address("Ann Example", "a@b.example")),
        ('"Ann \\"X\\" Example" <a@b.example>', Address('Ann "X" Example', "a@b.example")),
        ("=?utf-8?q?=C3=9Cna?= <a@b.example>", Address("Üna", "a@b.example")),
        ('"=?utf-8?q?=C3=9Cna=2C_X?=" <a@b.example>', Address("Üna, X", "a@b.example")),
        ("'Ann' <a@b.example>", Address("Ann", "a@b.example")),
        ("<a@b.example>", Address("", "a@b.example")),
        ("a@b.example", Address("", "a@b.example")),
        ("Ann <a@b.example", Address("Ann", "a@b.example")),
        ("<mailto:a@b.example>", Address("", "a@b.example")),
        ("Ann <a@ b.example>", Address("Ann", "a@b.example")),
        ("Nobody <>, Ann <a@b.example>", Address("Ann", "a@b.example")),
        ("MAILER-DAEMON (Mail System)", Address("Mail System", "MAILER-DAEMON")),
        ("Ann\u202e\u200b <a@b.example>", Address("Ann", "a@b.example")),
    ],
)
def test_senders_are_found_in_every_form(written: str, expected: Address) -> None:
    assert read(mail(sender=written)).sender == expected


@pytest.mark.parametrize("written", ["", ",;<>()", "undisclosed-recipients:;", '"', "((((", "<<>>", "\\"])
def test_no_address_is_none(written: str) -> None:
    assert heard(head=f"To: {written}").to in ((), (Address("", "\\"),))


def test_members_of_a_group_are_found() -> None:
    assert [str(one) for one in heard(head="To: Staff: a@b.example, B <c@d.example>;").to] == [
        "a@b.example",
        "B <c@d.example>",
    ]


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ('filename="a b.pdf"', "a b.pdf"),
        ("filename=a b.pdf", "a b.pdf"),
        ("filename*=utf-8''f%C3%BCr.pdf", "für.pdf"),
        ("filename*0=one; filename*1=two.pdf", "onetwo.pdf"),
        ("filename*0*=utf-8''f%C3; filename*1*=%BCr; filename*2=.pdf", "für.pdf"),
        ("filename*1=two.pdf; filename*0=one", "onetwo.pdf"),
        ("filename==?utf-8?q?f=C3=BCr.pdf?=", "für.pdf"),
        ('filename="=?utf-8?b?ZsO8ci5wZGY=?="', "für.pdf"),
        ('filename="für.pdf"', "für.pdf"),
        ("filename*=für.pdf", "für.pdf"),
        ('filename="unclosed.pdf', "unclosed.pdf"),
        ("FILENAME = 'a.pdf'", "'a.pdf'"),
        ('filename="C:\\\\Users\\\\ann\\\\a.pdf"', "a.pdf"),
    ],
)
def test_names_of_files_are_read_in_every_form(told: str, name: str) -> None:
    letter = heard_parts(
        "\nHello", f"Content-Type: application/pdf\nContent-Disposition: attachment; {told}\n\nx"
    )
    assert [one.name for one in letter.attachments] == [name]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../x", "x"),
        ("/etc/passwd", "passwd"),
        ("..\\..\\x.exe", "x.exe"),
        ("C:\\x.pdf", "x.pdf"),
        ("C:x.pdf", "x.pdf"),
        ("a\0b.pdf", "a\ufffdb.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("a.php.jpg", "a.php.jpg"),
        (".htaccess", "htaccess"),
        ("..", "file"),
        ("a\r\nb.pdf", "a b.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_sec_53_names_are_for_eyes_and_lead_nowhere(name: str, shown: str) -> None:
    part = b'Content-Type: application/x-a; name="' + name.replace("\\", "\\\\").encode() + b'"\n\nx'
    if "\r" in name:
        part = b"Content-Type: application/x-a; name==?utf-8?q?a=0D=0Ab.pdf?=\n\nx"
    assert [one.name for one in heard_parts("\nHello", part).attachments] == [shown]


def test_sec_53_two_files_of_one_name_are_told_apart() -> None:
    part = "Content-Disposition: attachment; filename=a.pdf\n\nx"
    assert [one.name for one in heard_parts(part, part, part).attachments] == ["a.pdf", "a1.pdf", "a2.pdf"]


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("base64", base64.encodebytes(PNG)),
        ("BASE64 ", base64.b64encode(PNG)),
        ("base64", base64.b64encode(PNG).rstrip(b"=")),
        ("base64", base64.b64encode(PNG[:100]) + b"\n" + base64.b64encode(PNG[100:])),
        ("base64", b"  " + base64.encodebytes(PNG).replace(b"\n", b"\r\n ")),
        ("quoted-printable", binascii.b2a_qp(PNG, istext=False)),
        ("8bit", PNG.replace(b"\n", b"\n")),
    ],
)
def test_files_come_out_as_they_went_in(encoding: str, packed: bytes) -> None:
    head = f"Content-Type: image/png; name=a.png\nContent-Transfer-Encoding: {encoding}\n\n".encode()
    assert heard_parts("\nHello", head + packed).attachments[0].content == PNG


def test_what_cannot_be_unpacked_stays_as_it_came() -> None:
    letter = heard("This is no base64 (at all)!", head="Content-Transfer-Encoding: base64")
    assert letter.text == "This is no base64 (at all)!"
    assert letter.faults


def test_uuencoded_files_in_a_text_are_taken_out_of_it() -> None:
    letter = heard("Here it is:\n\nbegin 644 a.txt\n#0V%T\n`\nend\n\nAnn")
    assert [(one.name, one.content) for one in letter.attachments] == [("a.txt", b"Cat")]
    assert letter.text.split() == ["Here", "it", "is:", "Ann"]


def test_the_word_begin_is_no_file() -> None:
    text = "begin 100 times again\nnothing\nend"
    assert heard(text).text == text


def test_pictures_in_the_text_are_inline_and_known_by_their_id() -> None:
    picture = b"Content-Type: image/png\nContent-ID: <logo.png@01>\n\n" + PNG
    html = b'Content-Type: text/html\n\n<p>Hello<img src="cid:logo.png@01"></p>'
    letter = read(b"From: a@b\n" + multipart(html, picture, kind="related"))
    (logo,) = letter.attachments
    assert (logo.name, logo.content_id, logo.inline) == ("logo.png", "logo.png@01", True)
    assert (letter.text, 'src="cid:logo.png@01"' in letter.html) == ("Hello", True)


def test_the_plain_alternative_is_the_text_and_the_other_is_kept() -> None:
    letter = heard_parts("\nplain", "Content-Type: text/html\n\n<b>rich</b>", kind="alternative")
    assert (letter.text, letter.html, letter.attachments) == ("plain", "<b>rich</b>", ())


def test_nested_mails_are_files_and_not_part_of_the_text() -> None:
    nested = b"Content-Type: message/rfc822\n\n" + mail("theirs", head="Subject: Their words")
    letter = heard_parts("\nmine", nested)
    assert letter.text == "mine"
    assert [(one.name, one.content_type) for one in letter.attachments] == [
        ("Their words.eml", "message/rfc822")
    ]
    assert b"theirs" in letter.attachments[0].content


def test_signed_mail_is_read_and_the_signature_kept() -> None:
    letter = heard_parts(
        "\nmine", "Content-Type: application/pkcs7-signature; name=smime.p7s\n\nx", kind="signed"
    )
    assert (letter.text, [one.name for one in letter.attachments]) == ("mine", ["smime.p7s"])


def test_outlook_s_own_format_is_kept_as_a_file() -> None:
    letter = heard_parts("\nmine", "Content-Type: application/ms-tnef\n\n\x01")
    assert [(one.name, one.content_type) for one in letter.attachments] == [
        ("winmail.dat", "application/ms-tnef")
    ]


def test_text_around_a_file_is_all_read() -> None:
    letter = heard_parts("\nbefore", "Content-Type: image/png\n\nx", "Content-Type: text/plain\n\nafter")
    assert letter.text == "before\n\nafter"


@pytest.mark.parametrize(
    "raw",
    [
        b"no headers at all, only a line",
        b"From: a@b\nno blank line before this text",
        b"From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nHello, this line",
        b"From: a@b\nContent-Type: multipart/mixed\n\nHello, no boundary was named, this line",
        b"From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\nHello, this line\n--x--",
        b"From: a@b\nContent-Type: multipart/alternative;\nboundary=x\n\n--x\n\nHello, this line\n--x--",
        b"From: a@b\nContent-Type: garbage\n\nHello, this line",
        b"From a@b Fri May  3 10:12:00 2024\nFrom: a@b\n\nHello, this line",
    ],
)
def test_broken_mails_still_say_what_they_say(raw: bytes) -> None:
    assert "this line" in read(raw).text or "this text" in read(raw).text or "a line" in read(raw).text


def test_the_last_hours_of_the_calendar_are_no_date_for_no_zone_to_the_east_has_them() -> None:
    assert heard(head="Date: Fri, 31 Dec 9999 23:59:59 +0000").sent_at is None


@pytest.mark.parametrize(
    "date", ["", "soon", "Fri, 32 May 2024", "Thu, 1 Jan 0001 00:00:00 +2359", "3 May 2024 10:12:00"]
)
def test_dates_are_believed_if_they_are_dates(date: str) -> None:
    sent = heard(head=f"Date: {date}").sent_at
    assert sent is None or sent.tzinfo is UTC


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    for whole in (raw, b"From: a@b\n" + raw, b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" + raw):
        try:
            letter = read(whole)
        except Unreadable:
            continue
        letter.text.encode()
        assert letter.new_text in letter.text
