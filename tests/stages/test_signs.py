"""With a tokenizer that has FLAN-T5's gaps: training counts and stops, serving tells; nothing is lost silently."""

import json
from pathlib import Path
from typing import Any

import pytest
from tokenizers import Tokenizer

from medsum.core.atomic import write_jsonl
from medsum.model.loading import load_base
from tests.conftest import run_script, run_stage, set_params
from tests.signs.tokenizers_at_hand import like_t5

DIALOGUE = "Doctor: Take ½ tablet of 50 µg, and keep the A1c <7.\nPatient: Okay, I will."
PLAIN = "Doctor: Take 1/2 tablet of 50 mcg, and keep the A1c less than 7.\nPatient: Okay, I will."
UNKNOWN = "U+221A SQUARE ROOT"


@pytest.fixture
def gappy(ready: Path) -> Path:
    """A project ready to train whose base has a look-alike of FLAN-T5's tokenizer, and signs in two records."""
    base, pieces = ready / "models/base/tiny", like_t5()
    pieces.save(str(base / "tokenizer.json"))
    model: Any = load_base(base)
    model.resize_token_embeddings(max(pieces.get_vocab().values()) + 4)  # and those that its config names
    model.save_pretrained(base)
    set_params(ready, **{"train.num_epochs": 1})
    change(ready, 0, dialogue=DIALOGUE, summary="Take ½ tablet of 50 µg.")
    change(ready, 1, summary="A1c ≤7.")
    return ready


def change(project: Path, place: int, **values: str) -> None:
    file = project / "data/splits/train.jsonl"
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    rows[place] |= values
    write_jsonl(file, rows)


def report(project: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((project / "reports/train.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.slow
def test_training_writes_signs_out_and_counts_them(gappy: Path) -> None:
    result = run_stage(gappy, "train")
    assert result.returncode == 0, result.stderr
    found = report(gappy)
    assert (found["signs_written_out"], found["signs_dropped"], found["records_with_signs"]) == (6, 0, 2)


@pytest.mark.slow
def test_training_stops_at_a_sign_that_no_rule_covers_until_told_to_drop_it(gappy: Path) -> None:
    change(gappy, 2, summary="√ CBC. Zebulon.")
    result = run_stage(gappy, "train")
    assert result.returncode == 1
    assert result.stderr.rstrip().count("\n") == 0
    assert result.stderr.startswith("Error: 1 of 24 records have signs that the base's tokenizer loses and no rule")
    assert f"{UNKNOWN}; replace them by words in the data, or set prompt.unknown_signs to drop" in result.stderr
    assert "Zebulon" not in result.stderr
    assert not (gappy / "models/finetuned").exists()
    set_params(gappy, **{"prompt.unknown_signs": "drop"})
    assert run_stage(gappy, "train").returncode == 0
    assert report(gappy)["signs_dropped"] == 1


def summarize(project: Path, *args: str) -> tuple[str, str]:
    result = run_script(project, "summarize.py", "--model", "baseline", "--section", "PLAN", *args)
    assert result.returncode == 0, result.stderr
    return result.stdout, result.stderr


@pytest.mark.slow
def test_the_command_line_tells_what_the_model_cannot_read(gappy: Path) -> None:
    summary, said = summarize(gappy, "--input", DIALOGUE)
    read, told = said.splitlines()
    assert read == "Read as 2 turns of Doctor and Patient."
    assert told == "Signs of the dialogue that the model cannot read were written in words: 3."
    assert summarize(gappy, "--input", PLAIN) == (summary, f"{read}\n")
    note, said = summarize(gappy, "--json", "--input", DIALOGUE + " √")
    assert json.loads(note)["signs"] == {"written_out": 3, "left_out": [UNKNOWN]}
    assert said.splitlines()[2] == f"Signs of the dialogue that the model cannot read were left out: {UNKNOWN}."
    assert "signs" not in json.loads(summarize(gappy, "--json", "--input", PLAIN)[0])


@pytest.mark.slow
def test_a_batch_tells_it_in_its_rows_and_at_its_end(gappy: Path) -> None:
    write_jsonl(gappy / "in.jsonl", [{"dialogue": PLAIN}, {"dialogue": DIALOGUE}, {"dialogue": PLAIN + " √"}])
    _, said = summarize(gappy, "--batch", "in.jsonl", "--output", "out.jsonl")
    rows = [json.loads(line) for line in (gappy / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row.get("signs") for row in rows] == [
        None,
        {"written_out": 3, "left_out": []},
        {"written_out": 0, "left_out": [UNKNOWN]},
    ]
    assert rows[0]["summary"] == rows[1]["summary"]
    told = [line for line in said.splitlines() if "in.jsonl" in line]
    assert told == [
        "in.jsonl, line 2: Signs of the dialogue that the model cannot read were written in words: 3.",
        f"in.jsonl, line 3: Signs of the dialogue that the model cannot read were left out: {UNKNOWN}.",
    ]


def test_predictions_are_of_the_text_in_words_and_name_what_is_left_out(gappy: Path) -> None:
    write_jsonl(gappy / "data/splits/test.jsonl", [{"id": n, "dialogue": d} for n, d in enumerate((PLAIN, DIALOGUE))])
    result = run_stage(gappy, "predict", "baseline")
    assert result.returncode == 0, result.stderr
    rows = (gappy / "data/predictions/baseline.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(rows[0])["text"] == json.loads(rows[1])["text"]
    assert "left out" not in result.stderr
    write_jsonl(gappy / "data/splits/test.jsonl", [{"id": 1, "dialogue": PLAIN + " √"}])
    assert f"cannot read were left out: {UNKNOWN}" in run_stage(gappy, "predict", "baseline").stderr


def test_the_look_alike_loses_the_signs_by_itself(gappy: Path) -> None:
    tokenizer = Tokenizer.from_file(str(gappy / "models/base/tiny/tokenizer.json"))
    assert tokenizer.decode(tokenizer.encode("50 µg, A1c <7, ½").ids) == "50 g, A1c 7, 12"
