"""A dialogue out of a file that was chosen, and the rows of a batch as a file to save."""

import csv
import io
import json

import pytest

from medsum.core.errors import UserError
from medsum.serve.downloads import as_csv
from medsum.serve.opening import opened

DIALOGUE = "Doctor: Any pain?\nPatient: No, none."


VISITS = [{"dialogue": DIALOGUE}, {"dialogue": "Patient: Another."}]


SEGMENTS = [{"speaker": "Doctor", "text": "Any pain?"}, {"speaker": "Patient", "text": "No, none."}]


@pytest.mark.parametrize(
    "text",
    [
        DIALOGUE, json.dumps({"dialogue": DIALOGUE}), json.dumps([{"dialogue": DIALOGUE}]),
        f'\ufeffid,dialogue\n1,"{DIALOGUE}"\n', f'sep=;\nid;dialogue\n1;"{DIALOGUE}"\n',
        json.dumps({"segments": SEGMENTS}),
    ],
)  # fmt: skip
def test_the_one_dialogue_of_a_file_is_found(text: str) -> None:
    assert opened(text) == (DIALOGUE, "Read as 2 turns of Doctor and Patient.")


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(VISITS), "\n".join(map(json.dumps, VISITS)), json.dumps({"data": VISITS}),
        f'\ufeffid,dialogue\n1,"{DIALOGUE}"\n2,Patient: Another.\n',
        f'id;dialogue\n1;"{DIALOGUE}"\n2;Patient: Another.\n', f'dialogue\n"{DIALOGUE}"\n"{DIALOGUE}"\n',
    ],
)  # fmt: skip
def test_two_visits_never_become_one(text: str) -> None:
    with pytest.raises(
        UserError, match=r"holds 2 records, and a note describes one visit; summarise them with .*--batch"
    ):
        opened(text)


@pytest.mark.parametrize(
    "text", [" \n", "[]", "{}", "[1]", '{"dialogue": 1}', "[" * 100_000, "id,dialogue\n1\n", "nan"]
)
def test_a_file_without_a_dialogue_is_told_in_a_sentence(text: str) -> None:
    with pytest.raises(UserError) as refused:
        opened(text)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n=", " =", "\u00a0=", "\u200b@", "\x00=", "\uff1d", "\uff0b", "\uff0d",
              "\uff20", "\ufeff=", "\n x"],
)  # fmt: skip
def test_no_cell_runs_as_a_formula(start: str) -> None:
    [row] = csv.DictReader(io.StringIO(as_csv([{"line": 1, "id": f"{start}1", "summary": "-5 kg"}]), newline=""))
    assert row["id"] == f"'{start}1"
    assert row["summary"] == "'-5 kg"


@pytest.mark.parametrize("text", ["No fever - none.", "5 = 5", "(-5)", "", "\u00b11 kg", "a\n=b"])
def test_a_cell_that_no_spreadsheet_runs_stays_as_it_is(text: str) -> None:
    [row] = csv.DictReader(io.StringIO(as_csv([{"line": 1, "id": "a", "summary": text}]), newline=""))
    assert row["summary"] == text
