"""The lists of metrics agree, so that a metric that is added to one is added to all."""

from medsum.evaluation.scoring import METRICS
from medsum.metrics.names import LESS_IS_BETTER, METRIC_LABELS, SHARES, WITH_INTERVAL
from medsum.metrics.summary_statistics import DEFINITIONS, FORM_METRICS
from stages.evaluate import COMPARED, DECIDING, OF_MODELS
from tests.conftest import ROOT

SAME_DEFINITION = {"novel_bigrams", "novel_trigrams"}  # that of novel_unigrams names all three


def test_each_metric_of_form_has_a_definition() -> None:
    missing = set(FORM_METRICS) - set(DEFINITIONS) - SAME_DEFINITION
    assert missing == set(), "add them to DEFINITIONS in medsum/metrics/summary_statistics.py"


def test_each_metric_with_an_interval_has_a_label() -> None:
    missing = {*WITH_INTERVAL, *LESS_IS_BETTER} - set(METRIC_LABELS)
    assert missing == set(), "add them to METRIC_LABELS in medsum/metrics/names.py"


def test_a_reviewers_metrics_are_those_that_are_measured() -> None:
    assert {*SHARES, *DECIDING, *COMPARED} <= set(OF_MODELS)
    assert set(DECIDING) <= set(WITH_INTERVAL), "what decides has an interval: add it to WITH_INTERVAL"


def test_each_metric_of_form_stands_in_the_page_on_evaluation() -> None:
    page = (ROOT / "docs/evaluation.md").read_text(encoding="utf-8")
    missing = [name for name in FORM_METRICS if name in OF_MODELS and f"`{name}`" not in page]
    assert missing == [], "describe them in docs/evaluation.md"
    assert set(FORM_METRICS) <= set(METRICS)
