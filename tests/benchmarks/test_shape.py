"""A model of FLAN-T5-base's true shape, with random weights, takes the recommended adapter and learns."""

from pathlib import Path

import pytest
import torch
from transformers import T5Config

from benchmarks.shape import random_model
from medsum.params import one_off
from medsum.params.train import TrainParams, load
from medsum.training.adapter import add_adapter
from tests.conftest import ROOT

PARAMETERS = 247_577_856  # of google/flan-t5-base; with one matrix for embedding and output there would be fewer
RANK, LAYERS = 16, 12 + 2 * 12  # attention: in each layer of the encoder, and twice in each of the decoder


@pytest.mark.slow
def test_flan_t5_base_s_shape_learns_with_the_recommended_adapter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    config = T5Config(
        vocab_size=32128, d_model=768, d_kv=64, d_ff=2048, num_layers=12, num_decoder_layers=12, num_heads=12,
        feed_forward_proj="gated-gelu", pad_token_id=0, eos_token_id=1,
    )  # fmt: skip
    config.tie_word_embeddings, config.decoder_start_token_id = False, 0
    config.save_pretrained(tmp_path)
    model = random_model(tmp_path)
    assert sum(weights.numel() for weights in model.parameters()) == PARAMETERS
    assert model.lm_head.weight is not model.shared.weight
    assert not torch.equal(model.lm_head.weight, model.shared.weight)

    params = one_off.apply({"train": load()}, "recommended", {})["train"]
    assert isinstance(params, TrainParams)
    adapted = add_adapter(model, params)
    trained = {name: weights for name, weights in adapted.named_parameters() if weights.requires_grad}
    assert sum(weights.numel() for weights in trained.values()) == LAYERS * 2 * 2 * 768 * RANK  # q and v
    generator = torch.Generator().manual_seed(0)
    prompts, notes = (torch.randint(2, 32000, (2, length), generator=generator) for length in (24, 8))
    loss = adapted(input_ids=prompts, labels=notes).loss
    loss.backward()
    assert torch.isfinite(loss)
    gradients = [weights.grad for weights in trained.values()]
    assert all(gradient is not None and torch.isfinite(gradient).all() for gradient in gradients)
    assert all(weights.grad is None for weights in adapted.parameters() if not weights.requires_grad)
