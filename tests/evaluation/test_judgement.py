"""What an encoder reads in summaries, in chunks of records."""

import json
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from medsum.dialogue.record import Record
from medsum.evaluation import judgement
from medsum.evaluation.judgement import Judge

DIALOGUE = "Doctor: Any fever?\nPatient: No fever. I take aspirin, 81 milligrams a day, for my heart."
REFERENCE = "No fever. Takes aspirin 81 mg daily."
SUMMARIES = ["No fever. Takes aspirin 18 mg daily.", "", "Takes metoprolol."]
RECORDS = [Record(str(n), DIALOGUE, REFERENCE, "MEDICATIONS", "test") for n in range(len(SUMMARIES))]


@pytest.fixture(scope="module")
def judge(tiny_encoder: Path) -> Judge:
    return Judge(tiny_encoder, 2, 8, tiny_encoder, 2, findings=True)


def test_chunks_change_nothing(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    together = judge.rows(RECORDS, SUMMARIES)
    monkeypatch.setattr(judgement, "CHUNK", 2)
    assert judge.rows(RECORDS, SUMMARIES) == together


@pytest.mark.slow
def test_another_process_loads_the_encoders_itself_and_says_the_same(judge: Judge) -> None:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        assert pool.submit(judge.rows, RECORDS, SUMMARIES).result() == judge.rows(RECORDS, SUMMARIES)


def test_what_scores_depend_on_is_said(judge: Judge) -> None:
    others = (
        judge._replace(**change)
        for change in ({"findings": False}, {"scorer_layer": 1}, {"words_layer": 1}, {"stemmer": True})
    )
    assert len({judge.identity(), *(other.identity() for other in others)}) == 5


def test_rows_count_facts_place_errors_and_name_turns_of_sentences(judge: Judge) -> None:
    wrong, empty, invented = judge.rows(RECORDS, SUMMARIES)
    (dose,) = [error for error in wrong["errors"] if error["of"] == "summary"]
    assert (SUMMARIES[0][dose["start"] : dose["end"]], dose["category"]) == ("18 mg", "medication")
    assert (dose["reason"], dose["turns"]) == ("“18 mg”: the dialogue says 81 mg", (1,))
    assert (wrong["contradicted_facts"], invented["unsupported_facts"]) == (1, 1)
    assert [row["turns"] for row in wrong["sentences"]][-1] == (1,)
    assert (empty["omission"], empty["factual_f1"], empty["sentences"]) == (1.0, 0.0, [])
    assert {error["category"] for error in empty["errors"]} == {"degenerate", "omission"}
    assert json.loads(json.dumps(wrong))["errors"][0]["reason"]  # a row can be written as JSON


def test_floors_get_the_same_scores_without_findings(judge: Judge) -> None:
    whole = judge.rows(RECORDS, SUMMARIES)
    plain = judge._replace(findings=False).rows(RECORDS, SUMMARIES)
    findings = {"errors", "sentences", "major_errors", "minor_errors", "risk", "risk_score"}
    assert plain == [{name: value for name, value in row.items() if name not in findings} for row in whole]
