"""Compute the memory of training and serving from the shapes of base models with 135 M to 8 B parameters.

    python -m benchmarks.training.memory              # the table, in seconds; no weights are made
    python -m benchmarks.training.memory --measure    # real training runs of some shapes, each in a separate process

The shapes come from public configs. SHAPES names the repositories of the configs. The weights are random, because
memory and time do not depend on the values of the weights. --measure prints the peak of the resident memory in a few
real steps, on a CPU with one thread.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

FLAN = {"model_type": "t5", "d_kv": 64, "vocab_size": 32128, "feed_forward_proj": "gated-gelu",
        "decoder_start_token_id": 0, "pad_token_id": 0, "scale_decoder_outputs": False}  # fmt: skip


def llama(width: int, inner: int, layers: int, heads: int, groups: int, vocabulary: int, **more: Any) -> dict[str, Any]:
    """Return a config of Llama's architecture, or of a similar architecture."""
    return {
        "model_type": "llama", "hidden_size": width, "intermediate_size": inner, "num_hidden_layers": layers,
        "num_attention_heads": heads, "num_key_value_heads": groups, "vocab_size": vocabulary,
        "tie_word_embeddings": True, **more,
    }  # fmt: skip


def flan(width: int, inner: int, layers: int, heads: int) -> dict[str, Any]:
    """Return a config of FLAN-T5. Its output layer does not share the weights of the input embedding."""
    return {**FLAN, "d_model": width, "d_ff": inner, "num_layers": layers, "num_decoder_layers": layers,
            "num_heads": heads}  # fmt: skip


QWEN2 = {"model_type": "qwen2"}
QWEN3 = {"model_type": "qwen3", "head_dim": 128}
GEMMA3 = {"model_type": "gemma3_text", "head_dim": 256}
UNTIED = {"tie_word_embeddings": False}
SHAPES: dict[str, dict[str, Any]] = {  # the shapes by the repository on the hub from whose config.json they come
    "google/flan-t5-small": flan(512, 1024, 8, 6),
    "google/flan-t5-base": flan(768, 2048, 12, 12),
    "google/flan-t5-large": flan(1024, 2816, 24, 16),
    "google/flan-t5-xl": flan(2048, 5120, 24, 32),
    "HuggingFaceTB/SmolLM2-135M-Instruct": llama(576, 1536, 30, 9, 3, 49152),
    "HuggingFaceTB/SmolLM2-360M-Instruct": llama(960, 2560, 32, 15, 5, 49152),
    "HuggingFaceTB/SmolLM2-1.7B-Instruct": llama(2048, 8192, 24, 32, 32, 49152),
    "Qwen/Qwen2.5-0.5B-Instruct": llama(896, 4864, 24, 14, 2, 151936, **QWEN2),
    "Qwen/Qwen2.5-1.5B-Instruct": llama(1536, 8960, 28, 12, 2, 151936, **QWEN2),
    "Qwen/Qwen2.5-3B-Instruct": llama(2048, 11008, 36, 16, 2, 151936, **QWEN2),
    "Qwen/Qwen2.5-7B-Instruct": llama(3584, 18944, 28, 28, 4, 152064, **QWEN2, **UNTIED),
    "Qwen/Qwen3-0.6B": llama(1024, 3072, 28, 16, 8, 151936, **QWEN3),
    "Qwen/Qwen3-1.7B": llama(2048, 6144, 28, 16, 8, 151936, **QWEN3),
    "Qwen/Qwen3-4B": llama(2560, 9728, 36, 32, 8, 151936, **QWEN3),
    "Qwen/Qwen3-8B": llama(4096, 12288, 36, 32, 8, 151936, **QWEN3, **UNTIED),
    "google/gemma-3-1b-it": llama(1152, 6912, 26, 4, 1, 262144, **GEMMA3),
    "google/gemma-3-4b-it, medgemma-4b-it": llama(2560, 10240, 34, 8, 4, 262208, **GEMMA3),
    "meta-llama/Llama-3.2-1B-Instruct": llama(2048, 8192, 16, 32, 8, 128256),
    "meta-llama/Llama-3.2-3B-Instruct": llama(3072, 8192, 28, 24, 8, 128256),
    "meta-llama/Llama-3.1-8B-Instruct": llama(4096, 14336, 32, 32, 8, 128256, **UNTIED),
}


