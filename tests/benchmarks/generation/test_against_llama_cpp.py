"""The file that llama.cpp is measured on holds the model; llama.cpp itself is compared where it is installed."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM

from benchmarks.generation.gguf_file import write_q8_0
from medsum.core.errors import UserError
from medsum.model.loading import load_base
from tests.conftest import ROOT

HAS_BINDING = importlib.util.find_spec("llama_cpp") is not None


def test_the_gguf_file_computes_what_the_checkpoint_does(tiny_decoder: Path, tmp_path: Path) -> None:
    write_q8_0(tiny_decoder, tmp_path / "model.gguf")
    read_back = AutoModelForCausalLM.from_pretrained(tmp_path, gguf_file="model.gguf", dtype=torch.float32)
    ids = torch.randint(2, 400, (2, 24), generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        logits = [model(ids).logits for model in (load_base(tiny_decoder), read_back)]
    assert logits[0].std() > 0.05
    assert (logits[0] - logits[1]).abs().max() < 0.02 * logits[0].abs().max()


def test_an_encoder_decoder_is_refused_in_one_sentence(tiny_base: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="T5ForConditionalGeneration; only a LlamaForCausalLM"):
        write_q8_0(tiny_base, tmp_path / "model.gguf")


@pytest.mark.skipif(not HAS_BINDING, reason="llama-cpp-python is built by who measures it")
def test_llama_cpp_writes_what_the_checkpoint_does(tiny_decoder: Path, tmp_path: Path) -> None:
    from benchmarks.generation.llama_engine import LlamaEngine

    write_q8_0(tiny_decoder, tmp_path / "model.gguf")
    model = AutoModelForCausalLM.from_pretrained(tmp_path, gguf_file="model.gguf", dtype=torch.float32)
    prompts = [[5, 9, 30, 77], [200, 3, 4, 5, 6, 7, 8]]
    with LlamaEngine(tmp_path / "model.gguf", rows=2, tokens=16, threads=1) as engine:
        together, [alone] = engine.write(prompts, 6), engine.write(prompts[1:], 6)
    assert together[1] == alone
    for prompt, written in zip(prompts, together, strict=True):
        ids = list(prompt)
        for token in written:
            logits = model(torch.tensor([ids])).logits[0, -1]
            assert logits[token] >= logits.max() - 0.05  # the likeliest but for rounding
            ids.append(token)


@pytest.mark.skipif(HAS_BINDING, reason="tells what to do without it")
def test_without_the_binding_the_script_says_how_to_get_it(few_dialogues: Path, tiny_decoder: Path) -> None:
    file = few_dialogues / "Few-TrainingSet.csv"
    command = ["-m", "benchmarks.generation.against_llama_cpp", str(file), "--checkpoint", str(tiny_decoder)]
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert "pip install llama-cpp-python" in done.stderr
    assert "Traceback" not in done.stderr
