"""A summary goes back to what its dialogue does not hold."""

import json
import shutil
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from medsum.faithfulness.spoken_numbers import supported
from medsum.faithfulness.unsaid import Said
from medsum.generation.guidance import MOST_CHANGES, GuidedWriter, first_repeat, numeric_tokens
from medsum.model.prompt import PromptBuilder, TokenIds
from medsum.params.prompt import PromptParams
from tests.conftest import ROOT, byte_level_tokenizer, run_stage, sample_rows, set_params
from tests.generation.test_summarizer import FRAME

PROMPT = PromptParams(system="", template="{section}: {dialogue}", max_input_tokens=512, unknown_signs="stop")


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    tokenizer: Tokenizer = byte_level_tokenizer("$A </s>").backend_tokenizer
    return tokenizer


@pytest.fixture(scope="module")
def writer(tokenizer: Tokenizer) -> GuidedWriter:
    return GuidedWriter(PromptBuilder(tokenizer, PROMPT, FRAME), repeats=0)


def encoded(tokenizer: Tokenizer, text: str) -> TokenIds:
    ids: TokenIds = tokenizer.encode(text, add_special_tokens=False).ids
    return ids


def test_the_text_before_an_unsaid_number_is_kept_and_no_number_follows(
    tokenizer: Tokenizer, writer: GuidedWriter
) -> None:
    calls: list[tuple[str, TokenIds]] = []

    def resume(kept: TokenIds, forbidden: TokenIds) -> TokenIds:
        calls.append((tokenizer.decode(kept), forbidden))
        return encoded(tokenizer, " few pills.")

    ids = encoded(tokenizer, "Takes 10 mg, 70 mg and more.")
    found = writer.guided([0, *ids, 1], Said("Patient: Ten milligrams.").first_unsaid, resume)
    assert tokenizer.decode(found) == "Takes 10 mg, few pills."
    assert [kept for kept, _ in calls] == ["Takes 10 mg,"]
    assert set(encoded(tokenizer, "0123456789")) <= set(calls[0][1])


def test_each_try_at_a_place_forbids_one_token_more_and_the_tries_end(
    tokenizer: Tokenizer, writer: GuidedWriter
) -> None:
    tried: list[TokenIds] = []

    def resume(kept: TokenIds, forbidden: TokenIds) -> TokenIds:
        tried.append(forbidden)
        return [*kept, next(token for token in range(6, 400) if token not in forbidden)]

    writer.guided(encoded(tokenizer, "Pain"), lambda _: (0, False), resume)
    assert [len(forbidden) for forbidden in tried] == list(range(1, MOST_CHANGES + 1))


def test_a_number_of_several_tokens_is_left_out_from_its_first(tokenizer: Tokenizer, writer: GuidedWriter) -> None:
    kept_ids: list[TokenIds] = []

    def resume(kept: TokenIds, _: TokenIds) -> TokenIds:
        kept_ids.append(kept)
        return []

    writer.guided(encoded(tokenizer, "For 1450 days"), Said("Patient: Fourteen days.").first_unsaid, resume)
    assert [tokenizer.decode(ids) for ids in kept_ids] == ["For"]


def test_a_repeated_run_of_tokens_is_found_at_its_last() -> None:
    assert first_repeat([1, 2, 3, 9, 1, 2, 3, 4], 3) == 6
    assert first_repeat([1, 2, 3, 9, 1, 2, 4], 3) is None
    assert first_repeat([1, 1, 1, 1], 0) is None


def test_numeric_tokens_are_those_that_begin_a_number(tokenizer: Tokenizer) -> None:
    texts = {tokenizer.id_to_token(token) for token in numeric_tokens(tokenizer)}
    assert set("0123456789") | {"Ġ"} <= texts
    assert all(text and text.lstrip("Ġ")[:1] in set("0123456789") | {""} for text in texts)


@pytest.mark.slow
@pytest.mark.parametrize("num_beams", [1, pytest.param(3, marks=pytest.mark.long)])
def test_guided_predictions_of_a_real_base_say_numbers_of_their_dialogues_alone(
    num_beams: int, project: Path, tmp_path: Path
) -> None:
    base = shutil.copytree(ROOT / "models/base/compact", project / "models/base/compact")
    rows = [
        {"id": row["ID"], "dialogue": row["dialogue"], "section": row["section_header"]}
        for row in sample_rows()
        if any(sign.isdigit() for sign in row["section_text"]) and len(row["dialogue"]) < 900
    ][:12]
    records = tmp_path / "records.jsonl"
    records.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    changes = {"prompt.max_input_tokens": 512, "generation.max_new_tokens": 48, "generation.num_beams": num_beams}
    set_params(project, **changes, **{"runtime.threads": 1})
    shares = {}
    for guided in (False, True):
        set_params(project, **{"generation.guided": guided})
        output = tmp_path / f"{guided}.jsonl"
        done = run_stage(
            project, "predict", "--model-path", str(base), "--records", str(records), "--output", str(output)
        )
        assert done.returncode == 0, done.stderr
        texts = [json.loads(line)["text"] for line in output.read_text(encoding="utf-8").splitlines()]
        found = [supported(text, row["dialogue"]) for text, row in zip(texts, rows, strict=True)]
        shares[guided] = sum(said for said, _ in found) / max(1, sum(all_ for _, all_ in found))
    assert shares[False] < 1
    assert shares[True] == 1
