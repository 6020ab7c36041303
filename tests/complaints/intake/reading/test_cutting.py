import io

import pytest

from complaints.intake.reading import Refusal, Row, open_export

HEADER = "Complaint ID,Date received,Product,Consumer complaint narrative,Company\n"


def read(body: str) -> list[Row | Refusal]:
    return list(open_export(io.BytesIO((HEADER + body).encode())))


def told(found: list[Row | Refusal]) -> list[tuple[int, str]]:
    return [
        (item.line_number, item.record.external_id if isinstance(item, Row) else "refused") for item in found
    ]


def good(number: int, words: str = "plain") -> str:
    return f'{number},2020-03-18,Loan,"{words}",Bank\n'


def test_rows_with_too_few_or_too_many_fields_are_refused_with_number_and_reason() -> None:
    found = read(good(1) + "2,2020-03-18\n" + "3,2020-03-18,Loan,words,Choice Recovery, Inc.\n" + good(4))
    assert told(found) == [(2, "1"), (3, "refused"), (4, "refused"), (5, "4")]
    assert [item.reason for item in found if isinstance(item, Refusal)] == [
        "too few fields: 2 where the header has 5",
        "too many fields: 6 where the header has 5",
    ]


def test_the_excerpt_is_short_and_on_one_line() -> None:
    (refused,) = read("2,2020-03-18," + "x\x07" * 500 + "\n")
    assert isinstance(refused, Refusal)
    assert len(refused.excerpt) <= 200
    assert refused.excerpt.isprintable()


def test_a_file_cut_inside_a_quoted_field_loses_only_the_cut_record() -> None:
    found = read(good(1) + good(2, "two\nlines") + '3,2020-03-18,Loan,"cut off\nin the mid')
    assert told(found) == [(2, "1"), (3, "2"), (5, "refused")]
    assert isinstance(found[-1], Refusal)
    assert found[-1].reason == "the file ends inside a quoted field (lines 5 to 6)"


def test_a_file_cut_within_its_last_quoted_column_is_not_taken_for_whole() -> None:
    found = read(good(1) + '2,2020-03-18,Loan,words,"Ba')
    assert told(found) == [(2, "1"), (3, "refused")]


def test_a_stray_quote_costs_its_own_line_and_no_other() -> None:
    body = (
        good(1)
        + '2,2020-03-18,Loan,"oh,Bank\n'
        + "3,2020-03-18,Loan,plain,Bank\n"
        + good(4, "a\nb")
        + good(5)
    )
    assert told(read(body)) == [(2, "1"), (3, "refused"), (4, "3"), (5, "4"), (7, "5")]


def test_a_stray_quote_in_a_file_without_other_quotes_swallows_nothing() -> None:
    lines = [f"{number},2020-03-18,Loan,words and more words,Bank\n" for number in range(120_000)]
    lines[10] = '10,2020-03-18,Loan,"oh,Bank\n'
    found = read("".join(lines))
    assert told(found)[10] == (12, "refused")
    assert sum(isinstance(item, Row) for item in found) == 119_999


def test_a_narrative_with_naked_quotes_is_read_whole() -> None:
    found = read(good(1, 'He said "good day, Sir" to me') + good(2, 'a 6" pipe\nand more') + good(3))
    assert told(found) == [(2, "1"), (3, "2"), (5, "3")]
    words = [item.record.words for item in found if isinstance(item, Row)]
    assert words[:2] == ['He said "good day, Sir" to me', 'a 6" pipe\nand more']


def test_backslashes_before_quotes_are_understood_and_ordinary_ones_left_alone() -> None:
    found = read(good(1, 'He said \\"good, day\\" twice') + good(2, "C:\\new\\"))
    words = [item.record.words for item in found if isinstance(item, Row)]
    assert words == ['He said "good, day" twice', "C:\\new\\"]


def test_blanks_before_quotes_are_forgiven() -> None:
    found = read('1, 2020-03-18, Loan, "one, two", Bank\n')
    assert told(found) == [(2, "1")]
    assert isinstance(found[0], Row)
    assert found[0].record.words == "one, two"


def test_a_lone_carriage_return_in_a_cell_is_a_blank() -> None:
    found = read("1,2020-03-18,Loan,one\rtwo,Bank\n" + good(2))
    assert told(found) == [(2, "1"), (3, "2")]


def test_quotes_doubled_as_they_should_be_are_single() -> None:
    (row,) = read(good(1, 'He said ""no""'))
    assert isinstance(row, Row)
    assert row.record.words == 'He said "no"'


def test_a_cell_of_a_megabyte_is_read_and_one_of_five_is_refused() -> None:
    found = read(good(1, "x" * 1_000_000) + good(2, "y" * 5_000_000) + good(3))
    assert told(found) == [(2, "1"), (3, "refused"), (4, "3")]
    assert isinstance(found[0], Row)
    assert len(found[0].record.words) == 1_000_000


def test_a_cell_of_many_lines_that_never_ends_is_given_up_at_the_limit() -> None:
    found = read(good(1) + '2,2020-03-18,Loan,"' + "and so on and on and on\n" * 190_000)
    assert told(found)[:2] == [(2, "1"), (3, "refused")]
    assert isinstance(found[1], Refusal)
    assert "never closed" in found[1].reason


@pytest.mark.timeout(60)
def test_a_file_of_nothing_but_damage_ends_in_reasonable_time() -> None:
    found = read('"x"y,"\n' * 20_000)
    assert found
    assert not any(isinstance(item, Row) for item in found)
