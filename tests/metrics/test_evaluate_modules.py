"""The scores as modules of the `evaluate` library, which fetch nothing and write nothing."""

import os
import subprocess
import sys
from pathlib import Path

import evaluate
import pytest

from medsum.metrics import rouge
from medsum.metrics.bertscore import EncoderScorer
from medsum.metrics.evaluate_modules import BertScore, Rouge, SummaryStatistics
from tests.conftest import ROOT

PREDICTIONS, REFERENCES = ["The patient has chest pain.", "Rash."], ["Patient reports chest pain.", "Rash."]


def test_rouge_is_the_mean_of_the_pipelines_scores_or_the_scores_themselves() -> None:
    expected = rouge.scores(PREDICTIONS, REFERENCES, stemmer=False)
    each = Rouge().compute(predictions=PREDICTIONS, references=REFERENCES, use_aggregator=False)
    assert each == expected
    assert Rouge().compute(predictions=PREDICTIONS, references=REFERENCES) == pytest.approx(
        {name: sum(values) / 2 for name, values in expected.items()}
    )


def test_the_stemmer_is_off_unless_asked_for() -> None:
    texts = {"predictions": ["coughing"], "references": ["cough"]}
    assert Rouge().compute(**texts)["rouge1"] == 0
    assert Rouge().compute(**texts, use_stemmer=True)["rouge1"] == 1


def test_modules_take_batches_as_the_library_does() -> None:
    metric = Rouge()
    for prediction, reference in zip(PREDICTIONS, REFERENCES, strict=True):
        metric.add(prediction=prediction, reference=reference)
    assert isinstance(metric, evaluate.Metric)
    assert metric.compute() == Rouge().compute(predictions=PREDICTIONS, references=REFERENCES)


def test_bertscore_is_that_of_the_named_encoder_and_layer(tiny_encoder: Path) -> None:
    found = BertScore().compute(
        predictions=PREDICTIONS, references=REFERENCES, model_type=str(tiny_encoder), num_layers=2
    )
    assert found["f1"] == pytest.approx(EncoderScorer(tiny_encoder, 2, 64).scores(PREDICTIONS, REFERENCES), abs=1e-5)


def test_statistics_are_means_over_summaries() -> None:
    found = SummaryStatistics().compute(
        predictions=["", "Rash."], references=["Rash.", "Rash."], dialogues=["Rash.", "A rash."]
    )
    assert (found["empty"], found["length_ratio"], found["novel_unigrams"]) == (0.5, 0.5, 0)


@pytest.mark.slow
def test_a_module_leaves_no_file_in_the_librarys_cache(tmp_path: Path) -> None:
    code = (
        "from medsum.metrics.evaluate_modules import Rouge;"
        " print(Rouge().compute(predictions=['a'], references=['a'])['rouge1'])"
    )
    home = tmp_path / "home"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "HF_HOME": str(home), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stdout == "1.0\n", done.stderr
    assert not home.exists() or not [path for path in home.rglob("*") if path.is_file()]
