"""One summary a dialogue, in order, whatever the batches."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from tokenizers import Tokenizer
from transformers import PreTrainedModel

from medsum.core.errors import UserError
from medsum.generation.candidates import Candidate, Faithfulness
from medsum.generation.summarizer import Backend, Summarizer
from medsum.generation.torch_backend import TorchBackend
from medsum.model import determinism
from medsum.model.loading import load_base, load_tokenizer
from medsum.model.prompt import Frame, PromptBuilder, TokenIds
from medsum.params.generation import GenerationParams
from medsum.params.prompt import PromptParams
from tests.conftest import ROOT

DIALOGUES = [
    "Doctor: Any pain?\nPatient: No.",
    "Patient: " + "My knee has been sore since I fell off the ladder in May." + " It hurts at night, and I limp." * 6,
    "Doctor: Allergies?\nPatient: Penicillin gives me hives.",
    "Patient: Yes.",
    "Doctor: " + "Take one tablet of lisinopril in the morning, please." + " Every day." * 9,
    "Doctor: Do you smoke?\nPatient: I quit ten years ago, half a pack a day before.",
    "Patient: I can't sleep.",
]
SECTIONS = [None, "GENHX", "ALLERGY", None, "MEDICATIONS", "FAM/SOCHX", "CC"]
LONG = "\n".join(f"Doctor: Question {n}?\nPatient: Answer {n}, and a bit more." for n in range(12))
NEW_TOKENS = 8
END = 1  # token id
FRAME = Frame("encoder-decoder", "", "", adds_special=True, end="</s>")


@pytest.fixture(scope="module")
def tokenizer(tiny_base: Path) -> Tokenizer:
    tokenizer: Tokenizer = load_tokenizer(tiny_base).backend_tokenizer
    return tokenizer


@pytest.fixture
def model(tiny_base: Path) -> PreTrainedModel:
    determinism.fix(threads=1)
    model = load_base(tiny_base)
    with torch.no_grad():  # what is read must matter more than it does to random weights
        for name, weights in model.named_parameters():
            if "EncDecAttention" in name:
                weights.mul_(4)
    return model


class Echo:
    """Answers with the prompt, and keeps what it was given."""

    def __init__(self) -> None:
        self.batches: list[list[TokenIds]] = []

    def generate(self, batches: Iterable[list[TokenIds]]) -> Iterator[list[TokenIds]]:
        for batch in batches:
            self.batches.append(batch)
            yield batch

    def candidates(self, batches: Iterable[list[TokenIds]]) -> Iterator[list[list[Candidate]]]:
        for batch in self.generate(batches):  # the whole prompt, then all but its last quarter
            yield [[Candidate(ids, -1.0), Candidate(ids[: len(ids) * 3 // 4], -1.1)] for ids in batch]

    def resume(self, prompt: TokenIds, written: TokenIds, forbidden: TokenIds) -> list[Candidate]:
        rest = prompt[len(written) :]
        return [Candidate([token for token in rest if token not in forbidden], -1.0)]


def generation_params(**changed: Any) -> GenerationParams:
    """The values of params.yaml, with a short limit, small batches, greedy search and no loops cut."""
    values = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))["generation"]
    values |= {"max_new_tokens": NEW_TOKENS, "batch_tokens": 300, "num_beams": 1, "no_repeat_ngram_size": 3}
    values |= {"cut_loops": False, "overlap_turns": 1, "rerank": "none", "guided": False}
    return GenerationParams.model_validate({**values, **changed})


def summarizer(
    backend: Backend,
    tokenizer: Tokenizer,
    max_input_tokens: int = 512,
    faithfulness: Faithfulness | None = None,
    **changed: Any,
) -> Summarizer:
    prompt = PromptParams(
        system="", template="{section}: {dialogue}", max_input_tokens=max_input_tokens, unknown_signs="stop"
    )
    return Summarizer(backend, PromptBuilder(tokenizer, prompt, FRAME), generation_params(**changed), faithfulness)


def test_output_is_in_the_order_of_the_input(tokenizer: Tokenizer) -> None:
    echo = Echo()
    texts = summarizer(echo, tokenizer).summarize(DIALOGUES, [None] * 7)
    assert texts == [f"clinical note: {dialogue}".strip() for dialogue in DIALOGUES]
    assert len(echo.batches) >= 3


def test_batches_hold_dialogues_of_like_length_the_longest_first(tokenizer: Tokenizer) -> None:
    echo = Echo()
    summarizer(echo, tokenizer).summarize(DIALOGUES, SECTIONS)
    widths = [len(ids) for batch in echo.batches for ids in batch]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 2 * widths[-1]


@pytest.mark.parametrize("budget", [1, 100, 300, 1000])
def test_a_batch_keeps_to_the_token_budget_padding_counted_unless_it_is_one_prompt(
    budget: int, tokenizer: Tokenizer
) -> None:
    echo = Echo()
    summarizer(echo, tokenizer, batch_tokens=budget).summarize(DIALOGUES * 3, SECTIONS * 3)
    sizes = [(len(batch), len(batch[0]) + NEW_TOKENS) for batch in echo.batches]
    assert all(rows == 1 or rows * tokens <= budget for rows, tokens in sizes)
    assert sum(rows for rows, _ in sizes) == 21


@pytest.mark.parametrize("num_beams", [1, 3])
def test_batches_do_not_change_a_text(num_beams: int, model: PreTrainedModel, tokenizer: Tokenizer) -> None:
    texts = []
    for budget in (1, 300, 5000):
        backend = TorchBackend(model, generation_params(num_beams=num_beams), END)
        texts.append(summarizer(backend, tokenizer, batch_tokens=budget).summarize(DIALOGUES, SECTIONS))
    assert len(set(texts[0])) >= 5  # else any order would do
    assert texts[0] == texts[1] == texts[2]


def test_a_prompt_of_just_the_limit_is_one_window(tokenizer: Tokenizer) -> None:
    whole = summarizer(Echo(), tokenizer).prompts(DIALOGUES[1], None)
    assert len(whole) == 1
    assert whole[0].turns == DIALOGUES[1]
    assert whole[0].ids[-1] == END
    limit = len(whole[0].ids)
    assert summarizer(Echo(), tokenizer, max_input_tokens=limit).prompts(DIALOGUES[1], None) == whole
    assert len(summarizer(Echo(), tokenizer, max_input_tokens=limit - 1).prompts(DIALOGUES[1], None)) == 2


def test_a_long_dialogue_is_split_and_every_turn_is_read(tokenizer: Tokenizer) -> None:
    echo = Echo()
    small = summarizer(echo, tokenizer, max_input_tokens=60)
    [text] = small.summarize([LONG], ["GENHX"])
    read = [ids for batch in echo.batches for ids in batch]
    assert len(read) > 3
    assert all(len(ids) <= 60 and ids[-1] == END for ids in read)
    assert all(f"Answer {n}, and" in text for n in range(12))
    assert text.index("Answer 2,") < text.index("Answer 11,")


def test_a_long_dialogue_is_refused_with_its_count_of_tokens_where_asked(tokenizer: Tokenizer) -> None:
    tokens = len(summarizer(Echo(), tokenizer, max_input_tokens=5000).prompts(LONG, None)[0].ids)
    said = f"^the dialogue has {tokens} tokens with its prompt, but only 60 are allowed; shorten"
    with pytest.raises(UserError, match=said):
        summarizer(Echo(), tokenizer, max_input_tokens=60, long_dialogues="refuse").summarize([LONG], [None])


def test_a_template_that_leaves_no_room_for_the_dialogue_is_told(tokenizer: Tokenizer) -> None:
    with pytest.raises(UserError, match="raise it"):
        summarizer(Echo(), tokenizer, max_input_tokens=16).prompts(LONG, "SOMETHING_THAT_HAS_A_LONG_NAME")


def test_progress_counts_each_dialogue_once_when_its_last_window_is_done(tokenizer: Tokenizer) -> None:
    seen: list[int] = []
    small = summarizer(Echo(), tokenizer, max_input_tokens=60, batch_tokens=150)
    small.summarize([LONG, *DIALOGUES], [None] * 8, seen.append)
    assert len(seen) > 3
    assert sum(seen) == 8


def test_generation_stops_at_max_new_tokens(model: PreTrainedModel, tokenizer: Tokenizer) -> None:
    backend = TorchBackend(model, generation_params(), END)
    [window] = summarizer(backend, tokenizer).prompts(DIALOGUES[0], None)
    [[ids]] = backend.generate([[window.ids]])
    assert len(ids) == 1 + NEW_TOKENS  # the start sign comes first; a random model hardly ever ends by itself


def test_no_dialogues_give_no_summaries(tokenizer: Tokenizer) -> None:
    assert summarizer(Echo(), tokenizer).summarize([], []) == []


def test_a_section_for_each_dialogue_is_asked_for(tokenizer: Tokenizer) -> None:
    with pytest.raises(ValueError, match="shorter"):
        summarizer(Echo(), tokenizer).summarize(DIALOGUES, [None])


def test_each_window_is_reranked_against_its_own_turns(tokenizer: Tokenizer) -> None:
    judged: dict[str, Sequence[str]] = {}

    def shorter(dialogue: str, summaries: Sequence[str]) -> list[float]:
        judged[dialogue] = summaries
        return [-float(len(summary)) for summary in summaries]

    small = summarizer(Echo(), tokenizer, max_input_tokens=60, faithfulness=shorter)
    small.summarize([LONG, DIALOGUES[0]], [None, None])
    windows = [window.turns for dialogue in (LONG, DIALOGUES[0]) for window in small.prompts(dialogue, None)]
    assert len(windows) > 4
    assert judged.keys() == set(windows)
    assert all(summaries[0] == f"clinical note: {turns}" for turns, summaries in judged.items())


@pytest.mark.parametrize("num_beams", [2, 4])
def test_the_first_candidate_is_what_is_written_without_reranking(
    num_beams: int, model: PreTrainedModel, tokenizer: Tokenizer
) -> None:
    backend = TorchBackend(model, generation_params(num_beams=num_beams), END)
    alike = summarizer(backend, tokenizer, faithfulness=lambda _, summaries: [0.0 for _ in summaries])
    assert alike.summarize(DIALOGUES, SECTIONS) == summarizer(backend, tokenizer).summarize(DIALOGUES, SECTIONS)


def test_batches_do_not_change_what_reranking_chooses(model: PreTrainedModel, tokenizer: Tokenizer) -> None:
    backend = TorchBackend(model, generation_params(num_beams=4), END)
    texts = [
        summarizer(
            backend, tokenizer, batch_tokens=budget, faithfulness=lambda _, found: [float(len(set(s))) for s in found]
        ).summarize(DIALOGUES, SECTIONS)
        for budget in (1, 300, 5000)
    ]
    assert texts[0] == texts[1] == texts[2]
    assert texts[0] != summarizer(backend, tokenizer).summarize(DIALOGUES, SECTIONS)
