import re
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import encode_multipart

from complaints.intake.models import Submission
from complaints.resolution.models import Channel, Complaint, Customer, Document, MessageKind
from tests.dumps import whole_database

pytestmark = pytest.mark.django_db
WORDS = "You charged me twice.\n\n  And <b>nobody</b> called back. "


@pytest.fixture(autouse=True)
def _media(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def filled(client: Client, **changes: object) -> dict[str, object]:
    token = re.search(r'name="token" value="([^"]+)"', client.get("/").content.decode())
    assert token
    return {
        "token": token[1],
        "name": "Maria Okafor",
        "email": "maria@example.com",
        "title": "Charged twice",
        "words": WORDS,
        "desired_outcome": "My money back",
        **changes,
    }


def test_the_form_opens_a_complaint_and_keeps_every_word(client: Client) -> None:
    response = client.post("/", filled(client), follow=True)

    complaint = Complaint.objects.get()
    assert complaint.reference in response.content.decode()
    assert complaint.channel == Channel.WEB
    assert complaint.messages.get(kind=MessageKind.COMPLAINT).body.replace("\r\n", "\n") == WORDS
    assert Submission.objects.get().payload["name"] == "Maria Okafor"
    assert Customer.objects.get().email == "maria@example.com"


def test_a_double_click_opens_one_complaint(client: Client) -> None:
    form = filled(client)
    answers = {client.post("/", form).headers["Location"].split("/")[1] for _ in range(3)}
    assert answers == {"thanks"}
    assert Complaint.objects.count() == Submission.objects.count() == 1


def test_going_back_to_say_something_else_is_another_complaint_and_nothing_is_lost(client: Client) -> None:
    form = filled(client)
    for words in (WORDS, "And they were rude.", "And they were rude."):
        assert client.post("/", form | {"words": words}).status_code == 303
    said = [
        body.replace("\r\n", "\n")
        for body in Submission.objects.order_by("pk").values_list("words", flat=True)
    ]
    assert said == [WORDS, "And they were rude."]


def test_going_back_to_add_a_file_adds_that_file(client: Client) -> None:
    def files(*names: str) -> list[SimpleUploadedFile]:
        return [SimpleUploadedFile(name, name.encode()) for name in names]

    form = filled(client)
    for names in (("a.txt",), ("a.txt",), ("a.txt", "b.txt")):
        client.post("/", form | {"documents": files(*names)})
    assert Complaint.objects.count() == 1
    assert sorted(Document.objects.values_list("name", flat=True)) == ["a.txt", "b.txt"]


@pytest.mark.parametrize(
    "codec", ["unicode_escape", "raw_unicode_escape", "utf-7", "utf-16", "zlib", "nonsense"]
)
def test_words_are_read_in_the_alphabet_of_our_pages_whatever_the_sender_calls_it(
    client: Client, codec: str
) -> None:
    form = filled(client, words="Zahlt zurück, \\ud800 +2AA-!")
    sent = encode_multipart("edge", form)
    kind = f"multipart/form-data; boundary=edge; charset={codec}"
    assert client.generic("POST", "/", sent, content_type=kind).status_code == 303
    assert Submission.objects.get().words == form["words"]


def test_two_visits_are_two_complaints_of_one_customer(client: Client) -> None:
    client.post("/", filled(client))
    client.post("/", filled(client, email="MARIA@example.com", title="And again"))
    assert Complaint.objects.count() == 2
    assert Customer.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": ""}, "Please tell us your name."),
        ({"words": "  "}, "Please tell us what happened."),
        ({"email": "", "phone": ""}, "Please give us an e-mail address or a telephone number"),
        ({"email": "maria"}, "Please look at the e-mail address again"),
    ],
)
def test_what_was_typed_survives_any_error(client: Client, changes: dict[str, str], told: str) -> None:
    response = client.post("/", filled(client, **changes))
    text = response.content.decode()
    assert told in text
    assert "My money back" in text
    if changes.get("words") is None:
        assert "And &lt;b&gt;nobody&lt;/b&gt; called back." in text
    assert not Complaint.objects.exists()


def test_a_bad_file_among_good_refuses_the_whole(client: Client) -> None:
    files = [SimpleUploadedFile("a.txt", b"hello"), SimpleUploadedFile("b.exe", b"MZ\x90\x00" * 9)]
    client.post("/", filled(client, documents=files))
    assert not Complaint.objects.exists()
    assert not Document.objects.exists()

    client.post("/", filled(client, documents=[SimpleUploadedFile("a.txt", b"hello")]))
    assert Document.objects.get().name == "a.txt"


def test_sec_15_keys_the_form_does_not_have_change_nothing(client: Client) -> None:
    client.post(
        "/",
        filled(
            client,
            state="closed",
            reference="C26-000001-A",
            handler="1",
            restricted="on",
            customer_id="1",
            received_at="2001-01-01",
            priority="serious",
            is_staff="on",
        ),
    )
    complaint = Complaint.objects.get()
    assert (complaint.state, complaint.handler, complaint.restricted) == ("received", None, False)
    assert complaint.priority == "normal"
    assert complaint.received_at == complaint.registered_at


def test_a_known_address_gives_away_nothing(client: Client) -> None:
    Customer.objects.create(name="Secret Person", email="maria@example.com", created_at="2026-01-01T00:00Z")
    response = client.post("/", filled(client), follow=True)
    assert "Secret" not in response.content.decode()


def test_looking_at_form_and_thanks_changes_nothing(client: Client) -> None:
    client.post("/", filled(client))
    before = whole_database()
    for address in ("/", "/thanks/forged/"):
        client.get(address)
        client.head(address)
    assert client.get("/thanks/forged/").status_code == 404
    assert whole_database() == before


def test_sec_52_no_complaint_without_the_forgery_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/", filled(strict)).status_code == 403
    assert not Complaint.objects.exists()
