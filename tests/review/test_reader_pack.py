"""Pairs for blind readers: what the page shows and hides, and what their answers come to."""

import csv
import json
import re
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from medsum.core.errors import UserError
from medsum.review.reader_answers import Key, agreement, inventing, majority, preference, read_answers
from medsum.review.reader_questions import COLUMNS
from tests.conftest import ROOT, run_module

HOSTILE = "Patient: <script>window.hacked = 1</script><img src=x onerror=1>"
MODELS = ("plain", "tuned")


def write_lines(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def files(folder: Path, records: int = 8) -> tuple[Path, list[Path]]:
    """Records, and the summaries of two models, which are equal for the last record."""
    numbers = range(records)
    dialogues = [f"Doctor: How is visit {n}?\n{HOSTILE if n == 0 else 'Patient: Fine.'}" for n in numbers]
    rows = [{"id": f"r{n}", "dialogue": dialogues[n], "summary": f"Visit {n}."} for n in numbers]
    predictions = [
        write_lines(
            folder / f"{model}.jsonl",
            [{"id": f"r{n}", "text": f"{'Same' if n == records - 1 else model[0]} note {n}"} for n in numbers],
        )
        for model in MODELS
    ]
    return write_lines(folder / "records.jsonl", rows), predictions


def pack(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    records, predictions = files(folder)
    return run_module(
        ROOT, "medsum.review.reader_pack", *map(str, predictions), "--records", str(records),
        "--output", str(folder / "out"), *words,
    )  # fmt: skip


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pack")
    done = pack(folder)
    assert done.returncode == 0, done.stderr
    assert "the notes of only 7 records differ" in done.stdout
    return folder / "out"


def key_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "reader_pack_key.json").read_text(encoding="utf-8"))
    return found


def test_the_page_names_no_model_and_no_record(packed: Path) -> None:
    html = (packed / "reader_pack.html").read_text(encoding="utf-8")
    assert not re.search(r"plain|tuned|\br\d\b", html)
    assert html.count("<article") == 7


def test_the_page_loads_nothing_and_escapes_every_text(packed: Path) -> None:
    html = (packed / "reader_pack.html").read_text(encoding="utf-8")
    assert not re.search(r"(?:src|href)\s*=\s*[\"']|https?:|@import|url\(", html)
    assert html.count("<script") == 1
    assert "&lt;script&gt;window.hacked" in html
    assert "default-src 'none'" in unescape(html)


def test_each_model_is_first_in_half_of_the_pairs_as_the_key_says(packed: Path) -> None:
    html = (packed / "reader_pack.html").read_text(encoding="utf-8")
    shown = re.findall(r'<p class="text">(\w) note', html)
    key = key_of(packed)
    assert [shown[2 * n] for n in range(7)] == [row["first"][0] for row in key["pairs"]]
    assert sorted(shown[::2].count(letter) for letter in "pt") == [3, 4]
    assert "r7" not in {row["record"] for row in key["pairs"]}


def test_a_pack_is_never_overwritten_because_answers_need_its_key(packed: Path) -> None:
    before = key_of(packed)
    done = run_module(
        ROOT, "medsum.review.reader_pack", *(str(packed.parent / f"{model}.jsonl") for model in MODELS),
        "--records", str(packed.parent / "records.jsonl"), "--output", str(packed), "--seed", "2",
    )  # fmt: skip
    assert done.returncode == 1
    assert "exists already" in done.stderr
    assert key_of(packed) == before