class Run(NamedTuple):
    """A training run that is measured. `precision` is the format of the computation."""

    base: str
    precision: str
    targets: str
    checkpointing: bool
    gives_back: bool
    records: int
    prompt_tokens: int
    note_tokens: int


SMALL, SMOL = "google/flan-t5-small", "HuggingFaceTB/SmolLM2-135M-Instruct"
RUNS = (
    Run("compact", "fp32", "all-linear", False, False, 8, 512, 192),
    Run(SMALL, "fp32", "q,v", False, False, 8, 512, 192),
    Run(SMALL, "fp32", "q,v", True, False, 8, 512, 192),
    Run(SMALL, "bf16", "q,v", False, False, 8, 512, 192),
    Run(SMOL, "bf16", "all-linear", False, False, 4, 225, 60),
    Run(SMOL, "bf16", "all-linear", False, True, 4, 225, 60),
    Run(SMOL, "bf16", "all-linear", True, False, 4, 225, 60),
    Run(SMOL, "fp32", "all-linear", False, False, 2, 400, 100),
)
STEPS = 2


def config_of(base: str) -> Any:
    """Return the config of a shape. The config of the base model `compact` comes from Git."""
    from transformers import AutoConfig

    if base == "compact":
        return AutoConfig.from_pretrained("models/base/compact", local_files_only=True)
    values = dict(SHAPES[base])
    return AutoConfig.for_model(values.pop("model_type"), **values)


def model_of(config: Any, half: bool) -> Any:
    """Return a model of this shape with random weights."""
    import torch
    from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM

    kind = AutoModelForSeq2SeqLM if config.is_encoder_decoder else AutoModelForCausalLM
    model = kind.from_config(config, dtype=torch.bfloat16 if half else torch.float32)  # type: ignore[no-untyped-call]
    if getattr(config, "scale_decoder_outputs", True) is False:
        model.lm_head.weight = torch.nn.Parameter(torch.randn(config.vocab_size, config.d_model) / 20)
    return model


def measure(run: Run) -> dict[str, float]:
    """Train `STEPS` steps in this process. Return the peak memory, the CPU seconds per step, and the estimate."""
    import torch
    from datasets import Dataset
    from transformers import GenerationConfig, ProgressCallback

    from medsum.model import determinism
    from medsum.model.loading import load_tokenizer
    from medsum.params import train as train_params
    from medsum.training import cpu_kernels, memory_needs
    from medsum.training.adapter import add_adapter
    from medsum.training.collation import collator
    from medsum.training.dataset import MASKED
    from medsum.training.fine_tuning import step_loss, trainer_arguments
    from medsum.training.memory import give_back_freed_memory
    from medsum.training.shape import shape_of
    from medsum.training.trainer import LoraTrainer

    if run.gives_back:
        give_back_freed_memory()
    determinism.fix(1, 1)
    targets = run.targets if run.targets == "all-linear" else run.targets.split(",")
    params = train_params.load().model_copy(
        update={"lora_target_modules": targets, "lora_layers": None, "gradient_checkpointing": run.checkpointing}
        | {"batch_size": run.records, "gradient_accumulation_steps": 1, "num_epochs": 1}
    )
    config = config_of(run.base)
    bf16, decodes = run.precision == "bf16", not config.is_encoder_decoder
    shape = shape_of(config, params)
    adapted = add_adapter(model_of(config, bf16 and decodes), params)
    own_kernels = bf16 and cpu_kernels.usable(adapted)
    if own_kernels:
        cpu_kernels.install(adapted)
    read, rows = run.prompt_tokens + decodes * run.note_tokens, run.records * STEPS
    columns = {"input_ids": [[5] * read] * rows, "attention_mask": [[1] * read] * rows,
               "labels": [[7] * run.note_tokens] * rows}  # fmt: skip
    filler = {"input_ids": [1], "attention_mask": [1], "labels": [MASKED]}
    tokenizer = load_tokenizer(Path("models/base/compact"))  # only for padding, so any tokenizer can be used
    with tempfile.TemporaryDirectory() as folder:
        arguments = trainer_arguments(params, Path(folder), [], {"bf16": bf16})
        arguments.eval_strategy = arguments.save_strategy = "no"
        arguments.load_best_model_at_end = False
        trainer = LoraTrainer(
            summary=GenerationConfig(), log_steps=1, model=adapted, args=arguments, processing_class=tokenizer,
            data_collator=collator(tokenizer, adapted, None),
            train_dataset=Dataset.from_dict(columns).add_item(filler),
            compute_loss_func=step_loss(0.0, run.records * run.note_tokens),
        )  # fmt: skip
        trainer.remove_callback(ProgressCallback)
        started = time.process_time()
        trainer.train()
        seconds = (time.process_time() - started) / STEPS
    weights = "bf16" if bf16 and decodes else "fp32"
    formats = memory_needs.Formats(weights, run.precision, "cpu", own_kernels, run.gives_back)
    batch = memory_needs.Batch(run.records, run.prompt_tokens, run.note_tokens)
    expected = memory_needs.training(shape, batch, formats, dropout=True, checkpointing=run.checkpointing)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"measured": peak, "computed": expected.total, "seconds": seconds, "threads": torch.get_num_threads()}


