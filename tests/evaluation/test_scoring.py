"""A row of scores a record, without a word of what was scored."""

import json
import re
from pathlib import Path

from medsum.dialogue.record import Record, read_records
from medsum.evaluation.scoring import FAITHFULNESS, METRICS, score_texts
from tests.conftest import run_stage

RECORDS = [
    Record("a", "Doctor: Any fever?\nPatient: No fever at all.", "No fever.", "ROS", "test"),
    Record("b", "Patient: I take aspirin every day.", "Takes aspirin daily.", None, "test"),
]


def test_a_row_counts_words_and_names_its_record() -> None:
    rows = score_texts(RECORDS, ["No fever.", "aspirin"], stemmer=False)
    # Spoken words: Any fever? No fever at all. = 6; I take aspirin every day. = 5.
    assert [[row[n] for n in ("id", "section", "dialogue_words", "prediction_words")] for row in rows] == [
        ["a", "ROS", 6, 2],
        ["b", None, 5, 1],
    ]
    assert [row["reference_words"] for row in rows] == [2, 3]
    assert [row["length_ratio"] for row in rows] == [1, 0.3333]
    assert [row["compression"] for row in rows] == [0.3333, 0.2]
    # aspirin of Takes aspirin daily: P 1, R 1/3, F 1/2.
    assert [row["rouge1"] for row in rows] == [1, 0.5]
    assert all(set(METRICS) - {"bertscore", *FAITHFULNESS} <= row.keys() for row in rows)


def word_sequences(text: str) -> set[tuple[str, ...]]:
    """Every four words in a row."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[start : start + 4]) for start in range(len(words) - 3)}


def test_no_four_words_of_a_patient_reach_the_files_that_git_tracks(tiny_project: Path) -> None:
    for stage in ("check", "prepare", "split"):
        assert run_stage(tiny_project, stage).returncode == 0
    records = read_records(tiny_project / "data/splits/test.jsonl")
    (tiny_project / "data/predictions").mkdir(exist_ok=True)
    for model, texts in {"baseline": [r.dialogue for r in records], "finetuned": [r.summary for r in records]}.items():
        rows = [json.dumps({"id": r.id, "text": text}) + "\n" for r, text in zip(records, texts, strict=True)]
        (tiny_project / f"data/predictions/{model}.jsonl").write_text("".join(rows), encoding="utf-8")
    for stage in ("evaluate", "error_analysis"):
        done = run_stage(tiny_project, stage)
        assert done.returncode == 0, done.stderr

    everyone = read_records(tiny_project / "data/processed/records.jsonl")
    private = set().union(*(word_sequences(text) for r in everyone for text in (r.dialogue, r.summary)))
    tracked = [file for folder in ("metrics", "plots") for file in (tiny_project / folder).rglob("*.*")]
    shown = {file.name: word_sequences(file.read_text(encoding="utf-8")) for file in tracked}
    wanted = {"splits.json", "evaluation.json", "by_length.csv", "by_category.csv"}
    assert wanted <= shown.keys()
    assert {name: found & private for name, found in shown.items() if found & private} == {}
    report = (tiny_project / "reports/error_analysis.md").read_text(encoding="utf-8")
    assert word_sequences(report) & private  # the search finds words where there are some