def test_a_seed_gives_the_same_pack_and_another_seed_another_order(packed: Path, tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    (tmp_path / "other").mkdir()
    assert pack(tmp_path / "again").returncode == pack(tmp_path / "other", "--seed", "2").returncode == 0
    assert key_of(tmp_path / "again/out") == key_of(packed)
    assert key_of(tmp_path / "other/out")["pairs"] != key_of(packed)["pairs"]


def answers(packed: Path, reader: str, model: str, /, **changed: str) -> Path:
    """The CSV of a reader who prefers a model on all pairs; `changed` sets columns of pair 1."""
    key = key_of(packed)
    path = packed.parent / f"{reader}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for row in key["pairs"]:
            place, other = ("first", "second") if row["first"] == model else ("second", "first")
            cells = {"pack": key["pack"], "reader": reader, "pair": row["pair"], "sign": place, "invents": other}
            cells |= {"omits": other, "comment": ""}
            writer.writerow(cells | (changed if row["pair"] == 1 else {}))
    return path


def read_back(packed: Path, *paths: Path) -> subprocess.CompletedProcess[str]:
    return run_module(
        ROOT, "medsum.review.reader_answers", str(packed / "reader_pack_key.json"), *map(str, paths),
        "--output", str(packed.parent / "figures.json"),
    )  # fmt: skip


def test_readers_who_prefer_a_model_are_counted_for_it_on_every_pair(packed: Path) -> None:
    done = read_back(packed, answers(packed, "Ada", "tuned"), answers(packed, "Ben", "tuned", sign="equal"))
    assert done.returncode == 0, done.stderr
    found = json.loads((packed.parent / "figures.json").read_text(encoding="utf-8"))
    sign = found["sign"]["majority"]
    assert sign == {
        "pairs": 7, "preferred": {"plain": 0, "tuned": 6}, "ties": 1, "share": 1.0, "interval": [0.6097, 1.0]
    }  # fmt: skip
    assert found["invents"]["plain"]["notes"] == 7
    assert found["invents"]["tuned"]["notes"] == 0
    assert found["omits"]["preferred"] == {"plain": 7, "tuned": 0}
    assert found["agreement"]["sign"]["Ada and Ben"]["same"] == 6
    assert "share of tuned: 1.00 [0.61, 1.00]" in done.stdout


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"pack": "0"}, "different packs"),
        ({"pair": "99"}, "no such pair"),
        ({"pair": "9" * 5_000}, "no such pair"),
        ({"pair": "2"}, "pair 2 occurs twice"),
        ({"sign": "Note 1"}, "sign is none of first, second, equal"),
        ({"reader": "Cy"}, "answers of 2 readers"),
    ],
)
def test_wrong_answers_are_refused_in_one_sentence(packed: Path, changed: dict[str, str], said: str) -> None:
    done = read_back(packed, answers(packed, "Dee", "plain", **changed))
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_answers_with_a_line_break_of_old_macs_are_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(f"{','.join(COLUMNS)}\r\n0,Ada,1,fir\rst\r\n".encode())
    with pytest.raises(UserError, match="sign is none of"):
        read_answers(path, Key("0", MODELS, {1: "plain"}))


def test_the_key_turns_places_into_models() -> None:
    key = Key("0", MODELS, {1: "plain", 2: "tuned"})
    assert [key.unblinded(pair, place) for pair in (1, 2) for place in ("first", "second", "both")] == [
        "plain", "tuned", "both", "tuned", "plain", "both"
    ]  # fmt: skip


def test_the_majority_decides_and_a_draw_is_a_tie() -> None:
    three = [{1: "tuned", 2: "tuned"}, {1: "tuned", 2: "plain"}, {1: "plain"}]
    assert majority(three) == {1: "tuned", 2: "equal"}
    assert preference({}, MODELS)["share"] is None


def test_a_note_invents_if_more_than_half_of_the_readers_say_so() -> None:
    found = inventing([{1: "both", 2: "tuned"}, {1: "plain", 2: "neither"}], MODELS)
    assert {model: row["notes"] for model, row in found.items()} == {"plain": 1, "tuned": 0}


def test_kappa_is_that_of_a_table_computed_by_hand() -> None:
    """Cohen 1960: observed .75, expected .5."""
    one, other = {1: "a", 2: "a", 3: "b", 4: "b"}, {1: "a", 2: "a", 3: "b", 4: "a", 5: "b"}
    assert agreement(one, other) == {"pairs": 4, "same": 3, "kappa": 0.5}
    assert agreement({1: "a"}, {1: "a"})["kappa"] is None