def measured_table(chosen: list[int]) -> None:
    """Measure each run in a separate process. Print a Markdown table of computed and measured memory."""
    print("| base | computes in | adapters | activations | batch | computed, GB | measured, GB | ratio | s per step |")
    print("|---|---|---|---|---|---|---|---|---|")
    for number in chosen:
        run = RUNS[number]
        command = [sys.executable, "-m", "benchmarks.training.memory", "--one", str(number)]
        output = subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
        found = json.loads(output.splitlines()[-1])
        kept = ("computed twice" if run.checkpointing else "kept") + ", freed at once" * run.gives_back
        print(
            f"| {run.base} | {run.precision} | {run.targets} | {kept}"
            f" | {run.records} x ({run.prompt_tokens} + {run.note_tokens})"
            f" | {found['computed'] / 1e9:.2f} | {found['measured'] / 1e9:.2f}"
            f" | {found['computed'] / found['measured']:.2f} | {found['seconds']:.1f} |",
            flush=True,
        )


def table() -> None:
    """Print the Markdown table of all shapes: training of a batch on a GPU and on a CPU, and serving."""
    from medsum.params import train as train_params
    from medsum.training import memory_needs
    from medsum.training.shape import shape_of

    params = train_params.load().model_copy(
        update={"lora_target_modules": "all-linear", "lora_layers": None, "lora_rank": 16}
    )
    plain, small = memory_needs.Batch(8, 512, 192), memory_needs.Batch(2, 1024, 256)
    print(
        "| base | parameters | GPU, batch 8 | and recomputed | GPU, 8 bits, recomputed | GPU, `qlora` |"
        " CPU, batch 8, recomputed | served int8 | served bf16 |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for name in SHAPES:
        config = config_of(name)
        shape = shape_of(config, params)
        plain_weights = "fp32" if config.is_encoder_decoder else "bf16"
        on_cpu = memory_needs.Formats(plain_weights, "bf16", "cpu", own_kernels=not config.is_encoder_decoder)
        cells = [
            memory_needs.training(shape, batch, formats, dropout=True, checkpointing=again).total
            for batch, formats, again in (
                (plain, memory_needs.Formats(plain_weights, "bf16", "cuda"), False),
                (plain, memory_needs.Formats(plain_weights, "bf16", "cuda"), True),
                (plain, memory_needs.Formats("8bit", "bf16", "cuda"), True),
                (small, memory_needs.Formats("4bit", "bf16", "cuda"), True),
                (plain, on_cpu, True),
            )
        ] + [
            memory_needs.serving(shape, memory_needs.Batch(8, 512, 192), kind, 4).total for kind in ("int8", "bfloat16")
        ]
        row = " | ".join(f"{amount / 1e9:.1f}" for amount in cells)
        print(f"| {name} | {shape.parameters / 1e6:,.0f} M | {row} |", flush=True)


def main() -> None:
    """Print the table, or the measurements."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.training.memory", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--measure", type=int, nargs="*", help="numbers of runs, or all", metavar="RUN")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one is not None:
        print(json.dumps(measure(RUNS[options.one])))
    elif options.measure is not None:
        measured_table(options.measure or list(range(len(RUNS))))
    else:
        table()


if __name__ == "__main__":
    main()
