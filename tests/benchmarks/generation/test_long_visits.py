"""The long visits are what their README says, and the measurement counts rightly."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.generation.long_visits import VISITS, contradicting, kept, of_allergies, read_visits, still_apart, twice
from medsum.dialogue.section_headers import SECTION_HEADERS
from medsum.dialogue.sentences import sentences
from medsum.dialogue.turns import spoken_text, turn_speaker
from medsum.generation.merging import Output
from tests.conftest import ROOT

READ = read_visits(VISITS)


def test_twenty_visits_have_1000_to_6000_words_and_three_over_3000() -> None:
    words = [len(spoken_text(visit.dialogue).split()) for visit in READ]
    assert len(words) == 20
    assert all(1000 <= count <= 6000 for count in words)
    assert sum(count > 3000 for count in words) >= 3
    assert {f"{visit.id}.txt" for visit in READ} == {file.name for file in VISITS.glob("*.txt")}


def test_every_visit_states_what_its_side_file_names() -> None:
    for visit in READ:
        assert {turn_speaker(turn) for turn in visit.dialogue.split("\n")} >= {"Doctor"}
        assert set(visit.sections) <= SECTION_HEADERS.keys()
        names = [*visit.medications, *visit.allergies]
        assert kept(names, visit.dialogue) == len(names) == len(set(names))


def test_no_two_visits_share_a_long_sentence() -> None:
    said = [
        sentence
        for visit in READ
        for sentence in {visit.dialogue[start:end].strip() for start, end in sentences(visit.dialogue)}
        if len(sentence.split()) > 12
    ]
    assert len(said) == len(set(said)) > 500


def test_sentences_that_stand_twice_or_contradict_are_counted() -> None:
    assert twice(["No fever. Cough.", "No fever! Rash. Cough."]) == 2
    assert contradicting([["Denies fever."], ["Reports fever.", "Cough."], ["Has fever and cough."]]) == 2
    assert contradicting([["Denies fever.", "Reports fever."]]) == 0  # written together: flagged, not merged


def test_a_sentence_is_counted_where_it_comes_from() -> None:
    outputs = [[Output("CC", 0, "Cough. Rash."), Output("CC", 1, "Hives. Cough.")]]
    assert list(still_apart(outputs, ["Cough. Rash. Hives."])) == [["Cough.", "Rash."], ["Hives."]]


def test_an_allergy_counts_where_the_note_calls_it_one() -> None:
    rows = [
        {"section": "GENHX", "summary": "Takes aspirin. Allergic to penicillin."},
        {"section": "ALLERGY", "summary": "Sulfa."},
    ]
    said = of_allergies({"sections": rows})
    assert kept(["penicillin", "Sulfa", "aspirin"], said) == 2


@pytest.mark.long
def test_the_script_measures_a_tiny_model_and_goes_on_where_it_was_stopped(tiny_causal: Path, tmp_path: Path) -> None:
    visits = tmp_path / "visits"
    visits.mkdir()
    for name in ("a", "b"):
        (visits / f"{name}.txt").write_text("Doctor: What do you take?\nPatient: Lisinopril.\n" * 3, encoding="utf-8")
    stated = {"medications": ["lisinopril"], "allergies": ["latex"], "sections": ["MEDICATIONS"]}
    (visits / "stated.json").write_text(json.dumps({"a": stated, "b": stated}), encoding="utf-8")
    output = tmp_path / "rows.jsonl"
    words = ["--base", str(tiny_causal), "--visits", str(visits), "--output", str(output)]
    command = [sys.executable, "-m", "benchmarks.generation.long_visits", *words]
    for only, there in ((["--only", "a"], ["a"]), ([], ["a", "b"])):
        done = subprocess.run([*command, *only], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stderr
        rows = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
        assert [row["id"] for row in rows] == there
        assert ("a: 15 words" in done.stdout) == (len(there) == 1)
        assert [line.split()[0] for line in done.stdout.splitlines() if "twice" in line] == ["twice_written", "twice"]
    assert all(row["twice"] == row["contradicting"] == 0 for row in rows)
    assert {row["medications"] for row in rows} == {1}
