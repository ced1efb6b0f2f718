"""Compare the speed of this project's trainer with the trainers that a user would otherwise use, on MTS-Dialog.

    python -m benchmarks.training.speed --data FOLDER [--base FOLDER] [--steps N] [--records N] [--seeds 3]
    python -m benchmarks.training.speed --data FOLDER --base FOLDER --precision bf16    # decoder-only model, or a GPU
    python -m benchmarks.training.speed --data FOLDER --tokenizer FOLDER --gradient-checkpointing

--data is a folder with MTS-Dialog's CSV files. A *side* is one of the compared trainers: `ours` is this project's
trainer, and `reference` is the trainer that a user would otherwise use. For an encoder-decoder model, the reference is
Seq2SeqTrainer as in transformers' summarization example. For a decoder-only model, the reference is TRL's SFTTrainer.
The base model, LoRA, batch size, learning rate, number of optimizer steps, tokens and precision are the same for both
sides, and the loss is only over the notes.

For a decoder-only model, there is a third side, `defaults`: SFTTrainer with its default settings. On a CPU, SFTTrainer
accepts its default settings only with `use_cpu=True`. It then computes in bf16, and computes the activations twice. The
learning rate, the batch size and the number of steps of this side are the same as for the other sides.

Each run is a separate process, and the sides run in turn. A run is one epoch over the same records. On a CPU, the CPU
time is measured. On a GPU, a run has two epochs, and only the wall-clock time of the second epoch is measured. The
reason is that the first epoch also loads kernels and captures our steps as CUDA graphs. The matrix work includes the
padding of the batches. The peak is the rate of one large matrix product on the same GPU. The loss is the mean over the
label tokens of the validation records. One function computes the loss for all sides.

- --tokenizer: a folder with the config and the tokenizer of FLAN-T5-base. The model then has the shape of FLAN-T5-base
  and random weights, so the losses mean nothing.
- --steps: run only this number of steps of each side's epoch, evenly spread from the shortest to the longest inputs.
- --gradient-checkpointing: compute the activations twice on all sides, for a machine with little memory. With the shape
  of FLAN-T5-base, the longest batches take 23 GB without this option and 7 GB with this option.
- --batch-tokens: divide our batches into pieces, as train.batch_tokens does.
"""

import argparse
import itertools
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from medsum.params.train import TrainParams

BATCH, COMPACT = 8, Path("models/base/compact")


def sets_of(options: argparse.Namespace, builder: Any, max_target_tokens: int) -> list[Any]:
    """Return MTS-Dialog's tokenised training and validation records. The options limit their number and length."""
    from benchmarks.records import read, spread
    from medsum.training.dataset import tokenize

    found = []
    for pattern in ("*Train*.csv", "*Valid*.csv"):
        [file] = options.data.glob(pattern)
        records = [r for r in read(file) if len(builder.ids(r.dialogue, r.section)) <= options.longest]
        found.append(tokenize(spread(records, options.records), builder, max_target_tokens).dataset)
    return found


def load(options: argparse.Namespace, params: "TrainParams") -> Any:
    """Return the model with its adapter. The model is the base model or, with --tokenizer, a model with random weights.

    A decoder-only base model that is trained in bf16 is loaded in bf16, as in the stage train.
    """
    import torch

    from benchmarks.shape import random_model
    from medsum.model import architecture
    from medsum.model.loading import load_base
    from medsum.training.adapter import add_adapter

    if options.tokenizer:
        return add_adapter(random_model(options.tokenizer), params)
    half = architecture.read(options.base).kind == "decoder-only" and params.precision == "bf16"
    return add_adapter(load_base(options.base, dtype=torch.bfloat16 if half else torch.float32), params)


def train(trainer: Any) -> list[float]:
    """Return the seconds of each epoch. On a CPU this is CPU time, and on a GPU it is wall-clock time."""
    import torch
    from transformers import TrainerCallback

    on_gpu = torch.cuda.is_available()
    marks: list[float] = []

    def mark() -> None:
        if on_gpu:
            torch.cuda.synchronize()
        marks.append(time.perf_counter() if on_gpu else time.process_time())

    class Marks(TrainerCallback):
        def on_epoch_begin(self, *_: Any, **__: Any) -> None:
            mark()

    trainer.add_callback(Marks())
    trainer.train()
    mark()
    return [end - start for start, end in itertools.pairwise(marks)]


def settings(options: argparse.Namespace, epochs: int) -> "TrainParams":
    """Return the section `train` of params.yaml, changed by the options of the command line and by this comparison."""
    from medsum.params import train as train_params

    changed = {
        "seed": options.seed,
        "batch_size": BATCH,
        "gradient_accumulation_steps": 1,
        "num_epochs": epochs,
        "precision": options.precision,
        "label_smoothing": 0.0,
        "gradient_checkpointing": options.gradient_checkpointing,
        "batch_tokens": options.batch_tokens,
    }
    given = {"learning_rate": options.learning_rate, "lora_layers": options.lora_layers}
    return train_params.load().model_copy(update=changed | {name: v for name, v in given.items() if v is not None})


