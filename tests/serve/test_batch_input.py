"""Rows of CSV and JSON lines files: each is whole or told as bad, and none holds another's words."""

import csv
import io
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from medsum.core.errors import UserError
from medsum.serve import csv_rows
from medsum.serve.batch_input import Line, read_lines, row_of, text_lines

A, B, C = "Doctor: Any pain? Patient: No.", "Doctor: Fever? Patient: Yes.", "Doctor: Do you smoke? Patient: No."
BROKEN = "not valid CSV; put a cell with quotes into quotes and double the quotes in it"


def csv_lines(*lines: str) -> dict[int, Line]:
    return {line.number: line for line in text_lines("\n".join(lines) + "\n")}


def good(found: dict[int, Line]) -> dict[int, str]:
    return {number: line.dialogue for number, line in found.items() if not line.error}


@pytest.mark.parametrize(
    ("lines", "expected", "bad"),
    [
        ((f'1,"{A}', f'2,"{B}"', f'3,"{C}"'), {3: B, 4: C}, [2]),
        ((f'1,"{A}"', f'2,"{B}', f'3,"{C}"'), {2: A, 4: C}, [3]),
        ((f'1,"{A}"', f'2,"{B}"', f'3,"{C}'), {2: A, 3: B}, [4]),
        ((f'1,"{A}"', f'2,"{B}', f'3,"{C}'), {2: A}, [3, 4]),
        ((f'1,"{A}', f'2,"{B}', f'3,"{C}"'), {4: C}, [2, 3]),
        ((f'1,"{A}', f"2,{B}", f'3,"{C}"'), {3: B, 4: C}, [2]),
        ((f'1,"{A}', f"2,{B}", f"3,{C}"), {3: B, 4: C}, [2]),
        ((f'1,"{A}', f'2,{B}"', f'3,"{C}"'), {4: C}, [2, 3]),
        ((f'1,{A}"', f'2,"{B}"', f'3,"{C}"'), {3: B, 4: C}, [2]),
        ((f'1,"{A}" ', f'2,"{B}"', f'3,"{C}"'), {3: B, 4: C}, [2]),
        ((f'1,"{A} "hm"."', f'2,"{B}"', f'3,"{C}"'), {3: B, 4: C}, [2]),
        (('1,"Doctor: A', 'Patient: No, "never", Doctor: seen."', f'2,"{B}"'), {4: B}, [2]),
        (('1,"Doctor: A', '2,"', 'Doctor: B"', f'3,"{C}"'), {3: "\nDoctor: B", 5: C}, [2]),
        (("1,Doctor: A", 'Patient: B"', f'2,"{C}"'), {4: C}, [2, 3]),
        (("1,Doctor: A", "Patient: B", f'2,"{C}"'), {4: C}, [2, 3]),
        ((f'1,"{A}"', "what is this", f'2,"{C}"'), {2: A, 4: C}, [3]),
    ],
)  # fmt: skip
def test_a_wrong_quote_spoils_its_own_row_alone(
    lines: tuple[str, ...], expected: dict[int, str], bad: list[int]
) -> None:
    found = csv_lines("id,dialogue", *lines)
    assert good(found) == expected
    assert [number for number, line in found.items() if line.error] == bad


def test_what_is_left_out_with_a_broken_row_is_told() -> None:
    found = csv_lines("id,dialogue", '1,"Doctor: He said "no".', "Patient: Well, Doctor: I did.", "", f'2,"{B}"')
    assert found[2].error == f"{BROKEN} (lines 2 to 4 are left out)"
    assert good(found) == {5: B}


def test_lines_are_counted_as_they_stand_in_the_file() -> None:
    found = csv_lines("id,dialogue", "", '1,"Doctor: Any pain?', '"', "2,a,b", "", f"3,{C}")
    assert {number: line.id for number, line in found.items()} == {3: "1", 5: None, 7: "3"}


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=30)
DIALOGUES = st.lists(TEXT, min_size=1, max_size=4).map(lambda turns: "\n".join(f"Doctor: {turn}" for turn in turns))


