"""Claims on raw files: encodings, quoting, line numbers, and errors that name the place but quote nothing."""

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsum.core.errors import UserError
from medsum.corpus.columns import resolved
from medsum.corpus.raw import official_split, raw_files, read_rows, splits_by_name
from medsum.corpus.tables import ERROR
from medsum.params.data import Columns

cells = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
awkward_cells = st.lists(st.sampled_from(['"', ",", "\n", "\r", "\r\n", "a", " ", "'"]), max_size=6).map("".join)


COLUMNS = Columns(id="ID", dialogue="dialogue", summary="section_text", section="section_header", split="split")


def values(file: Path, columns: Columns | None = None) -> list[dict[str, str]]:
    """The rows of a file; raises UserError for the first that is broken, or lacks one of `columns`."""
    found = []
    for row in read_rows(file):
        if ERROR in row.values:
            raise UserError(row.values[ERROR])
        if columns:
            resolved(list(row.values), columns, row.place)
        found.append(row.values)
    return found


def lines(file: Path) -> list[int]:
    return [row.line for row in read_rows(file)]


def written(folder: Path, content: str | bytes, name: str = "visits.csv") -> Path:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_byte_order_mark_and_any_line_end_change_nothing(tmp_path: Path, mark: bytes, end: str) -> None:
    file = written(tmp_path, mark + f"ID,note{end}1,é{end}2,b{end}".encode())
    assert values(file) == [{"ID": "1", "note": "é"}, {"ID": "2", "note": "b"}]
    assert lines(file) == [2, 3]


def test_a_quoted_cell_may_hold_commas_quotes_and_lines(tmp_path: Path) -> None:
    file = written(tmp_path, 'ID,note\n1,"a, ""b""\nc"\n')
    assert values(file) == [{"ID": "1", "note": 'a, "b"\nc'}]


def test_a_row_is_named_by_the_line_where_it_starts(tmp_path: Path) -> None:
    file = written(tmp_path, 'ID,note\n1,"a\nb\nc"\n\n2,d\n"3\n","e"\n4,f\n')
    assert lines(file) == [2, 6, 7, 9]


@given(st.lists(st.tuples(cells | awkward_cells, cells | awkward_cells), min_size=1))
def test_what_a_csv_writer_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    file = tmp_path_factory.getbasetemp() / "round_trip.csv"
    with file.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([("ID", "note"), *rows])
    read = list(read_rows(file))
    assert [(row.values["ID"], row.values["note"]) for row in read] == rows
    assert [row.line for row in read] == starting_lines(rows)


def starting_lines(rows: list[tuple[str, str]]) -> list[int]:
    """Lines at which the rows start: a row is as long as the line breaks in its cells, and one more."""
    breaks = [sum(len(cell.replace("\r\n", "\n").replace("\r", "\n").split("\n")) - 1 for cell in row) for row in rows]
    return [2 + index + sum(breaks[:index]) for index in range(len(rows))]


def test_json_lines_are_objects_and_keep_their_line_numbers(tmp_path: Path) -> None:
    file = written(tmp_path, '{"ID": 1, "note": "a\u2028b"}\r\n\r\n{"ID": 2, "note": null}\n', "visits.jsonl")
    assert values(file) == [{"ID": 1, "note": "a\u2028b"}, {"ID": 2, "note": None}]
    assert lines(file) == [1, 3]


@given(st.lists(st.dictionaries(cells, cells | st.none() | st.integers()), min_size=1))
def test_what_a_json_writer_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str | int | None]]
) -> None:
    file = tmp_path_factory.getbasetemp() / "round_trip.jsonl"
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8", newline="")
    assert [row.values for row in read_rows(file)] == rows


@pytest.mark.parametrize("content", [b"", b" \n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"])
@pytest.mark.parametrize("name", ["visits.csv", "visits.jsonl"])
def test_a_file_without_content_is_an_error_that_names_it(tmp_path: Path, name: str, content: bytes) -> None:
    with pytest.raises(UserError, match=rf"{name} (is empty|has no rows); fill it"):
        values(written(tmp_path, content, name))


def test_a_header_alone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"visits\.csv has no rows"):
        values(written(tmp_path, "ID,note\n"))


def test_a_missing_column_is_named_beside_those_that_are_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"visits\.csv, line 2: no column 'dialogue'; it has ID, note: rename"):
        values(written(tmp_path, "ID,note\n1,a\n"), COLUMNS)


def test_a_cell_of_text_in_the_header_is_not_quoted(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="it has ID, note, 1 name of several words: rename") as caught:
        values(written(tmp_path, "ID,note,Zebulon coughs\n1,a,b\n"), COLUMNS)
    assert "Zebulon" not in str(caught.value)


@pytest.mark.parametrize("note", ["Never smoked.", "word " * 30, "one\ntwo"])
def test_a_file_without_a_header_quotes_no_row(tmp_path: Path, note: str) -> None:
    file = tmp_path / "visits.csv"
    with file.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([(1, note, "Doctor: Xylophone?\nPatient: No."), (2, "b", "Doctor: c")])
    with pytest.raises(UserError) as raised:
        values(file, COLUMNS)
    assert "no column 'ID'; line 1 does not look like a header" in str(raised.value)
    assert "Xylophone" not in str(raised.value)
    assert note not in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("line_3", ["2", "2,b,c"])