def measure(side: str, options: argparse.Namespace) -> dict[str, float]:
    """Train one side in this process and return its figures."""
    import torch
    from transformers import set_seed

    from benchmarks.training.figures import held_out_loss, matrix_work, peak_rate
    from benchmarks.training.trainers import Task, steps_of_epoch, trainer_of
    from medsum.model import determinism
    from medsum.model.chat import prompt_builder
    from medsum.model.loading import load_tokenizer
    from medsum.params import prompt

    on_gpu = torch.cuda.is_available()
    params = settings(options, epochs=1 + on_gpu)
    if side == "ours":
        determinism.fix(options.threads, options.seed)
    else:  # the other sides do not use deterministic kernels
        torch.set_num_threads(options.threads)
        set_seed(options.seed)
    base = options.tokenizer or options.base
    builder = prompt_builder(base, prompt.load())
    training, validation = sets_of(options, builder, params.max_target_tokens)
    task = Task(load(options, params), load_tokenizer(base), builder, training, params)
    with tempfile.TemporaryDirectory() as folder:
        chosen = steps_of_epoch(side, task, options.steps) if options.steps else None
        trainer = trainer_of(side, task, Path(folder), chosen)
        *warm_up, seconds = train(trainer)
    taken = training.select([i for step in chosen for i in step]) if chosen else training
    found = {
        "examples/s": len(taken) / seconds,
        "tokens/s": sum(len(ids) for name in ("input_ids", "labels") for ids in taken[name]) / seconds,
        "steps": trainer.state.global_step,
        "peak memory, GB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
    }
    if on_gpu:
        found["peak memory, GB"] = torch.cuda.max_memory_allocated() / 1e9
        found["first epoch, s"] = sum(warm_up)
        rate = matrix_work(side, task, trainer.get_train_dataloader()) / seconds
        found |= {
            "matrix work, TFLOP/s": rate / 1e12,
            "of the GPU's peak, %": 100 * rate / peak_rate(params.precision == "bf16"),
        }
    if not options.tokenizer:
        found["validation loss"] = held_out_loss(task, validation)
    return found


def arguments() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training.speed", description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--base", type=Path, default=COMPACT, help="folder of a base model")
    parser.add_argument("--tokenizer", type=Path)
    parser.add_argument(
        "--records", type=int, default=10**6, help="number of training records, evenly spread over their lengths"
    )
    parser.add_argument("--longest", type=int, default=10**6, help="leave out prompts with more tokens, to save memory")
    parser.add_argument("--steps", type=int, help="number of steps of an epoch, spread over its lengths")
    parser.add_argument("--precision", default="fp32", choices=["fp32", "bf16"])
    parser.add_argument("--learning-rate", type=float, help="replaces train.learning_rate on all sides")
    parser.add_argument("--lora-layers", type=int, help="replaces train.lora_layers on all sides")
    parser.add_argument("--gradient-checkpointing", action="store_true", help="compute the activations twice")
    parser.add_argument("--batch-tokens", type=int, help="replaces train.batch_tokens on our side")
    parser.add_argument("--sides", nargs="+", choices=["reference", "defaults", "ours"], help="run only these sides")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=1, help=argparse.SUPPRESS)
    return parser.parse_args()


def print_table(found: dict[str, list[dict[str, float]]], losses: bool) -> None:
    """Print the means over the seeds of each figure and side, and our speed divided by the speed of each other side."""
    sides = list(found)
    print("\n| | " + " | ".join(sides) + " |\n|" + "---|" * (len(sides) + 1))
    for name in found[sides[0]][0]:
        print(
            f"| {name} | " + " | ".join(f"{statistics.mean(run[name] for run in found[s]):.4g}" for s in sides) + " |"
        )
    if losses and len(found[sides[0]]) > 1:
        spread = [statistics.stdev(run["validation loss"] for run in found[side]) for side in sides]
        print("| its deviation over seeds | " + " | ".join(f"{value:.4g}" for value in spread) + " |")
    for other in sides:
        if other != "ours" and "ours" in found:
            runs = zip(found["ours"], found[other], strict=True)
            ratios = [mine["examples/s"] / theirs["examples/s"] for mine, theirs in runs]
            middle = f"{statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
            print(f"\nExamples a second, ours / {other}: {middle}")


def main() -> None:
    """Train the sides in turn, each run in a separate process. Then print the table."""
    options = arguments()
    if options.one:
        print(json.dumps(measure(options.one, options)))
        return
    from benchmarks.training.trainers import SIDES
    from medsum.model import architecture

    possible = SIDES[architecture.read(options.tokenizer or options.base).kind]
    sides = tuple(side for side in possible if not options.sides or side in options.sides)
    found: dict[str, list[dict[str, float]]] = {side: [] for side in sides}
    for seed in range(1, options.seeds + 1):
        for side in sides if seed % 2 else sides[::-1]:
            command = [
                sys.executable,
                "-m",
                "benchmarks.training.speed",
                *sys.argv[1:],
                "--one",
                side,
                "--seed",
                str(seed),
            ]
            output = subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
            found[side].append(json.loads(output.splitlines()[-1]))
            print(f"seed {seed}, {side}: {output.splitlines()[-1]}", flush=True)
    print_table(found, losses=not options.tokenizer)


if __name__ == "__main__":
    main()
