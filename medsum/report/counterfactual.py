"""Read how often summaries change correctly if one fact of their dialogue is edited.

`python -m benchmarks.judge.counterfactual` measures these rates. No stage runs this benchmark, because it summarises
hundreds of dialogues. The file of rates contains the sha256 of both models' summaries of the test split. The rates
apply only to models that write the same summaries.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from medsum.core.errors import UserError
from medsum.core.hashing import sha256
from medsum.core.paths import COUNTERFACTUAL_RATES


def digests(predictions: Mapping[str, Path]) -> dict[str, str]:
    """Return the sha256 of each model's file of summaries."""
    return {name: sha256(path) for name, path in predictions.items()}


def rates_of(predictions: Mapping[str, Path]) -> dict[str, Any]:
    """Return `records` and `kinds`, the rates by kind of edit and model.

    `kinds` is empty if the benchmark measured other models. Raise UserError if the benchmark did not write the file.
    """
    try:
        found = json.loads(COUNTERFACTUAL_RATES.read_text(encoding="utf-8"))
        same = found["summaries"] == digests(predictions)
        return {"records": found["records"], "kinds": found["kinds"] if same else {}}
    except (RecursionError, ValueError, KeyError, TypeError):
        remedy = "run `python -m benchmarks.judge.counterfactual` to write it again"
        raise UserError(f"{COUNTERFACTUAL_RATES} has no rates of counterfactual edits; {remedy}") from None
