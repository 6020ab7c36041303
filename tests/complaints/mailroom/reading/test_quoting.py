import pytest

from complaints.mailroom.reading.quoting import newly_written

QUOTE = "> We are looking into it.\n>\n> Kind regards\n> Your bank"
NEW = "It is still not paid.\n\nPlease look again."

ABOVE_QUOTES = [
    "On 3 May 2024, at 10:12, Your Bank <help@bank.example> wrote:",
    "On Fri, May 3, 2024 at 10:12 AM Your Bank\n<help@bank.example> wrote:",
    "Am 03.05.2024 um 10:12 schrieb Ihre Bank:",
    "Ihre Bank <help@bank.example> schrieb am Fr., 3. Mai\n2024, 10:12:",
    "Le ven. 3 mai 2024 à 10:12, Votre Banque <help@bank.example> a écrit :",
    "El vie, 3 may 2024 a las 10:12, Su Banco (<help@bank.example>) escribió:",
    "Il giorno ven 3 mag 2024 alle ore 10:12 La Banca <help@bank.example> ha scritto:",
    "Op vr 3 mei 2024 om 10:12 schreef Uw Bank <help@bank.example>:",
    "Em sex., 3 de mai. de 2024 às 10:12, Seu Banco <help@bank.example> escreveu:",
    "Den fre 3 maj 2024 kl 10:12 skrev Din Bank <help@bank.example>:",
    "pt., 3 maj 2024 o 10:12 Twój Bank <help@bank.example> napisał(a):",
    "пт, 3 мая 2024 г. в 10:12, Банк <help@bank.example>:",
    "2024-05-03 10:12 GMT+02:00 Your Bank <help@bank.example>:",
    "2024年5月3日(金) 10:12 銀行 <help@bank.example>:",
]
ABOVE_UNMARKED = [
    "-----Original Message-----\nFrom: Your Bank\nSent: 3 May 2024\nTo: Ann\nSubject: Your complaint",
    "________________________________\nFrom: Your Bank <help@bank.example>\nSent: Friday\nTo: Ann\nSubject: Yours",
    "Von: Ihre Bank\nGesendet: Freitag, 3. Mai 2024 10:12\nAn: Ann\nBetreff: Ihre Beschwerde",
    "De : Votre Banque\nEnvoyé : vendredi 3 mai 2024\nÀ : Ann\nObjet : Votre réclamation",
    "*From:* Bank\n*Date:* Friday\n*To:* Ann\n*Subject:* Yours",
    "Da: Banca\nInviato: venerdì\nA: Ann\nOggetto: reclamo",
    "发件人: 银行\n发送时间: 2024年5月3日\n收件人: Ann\n主题: 投诉",
    "---- On Fri, 03 May 2024 10:12:13 +0200 Your Bank <help@bank.example> wrote ----",
    "On Fri, May 3, 2024 at 10:12 AM Your Bank <help@bank.example> wrote:",
    "-------- Ursprüngliche Nachricht --------",
]


@pytest.mark.parametrize("head", ABOVE_QUOTES)
def test_a_quote_below_is_cut_with_the_line_that_introduces_it(head: str) -> None:
    assert newly_written(f"{NEW}\n\n{head}\n\n{QUOTE}\n") == NEW


@pytest.mark.parametrize("head", ABOVE_UNMARKED)
def test_the_head_of_a_letter_begins_what_was_said_before(head: str) -> None:
    assert newly_written(f"{NEW}\n\n{head}\n\nWe are looking into it.\n") == NEW


@pytest.mark.parametrize("head", [*ABOVE_QUOTES, ""])
def test_an_answer_below_the_quote_stays(head: str) -> None:
    assert newly_written(f"{head}\n{QUOTE}\n\n{NEW}").endswith(NEW)