@given(
    st.lists(st.tuples(TEXT, TEXT, DIALOGUES), max_size=8),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_a_well_formed_csv_is_read_as_it_was_written(
    written: list[tuple[str, str, str]], quoting: Any, ending: str
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=quoting, lineterminator=ending).writerows([("id", "section", "dialogue"), *written])
    read = [(line.id or "", line.section or "", line.dialogue) for line in text_lines(out.getvalue())]
    assert read == written


@given(st.lists(DIALOGUES, min_size=2, max_size=5), st.data())
def test_no_row_ever_holds_the_words_of_two(dialogues: list[str], data: st.DataObject) -> None:
    out = io.StringIO(newline="")
    named = [(f"id-{n}", f"Doctor: Case {n}. {text}") for n, text in enumerate(dialogues)]
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([("id", "dialogue"), *named])
    head, _, body = out.getvalue().partition("\n")
    outer = [place for place, letter in enumerate(body) if letter == '"']
    place = data.draw(st.sampled_from(outer))
    for line in text_lines(f"{head}\n{body[:place]}{body[place + 1 :]}"):
        assert sum(f"Doctor: Case {n}." in line.dialogue for n in range(len(named))) <= 1


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"id": "\ud800"}, "a lone surrogate"), ({"section": "\ud800"}, "a lone surrogate"),
        ({"dialogue": "Doctor: \udfff"}, "a lone surrogate"),
        ({"id": "x" * 1001}, "'id' is longer than 1000"), ({"section": "x" * 1001}, "'section' is not text"),
        ({"id": 1.5}, "'id' is neither"), ({"id": True}, "'id' is neither"), ({"id": ["x"]}, "'id' is neither"),
        ({"dialogue": "Doctor: a" * 40_000}, "200,000 are allowed"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_used_makes_a_bad_line(values: dict[str, Any], said: str, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": "a", "dialogue": A, **values}) + "\n", encoding="utf-8")
    [line] = read_lines(tmp_path / "in.jsonl")
    assert said in (line.error or "")
    assert line.dialogue == ""


@pytest.mark.parametrize("name", ["in.jsonl", "in.csv"])
def test_a_line_of_any_length_is_passed_over_in_constant_memory(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_rows, "LONGEST", 1000)
    monkeypatch.setattr("medsum.serve.batch_input.LONGEST", 1000)
    row = json.dumps({"id": "a", "dialogue": A}) if name == "in.jsonl" else f'a1,"{A}"'
    head = "" if name == "in.jsonl" else "id,dialogue\n"
    with (tmp_path / name).open("w", encoding="utf-8") as file:
        file.write(f"{head}{row}\n")
        for _ in range(2000):
            file.write("x" * 5000)
        file.write(f"\n{row}\n")
    tracemalloc.start()
    found = list(read_lines(tmp_path / name))
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()
    assert [line.dialogue for line in found] == [A, "", A]
    assert "longer than" in (found[1].error or "")


def test_an_unclosed_quote_holds_no_more_than_a_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_rows, "LONGEST", 1000)
    found = csv_lines("id,dialogue", f'1,"{A}', *(f"{n},{B}" for n in range(2, 200)))
    assert found.pop(2).error
    assert set(good(found).values()) == {B}
    assert len(found) == 198


CURLED = "Doctor: Pain? Patient: I don\u2019t have pain."


@pytest.mark.parametrize("name", ["in.csv", "in.tsv", "in.jsonl", "in.json", "visits/b.txt"])
def test_a_row_in_windows_1252_is_read_and_its_encoding_is_named(name: str, tmp_path: Path) -> None:
    row = {"id": "b", "dialogue": CURLED}
    delimiter = "\t" if name.endswith("tsv") else ","
    text = {
        "json": json.dumps([row], ensure_ascii=False),
        "jsonl": json.dumps(row, ensure_ascii=False),
        "txt": CURLED,
    }.get(name.rpartition(".")[2], f"id{delimiter}dialogue\nb{delimiter}{CURLED}\n")
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode("cp1252"))
    [line] = read_lines(path.parent if path.parent != tmp_path else path)
    assert (line.id, line.dialogue, line.encoding, line.error) == ("b", CURLED, "Windows-1252", None)
    assert row_of(line) == {"line": line.number, "id": "b", "encoding": "Windows-1252"}


def test_a_row_in_another_encoding_is_bad_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    russian = "\u041c\u0435\u043d\u044f \u0437\u043e\u0432\u0443\u0442"
    path.write_bytes(
        b"id,dialogue\n" + f"a,{A}\n".encode() + f"b,{A} {russian}\n".encode("koi8-r") + f"c,{C}\n".encode()
    )
    assert [(line.dialogue, line.error) for line in read_lines(path)] == [
        (A, None),
        ("", "not UTF-8; save the file as UTF-8"),
        (C, None),
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", ["in.csv", "in.jsonl", "in.ndjson"])
def test_a_batch_in_utf_16_is_read_without_a_guess(name: str, encoding: str, tmp_path: Path) -> None:
    text = f"id,dialogue\nb,{CURLED}\n" if name == "in.csv" else json.dumps({"id": "b", "dialogue": CURLED}) + "\n"
    (tmp_path / name).write_bytes(text.encode(encoding))
    [line] = read_lines(tmp_path / name)
    assert (line.id, line.dialogue, line.encoding) == ("b", CURLED, None)


def test_a_workbook_without_the_column_is_refused(tmp_path: Path) -> None:
    book = Workbook()
    for row in (["number", "talk"], [1, A]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(UserError, match=r"a\.xlsx has no column 'dialogue'"):
        list(read_lines(tmp_path / "a.xlsx"))


def test_a_file_without_the_column_is_refused() -> None:
    for text in ("", "\n\n", "id,text\n1,a\n", "\0\ud800", '"'):
        with pytest.raises(UserError, match="has no column 'dialogue'"):
            list(text_lines(text))
