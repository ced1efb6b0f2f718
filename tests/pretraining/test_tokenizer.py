from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from pretraining.tokenizer import EOS_ID, PAD_ID, SENTINELS, UNK_ID, train_tokenizer

COMPACT = Path(__file__).parents[2] / "models/base/compact"
DIALOGUE = "Doctor: Your blood pressure is 128/84, up from 120.\nGuest_family_2: Is that  too high? 😟\n"


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerBase:
    return AutoTokenizer.from_pretrained(COMPACT)


@given(st.text().filter(lambda text: "<" not in text))
@example(DIALOGUE)
@example(" two  spaces \t a tab \r\n and a trailing one ")
@example("naïve café, 37,5 °C, ½ Ω, e\u0301, \u00a0, 👩‍⚕️, 中文, \x00")
def test_decoding_what_was_encoded_gives_the_same_text(tokenizer: PreTrainedTokenizerBase, text: str) -> None:
    assert tokenizer.decode(tokenizer(text).input_ids, skip_special_tokens=True) == text


def test_digits_stand_one_by_one(tokenizer: PreTrainedTokenizerBase) -> None:
    pieces = tokenizer.tokenize("took 1984 mg at 120/80")
    assert [piece for piece in pieces if sum(map(str.isdigit, piece)) > 1] == []


def test_an_end_token_is_appended_and_nothing_is_unknown(tokenizer: PreTrainedTokenizerBase) -> None:
    tokens = tokenizer(DIALOGUE).input_ids
    assert tokens[-1] == EOS_ID
    assert UNK_ID not in tokens


def test_special_tokens_have_the_ids_that_t5_gives_them(tokenizer: PreTrainedTokenizerBase) -> None:
    assert (tokenizer.pad_token_id, tokenizer.eos_token_id, tokenizer.unk_token_id) == (PAD_ID, EOS_ID, UNK_ID)
    assert set(SENTINELS) <= set(tokenizer.all_special_tokens)


def test_a_saved_tokenizer_comes_back_the_same(tmp_path: Path) -> None:
    trained = train_tokenizer([DIALOGUE] * 3, 400)
    trained.save_pretrained(tmp_path)
    loaded = AutoTokenizer.from_pretrained(tmp_path)
    assert loaded(DIALOGUE).input_ids == trained(DIALOGUE).input_ids
    assert loaded.decode(loaded(DIALOGUE).input_ids, skip_special_tokens=True) == DIALOGUE