def test_a_row_with_too_few_or_too_many_cells_is_named(tmp_path: Path, line_3: str) -> None:
    with pytest.raises(UserError, match=r"line 3: \d cells, but the header has 2; quote cells"):
        values(written(tmp_path, f"ID,note\n1,a\n{line_3}\n"))


def test_a_column_that_stands_twice_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="line 1: column 'note' exists twice"):
        values(written(tmp_path, "ID,note,note\n1,a,b\n"))


@pytest.mark.parametrize("row", ['2,"b', '2,"b"c', '2,"b\n3,c\n'])
def test_broken_quotes_are_named_by_the_line_where_the_row_starts(tmp_path: Path, row: str) -> None:
    with pytest.raises(UserError, match=r"visits\.csv, line 4: not valid CSV \(.*\); correct the quotes"):
        values(written(tmp_path, f'ID,note\n1,"a\nb"\n{row}'))


def test_a_file_in_windows_1252_is_read_and_told(tmp_path: Path) -> None:
    said: list[str] = []
    file = written(tmp_path, "ID,note\n1,caf\u00e9 \u2019s\n".encode("cp1252"))
    assert [row.values for row in read_rows(file, said)] == [{"ID": "1", "note": "caf\u00e9 \u2019s"}]
    assert said == [
        f"{file} is not UTF-8 and is read as Windows-1252; check its special characters, or save it as UTF-8"
    ]


def test_bytes_of_no_known_encoding_are_named_with_line_and_byte(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"visits\.csv, line 2: not UTF-8 at byte 10 \(0x81\); save the file as UTF-8"):
        values(written(tmp_path, b"ID,note\n1,\x81\x8d\n"))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_in_utf_16_is_read(tmp_path: Path, encoding: str) -> None:
    assert values(written(tmp_path, "ID,note\n1,caf\u00e9\n".encode(encoding))) == [{"ID": "1", "note": "caf\u00e9"}]


def test_a_nul_byte_is_named_with_line_and_byte(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"visits\.csv, line 3: NUL byte at byte 14"):
        values(written(tmp_path, b"ID,note\n1,a\n2,\0\n"))


def test_an_invalid_json_line_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"line 2: not valid JSON \(.* at column \d+\); correct that line"):
        values(written(tmp_path, '{"ID": 1}\n{"ID": 2,}\n', "visits.jsonl"))
    with pytest.raises(UserError, match="object 1: no JSON object; write one"):
        values(written(tmp_path, '["ID", 1]\n', "visits.jsonl"))


def test_data_files_come_in_order_of_name_and_what_is_not_read_is_named(tmp_path: Path) -> None:
    for name in ("b.CSV", "a.jsonl", "README.md", "c.csv.bak", "d.tsv", "e.xlsx", "part/train.csv", "._b.CSV"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "link.csv").symlink_to("nowhere.csv")
    (tmp_path / "folder.csv").mkdir()
    source = raw_files(tmp_path)
    names = [file.relative_to(tmp_path).as_posix() for file in source.files]
    assert names == ["a.jsonl", "b.CSV", "d.tsv", "e.xlsx", "part/train.csv"]
    unread = {path.name: reason.partition(";")[0] for path, reason in source.unread.items()}
    assert unread == {
        "c.csv.bak": "not of a known kind", "._b.CSV": "a side file that macOS wrote for another file",
        "link.csv": "a broken link", "folder.csv": "a folder with the name of a file",
    }  # fmt: skip


def test_a_folder_without_data_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "README.md").touch()
    with pytest.raises(UserError, match=r"holds no data; put at least one \.csv, \.jsonl, \.json or \.xlsx file there"):
        raw_files(tmp_path)


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("MTS-Dialog-TrainingSet.csv", "train"),
        ("MTS-Dialog-ValidationSet.csv", "validation"),
        ("MTS-Dialog-TestSet-1-MEDIQA-Chat-2023.csv", "test"),
        ("train.jsonl", "train"),
        ("my_valid.csv", "validation"),
        ("TEST.csv", "test"),
        ("dialogues.csv", None),
        ("train-and-test.csv", None),
        ("latest.csv", None),
        ("contested_visits.csv", None),
        ("testosterone.csv", None),
        ("lab_test_visits.csv", None),
        ("dev.csv", "validation"),
        ("val.csv", "validation"),
        ("test/part-0.csv", "test"),
    ],
)
def test_the_name_of_a_file_may_say_its_split(name: str, split: str | None) -> None:
    assert official_split(Path(name)) == split


def test_a_test_by_name_alone_makes_no_split() -> None:
    assert splits_by_name([Path("test.csv"), Path("visits.csv")]) == {Path("test.csv"): None, Path("visits.csv"): None}
    assert set(splits_by_name([Path("test.csv"), Path("train.csv")]).values()) == {"train", "test"}
