"""A FLAN-T5 as its hub has it, but tiny: an output layer of its own, a unigram tokenizer with the true one's gaps."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer, models

from tests.conftest import sample_rows
from tests.signs.tokenizers_at_hand import like_t5

WORDS = 800  # of the sample, each a piece
SPARE = 28  # entries of the vocabulary beyond the tokenizer's, as FLAN-T5 has


def tokenizer() -> Tokenizer:
    """FLAN-T5's signs, and the sample's frequent words as pieces."""
    found = like_t5()
    signs = [(piece, score) for piece, score in json.loads(found.to_str())["model"]["vocab"]]
    known = {piece for piece, _ in signs}
    words = Counter(word for row in sample_rows() for word in row["dialogue"].split() if known.issuperset(word))
    pieces = [*signs, *((f"▁{word}", -6.0) for word, _ in words.most_common(WORDS))]
    found.model = models.Unigram(pieces, unk_id=2, byte_fallback=False)
    return found


def write_flan_t5(folder: Path) -> None:
    """Write config, weights and tokenizer; the weights are random and always the same."""
    from transformers import PreTrainedTokenizerFast, T5Config

    from benchmarks.shape import write_random

    pieces = tokenizer()
    tokens: dict[str, Any] = {"pad_token_id": 0, "eos_token_id": 1, "decoder_start_token_id": 0}
    config = T5Config(
        vocab_size=pieces.get_vocab_size() + SPARE, d_model=16, d_kv=8, d_ff=32, num_layers=1, num_decoder_layers=1,
        num_heads=2, feed_forward_proj="gated-gelu", **tokens,
    )  # fmt: skip
    write_random(config, folder)
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=pieces, pad_token="<pad>", eos_token="</s>", unk_token="<unk>", model_max_length=512
    )
    wrapped.save_pretrained(folder)
