import unicodedata

# January to December in the languages our customers' exports have come in. German, French and Spanish months are
# told from their first letters too, where these leave no doubt within the whole table.
_BY_LANGUAGE = (
    "january february march april may june july august september october november december",
    "januar februar marz april mai juni juli august september oktober november dezember",
    "janner feber maerz april mai juni juli august september oktober november dezember",
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "enero febrero marzo abril mayo junio julio agosto setiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "januari februari mars april maj juni juli augusti september oktober november december",
    "januar februar marts april maj juni juli august september oktober november desember",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia",
    "styczen luty marzec kwiecien maj czerwiec lipiec sierpien wrzesien pazdziernik listopad grudzien",
)
_SHORT = {"mrt": 3, "juil": 7, "sept": 9, "jan": 1, "jun": 6, "jul": 7, "mar": 3}


def folded(text: str) -> str:
    """Lower case without accents, so that “Août” and “AOUT” are one word."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def _table() -> dict[str, int]:
    claims: dict[str, set[int]] = {}
    for names in _BY_LANGUAGE:
        for number, name in enumerate(names.split(), start=1):
            for length in range(3, len(name) + 1):
                claims.setdefault(name[:length], set()).add(number)
    table = {word: min(numbers) for word, numbers in claims.items() if len(numbers) == 1}
    full = {name: n for names in _BY_LANGUAGE for n, name in enumerate(names.split(), start=1)}
    return table | full | _SHORT


_MONTHS = _table()


def month_named(word: str) -> int | None:
    return _MONTHS.get(folded(word))
