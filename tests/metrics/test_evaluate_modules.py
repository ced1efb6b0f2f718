"""The modules of the `evaluate` library through which the stage evaluate scores: same figures, no file, no network."""

import json
import os
import subprocess
import sys
from pathlib import Path

import evaluate
import pytest

from medsum.dialogue.record import Record
from medsum.evaluation.scoring import score_texts
from medsum.metrics import rouge
from medsum.metrics.bertscore import EncoderScorer
from medsum.metrics.evaluate_modules import BertScore, Rouge
from tests.conftest import ROOT

PREDICTIONS = ["The patient has chest pain.", "", "Rash."]
REFERENCES = ["Patient reports chest pain.", "Well.", "Rash."]


@pytest.mark.parametrize("stemmer", [False, True])
def test_rouge_gives_the_scores_of_rouge_score_to_the_last_digit(stemmer: bool) -> None:
    found = Rouge().compute(predictions=PREDICTIONS, references=REFERENCES, use_stemmer=stemmer)
    assert found == rouge.scores(PREDICTIONS, REFERENCES, stemmer)


def test_the_stemmer_makes_two_forms_of_a_word_equal() -> None:
    texts = {"predictions": ["coughing"], "references": ["cough"]}
    assert Rouge().compute(**texts, use_stemmer=False)["rouge1"] == [0]
    assert Rouge().compute(**texts, use_stemmer=True)["rouge1"] == [1]


def test_the_modules_take_records_one_by_one_as_the_library_does() -> None:
    metric = Rouge()
    for prediction, reference in zip(PREDICTIONS, REFERENCES, strict=True):
        metric.add(prediction=prediction, reference=reference)
    assert isinstance(metric, evaluate.Metric)
    assert metric.compute(use_stemmer=False) == rouge.scores(PREDICTIONS, REFERENCES, stemmer=False)


def test_bertscore_gives_the_scores_of_its_encoder_to_the_last_digit(tiny_encoder: Path) -> None:
    encoder = EncoderScorer(tiny_encoder, 2, 64)
    metric = BertScore(encoder)
    found = metric.compute(predictions=PREDICTIONS, references=REFERENCES)
    assert found["f1"] == encoder.scores(PREDICTIONS, REFERENCES)
    assert metric.compute(predictions=PREDICTIONS, references=REFERENCES) == found  # the second shard of a worker


def test_the_stage_scores_rouge_through_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    gather = evaluate.EvaluationModule._finalize  # the library's step before it scores

    def watched(self: evaluate.EvaluationModule) -> None:
        calls.append(type(self))
        gather(self)

    monkeypatch.setattr(evaluate.EvaluationModule, "_finalize", watched)
    record = Record(id="1", dialogue="Doctor: Any rash?\nPatient: Yes.", summary="Rash.", section=None, source="s")
    rows = score_texts([record], ["Rash."], stemmer=False)
    assert rows[0]["rouge1"] == 1
    assert calls == [Rouge]


@pytest.mark.slow
def test_scoring_leaves_no_file_in_the_home_of_the_library(tmp_path: Path, tiny_encoder: Path) -> None:
    code = (
        "import json, sys; from pathlib import Path;"
        " from medsum.metrics.bertscore import EncoderScorer;"
        " from medsum.metrics.evaluate_modules import BertScore, Rouge;"
        " texts = {'predictions': ['a'], 'references': ['a']};"
        " BertScore(EncoderScorer(Path(sys.argv[1]), 2, 64)).compute(**texts);"
        " print(json.dumps(Rouge().compute(**texts, use_stemmer=False)))"
    )
    home = tmp_path / "hf"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tiny_encoder)],
        cwd=ROOT,
        env={**os.environ, "HF_HOME": str(home), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["rouge1"] == [1]
    assert [path for path in home.rglob("*") if path.is_file()] == []