@pytest.mark.parametrize("head", [*ABOVE_QUOTES, ""])
def test_answers_between_quoted_lines_stay_with_what_they_answer(head: str) -> None:
    text = f"{head}\n> When?\n\nOn 3 May.\n\n> How much?\n\nTwenty pounds.\n\n{QUOTE}"
    trimmed = newly_written(text)
    assert "> When?\n\nOn 3 May.\n\n> How much?\n\nTwenty pounds." in trimmed
    assert "looking into it" not in trimmed


@pytest.mark.parametrize("head", [*ABOVE_QUOTES, *ABOVE_UNMARKED])
def test_words_above_and_below_a_quote_all_stay(head: str) -> None:
    text = f"Hello,\n\n{head}\n\n{QUOTE}\n\n{NEW}"
    assert newly_written(text) == text


@pytest.mark.parametrize("head", ABOVE_UNMARKED)
def test_where_the_answers_are_between_unmarked_lines_nothing_is_cut(head: str) -> None:
    text = f"See my answers in red below.\n\n{head}\n\nWhen was it?\nIt was on 3 May."
    assert newly_written(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "On 3 May your clerk wrote:\nWe will refund you.\nYou have not.",
        "I bought it in May.\nThis is what you said:\nWe refund in ten days.\nIt is June.",
        "Complaint form\n\nFrom: Ann\nDate: 3 May\nSubject: Fees\nMessage: I was charged twice.",
        "New message:\n\nName: Ann\nEmail: ann@example.org\nTo: complaints\nSubject: Fees\nDate: 3 May\nText: They took it twice.",
        "First: the fee was wrong.\n--\nSecond: nobody called me back.",
        "The first point.\n-- \n" + "\n".join(f"{n}. another point of mine" for n in range(20)),
        "My card ends with > 1234 and was charged.",
        "----------\nThe charge of 20.00 was wrong",
        "Is that all?\n???",
        "Thank you for nothing.\n\U0001f621",
        "Hello\n\n>From the beginning I said no.",
        "I got this on 3 May at 10:12 from ann@example.org:\nit was wrong.",
        "Subject: fees\n\nI was charged twice.",
        "From: 3 May\nTo: 5 May\nI was without a telephone.",
        "You asked about: the fee, the date, the name.\nThe fee was 20.",
        "Sent from your branch in Leeds on 3 May, the letter never came.",
        "Thanks,\nAnn\n\nPS: and please call me.",
    ],
)
def test_what_only_looks_like_a_quote_stays(text: str) -> None:
    assert newly_written(text) == text


@pytest.mark.parametrize(
    "end",
    [
        "-- \nAnn Example\nLeeds",
        "--\nAnn Example\n+44 113 4960000",
        "--\nKind regards\nAnn",
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
        "Gesendet von Outlook für Android",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "Inviato da iPad",
        "Verstuurd vanaf mijn iPhone",
        "Sendt fra min iPad",
        "Отправлено с iPhone",
        "Get Outlook for iOS",
        f"Sent from my iPhone\n\n{ABOVE_QUOTES[0]}\n{QUOTE}",
        f"{ABOVE_QUOTES[0]}\n{QUOTE}\n\n-- \nAnn",
    ],
)
def test_signatures_and_devices_are_cut(end: str) -> None:
    assert newly_written(f"{NEW}\n\n{end}\n") == NEW


@pytest.mark.parametrize(
    "text", [QUOTE, "-- \nAnn", "Sent from my iPhone", "--", f"{ABOVE_QUOTES[0]}\n{QUOTE}"]
)
def test_a_mail_of_nothing_else_is_shown_as_it_is(text: str) -> None:
    assert newly_written(text) == text


def test_what_is_forwarded_without_a_word_is_what_the_customer_sends() -> None:
    head = "---------- Forwarded message ----------\nFrom: a\nDate: b\nSubject: c\nTo: d"
    assert newly_written(f"{head}\n\nWe refuse.\n\nYour bank") == "We refuse.\n\nYour bank"
