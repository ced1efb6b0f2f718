from pathlib import Path

import pytest
from transformers import AutoTokenizer, T5ForConditionalGeneration

from pretraining import scores

COMPACT = Path(__file__).parents[2] / "models/base/compact"


def test_the_embedded_model_stays_small() -> None:
    assert sum(file.stat().st_size for file in COMPACT.iterdir()) < 10e6


@pytest.mark.parametrize("text", ["The patient denies chest pain.", "Lisinopril 20 mg daily."])
def test_the_embedded_model_repeats_what_it_is_given(text: str) -> None:
    tokenizer = AutoTokenizer.from_pretrained(COMPACT)
    model = T5ForConditionalGeneration.from_pretrained(COMPACT)
    assert scores.write(model, tokenizer, [f"Repeat:\n{text}"], 40) == [text]
