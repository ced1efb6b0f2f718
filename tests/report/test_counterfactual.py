"""Rates of counterfactual edits are told of the models that they were measured with, and of no others."""

import json
from pathlib import Path

import pytest

from medsum.core.errors import UserError
from medsum.core.paths import COUNTERFACTUAL_RATES
from medsum.report.counterfactual import digests, rates_of

KINDS = {"dose": {"finetuned": {"edited": 4}}}


@pytest.fixture
def predictions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    monkeypatch.chdir(tmp_path)
    COUNTERFACTUAL_RATES.parent.mkdir(parents=True)
    file = Path("finetuned.jsonl")
    file.write_text('{"id": "1", "text": "No fever."}\n', encoding="utf-8")
    return {"finetuned": file}


def test_rates_count_for_the_models_that_wrote_these_summaries_alone(predictions: dict[str, Path]) -> None:
    measured = {"records": 9, "summaries": digests(predictions), "kinds": KINDS}
    COUNTERFACTUAL_RATES.write_text(json.dumps(measured), encoding="utf-8")
    assert rates_of(predictions) == {"records": 9, "kinds": KINDS}
    predictions["finetuned"].write_text('{"id": "1", "text": "Fever."}\n', encoding="utf-8")
    assert rates_of(predictions) == {"records": 9, "kinds": {}}


@pytest.mark.parametrize("content", ["", "[]", '{"records": 9}', "{"])
def test_a_file_of_something_else_is_told_with_the_remedy(content: str, predictions: dict[str, Path]) -> None:
    COUNTERFACTUAL_RATES.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=r"benchmarks\.judge\.counterfactual"):
        rates_of(predictions)
