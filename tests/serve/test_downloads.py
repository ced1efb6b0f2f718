"""A dialogue out of a file that was chosen, and the rows of a batch as a file to save."""

import csv
import io
import json

import pytest

from medsum.core.errors import UserError
from medsum.serve.downloads import as_csv
from medsum.serve.opening import opened

DIALOGUE = "Doctor: Any pain?\nPatient: No, none."


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("visit.txt", DIALOGUE),
        ("visit.JSON", json.dumps({"dialogue": DIALOGUE})),
        ("visits.json", json.dumps([{"dialogue": DIALOGUE}, {"dialogue": "Patient: Another."}])),
        ("visits.csv", f'\ufeffid,dialogue\n1,"{DIALOGUE}"\n2,Patient: Another.\n'),
    ],
)
def test_the_first_dialogue_of_a_file_is_found(name: str, text: str) -> None:
    dialogue, said = opened(text, name)
    assert dialogue == DIALOGUE
    assert ("first of the file's 2 dialogues" in said) == name.startswith("visits")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", " \n"), ("a.json", "{"), ("a.json", "[]"), ("a.json", '"text"'), ("a.json", '{"dialogue": 1}'),
        ("a.json", "[" * 100_000), ("a.csv", "id,dialogue\n"), ("a.csv", "id,dialogue\n1\n"),
    ],
)  # fmt: skip
def test_a_file_without_a_dialogue_is_told_in_a_sentence(name: str, text: str) -> None:
    with pytest.raises(UserError, match="that file holds no dialogue; in JSON and CSV it is called 'dialogue'"):
        opened(text, name)


def test_no_cell_runs_as_a_formula() -> None:
    starts = "=+-@\t\r"
    rows = [{"line": n, "id": f"{start}1", "summary": "-5 kg"} for n, start in enumerate(starts)]
    read = list(csv.DictReader(io.StringIO(as_csv(rows), newline="")))
    assert [row["id"] for row in read] == [f"'{start}1" for start in starts]
    assert {row["summary"] for row in read} == {"'-5 kg"}
