"""One summary a dialogue, in order, whatever the batches."""

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from medsum.model import determinism
from medsum.model.generation import Summarizer
from medsum.model.loading import load_base, load_tokenizer
from medsum.params.generation import GenerationParams
from medsum.params.prompt import PromptParams

DIALOGUES = [
    "Doctor: Any pain?\nPatient: No.",
    "Patient: " + "My knee has been sore since I fell off the ladder in May. " * 4,
    "Doctor: Allergies?\nPatient: Penicillin gives me hives.",
    "Patient: Yes.",
    "Doctor: " + "Take one tablet of lisinopril in the morning, please. " * 3,
    "Doctor: Do you smoke?\nPatient: I quit ten years ago, half a pack a day before.",
    "Patient: I can't sleep.",
]
SECTIONS = [None, "GENHX", "ALLERGY", None, "MEDICATIONS", "FAM/SOCHX", "CC"]
END = 1  # token id


@pytest.fixture(scope="module")
def tokenizer(tiny_base: Path) -> PreTrainedTokenizerBase:
    return load_tokenizer(tiny_base)


@pytest.fixture
def model(tiny_base: Path) -> PreTrainedModel:
    determinism.fix(threads=1)
    model = load_base(tiny_base)
    with torch.no_grad():  # what is read must matter more than it does to random weights
        for name, weights in model.named_parameters():
            if "EncDecAttention" in name:
                weights.mul_(4)
    return model


def summarizer(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    batch_size: int = 3,
    num_beams: int = 1,
    max_input_tokens: int = 512,
) -> Summarizer:
    prompt = PromptParams(template="{section}: {dialogue}", max_input_tokens=max_input_tokens)
    generation = GenerationParams(
        num_beams=num_beams, max_new_tokens=8, length_penalty=1.0, no_repeat_ngram_size=3, batch_size=batch_size
    )
    return Summarizer(model, tokenizer, prompt, generation)


@pytest.fixture
def batches(model: PreTrainedModel, monkeypatch: pytest.MonkeyPatch) -> list[torch.Tensor]:
    """What the model is given; it answers with its own prompt."""
    seen: list[torch.Tensor] = []

    def echo(input_ids: torch.Tensor, **_: Any) -> torch.Tensor:
        seen.append(input_ids)
        return input_ids

    monkeypatch.setattr(model, "generate", echo)
    return seen


def test_output_is_in_the_order_of_the_input(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, batches: list[torch.Tensor]
) -> None:
    texts = summarizer(model, tokenizer).summarize(DIALOGUES, [None] * 7)
    assert texts == [f"clinical note: {dialogue}".strip() for dialogue in DIALOGUES]
    assert len(batches) == 3


def test_batches_hold_dialogues_of_like_length_the_longest_first(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, batches: list[torch.Tensor]
) -> None:
    summarizer(model, tokenizer).summarize(DIALOGUES, SECTIONS)
    widths = [batch.shape[1] for batch in batches]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 2 * widths[-1]


@pytest.mark.parametrize("num_beams", [1, 3])
def test_batch_size_does_not_change_a_text(
    num_beams: int, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase
) -> None:
    texts = [
        summarizer(model, tokenizer, batch_size=size, num_beams=num_beams).summarize(DIALOGUES, SECTIONS)
        for size in (1, 2, 7)
    ]
    assert len(set(texts[0])) >= 5  # else any order would do
    assert texts[0] == texts[1] == texts[2]


def test_a_long_prompt_loses_its_end_but_keeps_the_end_sign(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, batches: list[torch.Tensor]
) -> None:
    small = summarizer(model, tokenizer, max_input_tokens=16)
    whole = small.tokenize(DIALOGUES[1:2], [None])[0]
    small.summarize(DIALOGUES[1:2], [None])
    assert len(whole) > 16
    assert batches[0][0].tolist() == [*whole[:15], END]


def test_a_prompt_of_just_the_limit_is_not_cut(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, batches: list[torch.Tensor]
) -> None:
    whole = summarizer(model, tokenizer).tokenize(DIALOGUES[2:3], [None])[0]
    summarizer(model, tokenizer, max_input_tokens=len(whole)).summarize(DIALOGUES[2:3], [None])
    assert batches[0][0].tolist() == whole
    assert whole[-1] == END


def test_generation_stops_at_max_new_tokens(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    widths: list[int] = []
    generate: Any = model.generate

    def measured(**inputs: Any) -> torch.Tensor:
        outputs: torch.Tensor = generate(**inputs)
        widths.append(outputs.shape[1])
        return outputs

    monkeypatch.setattr(model, "generate", measured)
    summarizer(model, tokenizer).summarize(DIALOGUES, SECTIONS)
    assert max(widths) == 1 + 8  # the start sign comes first; a random model hardly ever ends by itself


def test_no_dialogues_give_no_summaries(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
    assert summarizer(model, tokenizer).summarize([], []) == []


def test_a_section_for_each_dialogue_is_asked_for(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
    with pytest.raises(ValueError, match="shorter"):
        summarizer(model, tokenizer).summarize(DIALOGUES, [None])
