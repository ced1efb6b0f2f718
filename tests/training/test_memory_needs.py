"""What a training keeps is computed from the config; here it is counted in real models of each kind."""

from typing import Any

import pytest
import torch
from torch.autograd.graph import saved_tensors_hooks
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSeq2SeqLM, PretrainedConfig

from medsum.params import train
from medsum.params.train import TrainParams
from medsum.training.adapter import add_adapter
from medsum.training.memory_needs import Batch, Formats, serving, training
from medsum.training.shape import shape_of

DECODER = {"hidden_size": 128, "intermediate_size": 384, "num_hidden_layers": 3, "num_attention_heads": 4,
           "num_key_value_heads": 2, "vocab_size": 500}  # fmt: skip
KINDS: dict[str, dict[str, Any]] = {
    "t5": {"d_model": 128, "d_ff": 256, "d_kv": 32, "num_layers": 3, "num_decoder_layers": 2, "num_heads": 4,
           "vocab_size": 500, "feed_forward_proj": "gated-gelu", "decoder_start_token_id": 0},
    "llama": DECODER,
    "qwen2": DECODER,
    "qwen3": {**DECODER, "head_dim": 32},
    "mistral": DECODER,
    "gemma2": {**DECODER, "head_dim": 32},
    "gemma3_text": {**DECODER, "head_dim": 32},
}  # fmt: skip
BATCH = Batch(records=2, prompt_tokens=150, note_tokens=50)


def params(**changes: Any) -> TrainParams:
    defaults = {"lora_target_modules": "all-linear", "lora_layers": None, "lora_rank": 4, "lora_dropout": 0.05}
    return train.load().model_copy(update=defaults | changes)


def config_of(kind: str) -> PretrainedConfig:
    return AutoConfig.for_model(kind, **KINDS[kind])


def real_model(config: PretrainedConfig) -> Any:
    kind: Any = AutoModelForSeq2SeqLM if config.is_encoder_decoder else AutoModelForCausalLM
    return kind.from_config(config)


def bytes_kept(model: Any, *, autocast: bool) -> int:
    """Bytes that autograd keeps of one pass, weights aside."""
    weights = {parameter.untyped_storage().data_ptr() for parameter in model.parameters()}
    kept: dict[int, torch.Tensor] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        kept[tensor.untyped_storage().data_ptr()] = tensor
        return tensor

    tokens = BATCH.prompt_tokens if model.config.is_encoder_decoder else BATCH.prompt_tokens + BATCH.note_tokens
    ids = torch.randint(3, 500, (BATCH.records, tokens))
    more: dict[str, Any] = {"attention_mask": torch.ones_like(ids)}
    if model.config.is_encoder_decoder:
        more["decoder_input_ids"] = ids[:, : BATCH.note_tokens]
    else:
        more["logits_to_keep"] = 1
    with saved_tensors_hooks(keep, lambda tensor: tensor), torch.autocast("cpu", torch.bfloat16, enabled=autocast):
        model.train()(input_ids=ids, use_cache=False, **more)
    return sum(tensor.untyped_storage().nbytes() for place, tensor in kept.items() if place not in weights)


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_computed_activations_are_within_a_fifth_of_what_autograd_keeps(kind: str, precision: str) -> None:
    config = config_of(kind)
    formats = Formats("fp32", precision, gives_back=True)
    computed = training(shape_of(config, params()), BATCH, formats, dropout=True, checkpointing=False).activations
    counted = bytes_kept(add_adapter(real_model(config), params()), autocast=precision == "bf16")
    assert 0.8 < computed / counted < 1.2


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_parameters_of_a_shape_are_those_of_the_real_model(kind: str) -> None:
    config = config_of(kind)
    shape = shape_of(config, params())
    adapted: Any = add_adapter(real_model(config), params())
    trainable, parameters = adapted.get_nb_trainable_parameters()
    assert (shape.trainable, shape.parameters) == (trainable, parameters - trainable)


def test_an_output_layer_of_its_own_is_counted_as_in_flan_t5() -> None:
    tied = shape_of(AutoConfig.for_model("t5", **KINDS["t5"]), params())
    own = shape_of(AutoConfig.for_model("t5", **KINDS["t5"], scale_decoder_outputs=False), params())
    assert own.parameters - tied.parameters == 500 * 128


def test_layers_below_the_first_adapter_keep_nothing() -> None:
    formats, config = Formats(), config_of("llama")
    whole, upper = (
        training(shape_of(config, params(lora_layers=layers)), BATCH, formats, dropout=True, checkpointing=False)
        for layers in (None, 1)
    )
    assert upper.activations == pytest.approx(whole.activations / 3)


def test_each_way_to_save_memory_saves_some() -> None:
    shape = shape_of(config_of("llama"), params())

    def total(batch: Batch = BATCH, weights: str = "fp32", *, checkpointing: bool = False) -> float:
        return training(shape, batch, Formats(weights), dropout=True, checkpointing=checkpointing).total

    assert total(checkpointing=True) < total()
    assert total(BATCH._replace(records=1)) < total()
    assert total(BATCH._replace(prompt_tokens=75)) < total()
    assert total(weights="4bit") < total(weights="8bit") < total(weights="fp32")


def test_a_served_model_takes_its_weights_in_their_precision() -> None:
    shape = shape_of(config_of("llama"), params())
    weights = {name: serving(shape, BATCH, name, 1).weights for name in ("int8", "bfloat16", "float32")}
    assert weights == {"int8": shape.parameters, "bfloat16": 2 * shape.parameters, "float32": 4 * shape.parameters}
