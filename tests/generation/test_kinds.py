"""CTranslate2 writes what torch writes, for every kind of model that it serves; torch serves the others."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from ctranslate2 import Generator, Translator
from transformers import (
    Gemma2Config,
    Gemma2ForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedModel,
    Qwen2Config,
    Qwen2ForCausalLM,
)

from medsum.generation.conversion import Converter, convert
from medsum.generation.ctranslate2_backend import CTranslate2Backend, alike
from medsum.generation.guidance import GuidedWriter
from medsum.generation.torch_backend import TorchBackend
from medsum.model import served
from medsum.model.chat import prompt_builder
from medsum.model.loading import load_base, load_tokenizer
from medsum.model.prompt import PromptBuilder, TokenIds
from medsum.params.prompt import PromptParams
from tests.conftest import sample_rows
from tests.generation import kinds
from tests.generation.test_summarizer import generation_params

ROWS = sorted((row["dialogue"] for row in sample_rows()), key=len)
DIALOGUES = [*ROWS[:2], *ROWS[150:152], ROWS[-20]]
NEW_TOKENS = 16
LONG = 2000  # tokens of a prompt and its summary
PROMPT = PromptParams.load("prompt").model_copy(
    update={"system": "You write notes.", "template": "{section}:\n{dialogue}", "max_input_tokens": LONG}
)
Served = tuple[Path, Path, PromptBuilder]


@pytest.fixture(scope="module", params=sorted(kinds.SERVED_BY_CTRANSLATE2))
def converted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Served:
    """A checkpoint, its conversion and what makes its prompts."""
    folder = tmp_path_factory.mktemp(request.param)
    base = kinds.save(folder / "base", request.param)
    builder = prompt_builder(base, PROMPT)
    builder.frame = builder.frame._replace(window=served.window_of(base))  # as the export stage writes it
    convert(base, folder / "converted", "float32", builder.frame)
    return base, folder / "converted", builder


def backends(models: Served, **settings: Any) -> tuple[TorchBackend, CTranslate2Backend]:
    base, folder, builder = models
    params = generation_params(**{"max_new_tokens": NEW_TOKENS, **settings})
    theirs = TorchBackend(load_base(base), params, builder.end_id)
    return theirs, CTranslate2Backend(folder, builder.tokenizer, builder.frame, params, threads=1)


def prompts_of(builder: PromptBuilder) -> list[TokenIds]:
    """Short and long prompts, the longest first."""
    return sorted((builder.ids(dialogue, None) for dialogue in DIALOGUES), key=len, reverse=True)


def test_greedy_summaries_in_float32_are_the_same(converted: Served) -> None:
    assert served.why_torch(converted[0], LONG) is None
    builder = converted[2]
    prompts = prompts_of(builder)
    assert len(prompts[0]) > 3 * len(prompts[-1])
    expected, found = (
        [builder.decode(ids) for ids in next(iter(backend.generate([prompts])))] for backend in backends(converted)
    )
    assert len(set(expected)) == len(prompts)
    assert found == expected


def test_beams_and_their_scores_in_float32_are_the_same(converted: Served) -> None:
    builder = converted[2]
    both = backends(converted, num_beams=4, length_penalty=2.0)
    expected, found = (next(iter(backend.candidates([prompts_of(builder)]))) for backend in both)
    for ours, theirs in zip(found, expected, strict=True):
        assert [builder.decode(one.ids) for one in ours] == [builder.decode(one.ids) for one in theirs]
        assert [one.score for one in ours] == pytest.approx([one.score for one in theirs], rel=1e-3)


def test_prompts_a_closing_apart_are_searched_at_once_and_write_the_same(converted: Served) -> None:
    builder = converted[2]
    theirs, ours = backends(converted, no_repeat_ngram_size=3)
    words = ROWS[100].split()
    prompts = [builder.ids(" ".join(words[:count]), None) for count in range(40, 60)]
    near = [prompt for prompt in prompts if len(prompt) - len(prompts[0]) <= ours.most_apart]
    expected, found = ([builder.decode(ids) for ids in next(iter(one.generate([near])))] for one in (theirs, ours))
    assert found == expected
    assert len(list(alike([len(prompt) for prompt in near], ours.most_apart))) == 1
    if ours.most_apart:
        assert len({len(prompt) for prompt in near}) > 1


def test_a_summary_does_not_depend_on_the_other_prompts_of_its_batch(converted: Served) -> None:
    builder = converted[2]
    if builder.frame.kind != "decoder-only":
        pytest.skip("only a decoder-only model reads prompts of several lengths as beginnings of the summary")
    _, ours = backends(converted, no_repeat_ngram_size=3)
    start = builder.ids(DIALOGUES[0], None)
    [[[token, *_]]] = ours.generate([[start]])
    prompts = [[*start, token, token], [*start[1:], token, token]]
    ours.most_apart, ours.last_of_prompt = 2, builder.tokenizer.id_to_token(token)
    [together] = ours.generate([prompts])
    assert together == [next(iter(ours.generate([[prompt]])))[0] for prompt in prompts]


@pytest.mark.slow
@pytest.mark.parametrize(("num_beams", "repeats"), [(1, 3), (3, 0)])  # beams of CTranslate2 may repeat the kept text
def test_guided_summaries_are_the_same_and_avoid_what_they_must(
    num_beams: int, repeats: int, converted: Served
) -> None:
    """No summary may hold a letter from the middle of its unguided one: a rule as good as any."""
    builder = converted[2]
    [texts, *others] = [
        [guided(backend, builder, prompt, repeats) for prompt in prompts_of(builder)]
        for backend in backends(converted, num_beams=num_beams, no_repeat_ngram_size=repeats)
    ]
    assert others == [texts]
    written = [(before, after) for before, after, _ in texts if before]  # some random models end at once with beams
    assert written or num_beams > 1
    assert not written or any(before != after for before, after in written)
    assert all(letter not in after for _, after, letter in texts)


def guided(
    backend: TorchBackend | CTranslate2Backend, builder: PromptBuilder, prompt: TokenIds, repeats: int
) -> tuple[str, ...]:
    """Return a summary, the same without the letter in its middle, and that letter."""
    ids = next(iter(backend.generate([[prompt]])))[0]
    text = builder.decode(ids)
    letter = next(sign for sign in text[len(text) // 2 :] + text + "e" if sign.isascii() and sign.isprintable())
    writer = GuidedWriter(builder, repeats)
    found = writer.guided(
        ids,
        lambda written: (written.index(letter), False) if letter in written else None,
        lambda written, forbidden: backend.resume(prompt, written, forbidden)[0].ids,
    )
    return text, builder.decode(found), letter


def furthest(base: Path, folder: Path, tokens: int) -> float:
    """Convert, and return the largest difference of a log probability over a text of so many tokens."""
    Converter(str(base)).convert(str(folder), force=True)
    tokenizer, model = load_tokenizer(base).backend_tokenizer, load_base(base)
    ids = tokenizer.encode("\n".join(DIALOGUES), add_special_tokens=False).ids[:tokens]
    words = [tokenizer.id_to_token(token) for token in ids]
    with torch.inference_mode():
        if model.config.is_encoder_decoder:
            read = torch.tensor([[model.config.decoder_start_token_id, *ids[:-1]]])
            logits = model(input_ids=torch.tensor([ids]), decoder_input_ids=read).logits[0]
            [found] = Translator(str(folder)).score_batch([words], [words])
            learnt = ids
        else:
            logits = model(input_ids=torch.tensor([ids])).logits[0, :-1]
            [found] = Generator(str(folder)).score_batch([words])
            learnt = ids[1:]
    expected = logits.log_softmax(-1)[range(len(learnt)), learnt]
    return float((torch.tensor(found.log_probs[: len(learnt)]) - expected).abs().max())


def test_a_text_is_as_probable_to_ctranslate2_as_to_torch(converted: Served, tmp_path: Path) -> None:
    assert furthest(converted[0], tmp_path / "converted", 120) < 1e-4


ROPE: dict[str, dict[str, Any]] = {
    "linear": {"rope_type": "linear", "rope_theta": 10000.0, "factor": 4.0},
    "theta": {"rope_type": "default", "rope_theta": 100.0},
}
LLAMA_3: dict[str, Any] = {
    "rope_type": "llama3", "rope_theta": 5e5, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
    "original_max_position_embeddings": 1024,
}  # fmt: skip


@pytest.mark.parametrize("rope", list(ROPE))
def test_positions_of_a_llama_are_scaled_as_its_config_says(rope: str, tmp_path: Path) -> None:
    make = kinds.causal(LlamaConfig, LlamaForCausalLM, rope_parameters=ROPE[rope])
    base = kinds.save(tmp_path / "base", "llama", make)
    assert served.why_torch(base, LONG) is None
    assert furthest(base, tmp_path / "converted", 120) < 1e-4


@pytest.mark.parametrize(
    ("name", "make", "reason"),
    [
        ("gemma2", None, "does not write the same text as Gemma2ForCausalLM"),
        ("t5gemma", None, "does not write the same text as T5GemmaForConditionalGeneration"),
        ("t5gemma2", None, "does not write the same text as T5Gemma2ForConditionalGeneration"),
        ("phi3", None, "does not write the same text as Phi3ForCausalLM"),
        ("pegasus", None, "does not write the same text as PegasusForConditionalGeneration"),
        ("gemma3-window", None, "within the sliding window of 24"),
        ("mistral-window", None, "within the sliding window of 24"),
        ("llama", kinds.causal(LlamaConfig, LlamaForCausalLM, head_dim=16), "does not compute the positions or the"),
        ("llama", kinds.causal(LlamaConfig, LlamaForCausalLM, rope_parameters=LLAMA_3), "does not compute the positi"),
        (
            "qwen2",
            kinds.causal(
                Qwen2Config,
                Qwen2ForCausalLM,
                rope_parameters={
                    "rope_type": "yarn",
                    "rope_theta": 1e4,
                    "factor": 4.0,
                    "original_max_position_embeddings": 512,
                },
            ),
            "does not compute the positions or the attention heads of this Qwen2ForCausalLM",
        ),
    ],
)
def test_torch_serves_what_is_not_converted_and_the_reason_is_told(
    name: str, make: Callable[[], PreTrainedModel] | None, reason: str, tmp_path: Path
) -> None:
    base = kinds.save(tmp_path / "base", name, make)
    assert reason in str(served.why_torch(base, LONG))


def test_gemma_2_is_not_converted_since_the_cap_on_its_scores_is_lost(tmp_path: Path) -> None:
    """When this fails, CTranslate2 has mended it and Gemma 2 can be served by it."""
    caps = {"attn_logit_softcapping": 5.0, "final_logit_softcapping": None, "query_pre_attn_scalar": 8}
    shape = {**kinds.GEMMA, **caps, "sliding_window": LONG}
    base = kinds.save(tmp_path / "base", "gemma2", kinds.causal(Gemma2Config, Gemma2ForCausalLM, **shape))
    assert furthest(base, tmp_path / "converted", 40) > 0.1


@pytest.mark.parametrize("num_beams", [1, 4])
def test_the_ban_on_repetition_never_counts_the_prompt(num_beams: int, tmp_path: Path) -> None:
    """A prompt ends as its summary begins; beside a shorter prompt, CTranslate2 would rule that out."""
    base = kinds.save(tmp_path / "base", "llama")
    builder = prompt_builder(base, PROMPT)
    builder.frame = builder.frame._replace(window=served.window_of(base))  # as the export stage writes it
    convert(base, tmp_path / "converted", "float32", builder.frame)
    models = base, tmp_path / "converted", builder
    start = builder.ids(DIALOGUES[0], None)
    free, _ = backends(models, max_new_tokens=40, no_repeat_ngram_size=0)
    [[written]] = free.generate([[start]])
    prompts = [start + written, start + written[:20], start, start[:9]]
    theirs, ours = backends(models, num_beams=num_beams, no_repeat_ngram_size=3)
    expected, found = (next(iter(backend.generate([prompts]))) for backend in (theirs, ours))
    assert [builder.decode(ids) for ids in found] == [builder.decode(ids) for ids in expected]


def test_a_checkpoint_s_own_generation_settings_are_not_used(tmp_path: Path) -> None:
    base = kinds.save(tmp_path / "base", "qwen2")
    prompts = prompts_of(prompt_builder(base, PROMPT))[-2:]
    written = []
    for settings in ({}, {"repetition_penalty": 1.8, "min_length": 900, "forced_eos_token_id": 2, "num_beams": 3}):
        file = base / "generation_config.json"
        own = json.loads(file.read_text(encoding="utf-8"))
        file.write_text(json.dumps({**own, **settings}), encoding="utf-8")
        backend = TorchBackend(load_base(base), generation_params(max_new_tokens=NEW_TOKENS), 1)
        written += list(backend.generate([prompts]))
    assert written[0] == written[1]
