"""Our fine-tuning beside the loop that a user would otherwise take, on the lengths of MTS-Dialog.

    python -m benchmarks.training --data FOLDER [--tokenizer FOLDER] [--steps N] [--gradient-checkpointing] [--seeds 3]
    python -m benchmarks.training --data FOLDER [--tokenizer FOLDER] --precision bf16    # on a GPU

FOLDER of --data holds MTS-Dialog's CSV files. The reference is Seq2SeqTrainer as in transformers' summarization
example: random batches padded to their longest, defaults otherwise; base model, LoRA, batch size, learning rate,
number of optimizer steps and precision are the same. One process a run, the two sides in turn; a run is one epoch
over the same records; on a CPU with one thread its CPU time counts. On a GPU a run is two epochs, of which the second
counts, by the clock: in the first kernels are loaded and our steps captured as CUDA graphs. Matrix work is that of the
batches with their padding, and the peak what one large product reaches there. --tokenizer, a folder with
FLAN-T5-base's config and tokenizer, takes a model of that shape with random, untied weights instead of
models/base/compact; then the losses say nothing. --steps takes of either side's epoch so many steps only, evenly spread
from those with the shortest inputs to those with the longest. --gradient-checkpointing, on both sides, is for a machine
without the memory: FLAN-T5-base's shape takes 23 GB on the longest batches, 7 GB with it.
"""

import argparse
import csv
import itertools
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

BATCH, COMPACT = 8, Path("models/base/compact")
COUNTED = 8  # batches of an epoch whose operations are counted
SIDE = 8192  # of the square matrices whose product shows a GPU's peak
SIDES = ("reference", "ours")


def read(folder: Path, pattern: str, limit: int) -> list[Any]:
    """Records of one CSV; if more than `limit`, every nth by length, so that the lengths stay as they are."""
    from medsum.data.records import Record

    [file] = folder.glob(pattern)
    with file.open(encoding="utf-8", newline="") as rows:
        records = [
            Record(r["ID"], r["dialogue"], r["section_text"], r["section_header"], "mts") for r in csv.DictReader(rows)
        ]
    if len(records) <= limit:
        return records
    records.sort(key=lambda record: (len(record.dialogue), record.id))
    return [records[(2 * i + 1) * len(records) // (2 * limit)] for i in range(limit)]


def load(tokenizer: Path | None) -> tuple[Any, Any]:
    """Model and tokenizer: compact, or of the tokenizer folder's shape with random weights."""
    from benchmarks.shape import random_model
    from medsum.model.loading import load_base, load_tokenizer

    model = random_model(tokenizer) if tokenizer else load_base(COMPACT)
    return model, load_tokenizer(tokenizer or COMPACT)


def steps_of_epoch(side: str, dataset: Any, seed: int, number: int) -> list[list[int]]:
    """Records of a `number` of steps that stand for all of a side's epoch."""
    import torch

    from medsum.model.batches import LengthGroupedBatches

    lengths = [len(ids) for ids in dataset["input_ids"]]
    if side == "ours":
        steps = LengthGroupedBatches(lengths, BATCH, 1, 0, 1, seed).steps_of_epoch()
    else:
        order = torch.randperm(len(lengths), generator=torch.Generator().manual_seed(seed)).tolist()
        steps = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    steps = sorted((step for step in steps if len(step) == BATCH), key=lambda step: max(lengths[i] for i in step))
    return [steps[(2 * n + 1) * len(steps) // (2 * number)] for n in range(number)]


def trainer_of(side: str, model: Any, tokenizer: Any, dataset: Any, params: Any, folder: str, chosen: Any) -> Any:
    """A trainer that neither validates nor saves, of whole epochs or of `chosen` steps in each."""
    import torch
    from torch.utils.data import DataLoader
    from transformers import DataCollatorForSeq2Seq, ProgressCallback, Seq2SeqTrainer, Seq2SeqTrainingArguments

    from medsum.model import graphs
    from medsum.model.dataset import nothing_to_learn
    from medsum.model.precision import autocast
    from medsum.model.trainer import LoraTrainer
    from medsum.model.training import collator, mean_step_tokens, step_loss, trainer_arguments

    precision: dict[str, Any] = {**autocast(params, model.config)}
    graphed = graphs.usable(params, quantized=False)
    collate = collator(tokenizer, model, graphed) if side == "ours" else DataCollatorForSeq2Seq(tokenizer, model)
    common: dict[str, Any] = {"model": model, "processing_class": tokenizer, "data_collator": collate}
    if side == "ours":
        arguments = trainer_arguments(params, Path(folder), [], precision)
        arguments.eval_strategy = arguments.save_strategy = "no"
        arguments.load_best_model_at_end = False
        trainer: Any = LoraTrainer(
            max_new_tokens=1, log_steps=1, graphed=graphed, args=arguments,
            train_dataset=dataset.add_item(nothing_to_learn(tokenizer)),
            compute_loss_func=step_loss(0.0, mean_step_tokens(dataset, -(-len(dataset) // BATCH))), **common,
        )  # fmt: skip
    else:
        arguments = Seq2SeqTrainingArguments(
            output_dir=folder, seed=params.seed, learning_rate=params.learning_rate, num_train_epochs=params.num_epochs,
            activation_checkpointing=params.gradient_checkpointing,
            activation_checkpointing_kwargs={"use_reentrant": False},
            per_device_train_batch_size=BATCH, weight_decay=params.weight_decay, warmup_steps=params.warmup_ratio,
            save_strategy="no", report_to="none", use_cpu=not torch.cuda.is_available(), **precision,
        )  # fmt: skip
        trainer = Seq2SeqTrainer(args=arguments, train_dataset=dataset, **common)
    trainer.remove_callback(ProgressCallback)
    if chosen:
        arguments.max_steps = len(chosen) * params.num_epochs
        loader = DataLoader(dataset, batch_sampler=chosen, collate_fn=collate)
        trainer.get_train_dataloader = lambda: trainer.accelerator.prepare(loader)
    return trainer


def validation_loss(model: Any, tokenizer: Any, dataset: Any) -> float:
    """Mean over all label tokens, the same for both sides."""
    import torch
    from transformers import DataCollatorForSeq2Seq

    from medsum.model.dataset import MASKED
    from medsum.model.trainer import token_losses

    collate, total, tokens = DataCollatorForSeq2Seq(tokenizer, model), 0.0, 0
    model.eval()
    with torch.inference_mode():
        for start in range(0, len(dataset), BATCH):
            rows = [dataset[i] for i in range(start, min(start + BATCH, len(dataset)))]
            batch = collate(rows).to(model.device)
            labels = batch.pop("labels")
            total += token_losses(model(**batch).logits, labels, 0.0).sum().item()
            tokens += int(labels.ne(MASKED).sum())
    return total / tokens


def matrix_work(model: Any, loader: Any) -> float:
    """Floating-point operations of the matrix products of an epoch, padding included, from some of its batches."""
    from torch.utils.flop_counter import FlopCounterMode

    batches = list(loader)
    some = batches[:: max(1, len(batches) // COUNTED)]
    model.train()
    with FlopCounterMode(display=False) as counter:
        for batch in some:
            model(**batch.to(model.device)).loss.backward()
    return float(counter.get_total_flops()) * len(batches) / len(some)


def peak_rate(bf16: bool) -> float:
    """Operations a second of one large product on this GPU, the median of ten."""
    import torch

    left, right = torch.randn(2, SIDE, SIDE, device="cuda", dtype=torch.bfloat16 if bf16 else torch.float32)
    seconds = []
    for _ in range(13):
        torch.cuda.synchronize()
        started = time.perf_counter()
        left @ right
        torch.cuda.synchronize()
        seconds.append(time.perf_counter() - started)
    return 2 * SIDE**3 / statistics.median(seconds[3:])


def train(trainer: Any) -> list[float]:
    """Seconds of each epoch: CPU time, which bears other work beside, or with a GPU by the clock."""
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


def measure(side: str, options: argparse.Namespace) -> dict[str, float]:
    """One side in this process."""
    import torch
    from transformers import set_seed

    from medsum.model import determinism
    from medsum.model.adapter import add_adapter
    from medsum.model.dataset import tokenize
    from medsum.params import prompt
    from medsum.params import train as train_params

    on_gpu = torch.cuda.is_available()
    params = train_params.load().model_copy(
        update={"seed": options.seed, "batch_size": BATCH, "gradient_accumulation_steps": 1, "num_epochs": 1 + on_gpu}
        | {"precision": options.precision, "label_smoothing": 0.0}
        | {"gradient_checkpointing": options.gradient_checkpointing}
    )
    if side == "ours":
        determinism.fix(options.threads, options.seed)
    else:  # which does without deterministic kernels
        torch.set_num_threads(options.threads)
        set_seed(options.seed)
    model, tokenizer = load(options.tokenizer)
    sets = [
        tokenize(read(options.data, pattern, limit), tokenizer, prompt.load(), params.max_target_tokens).dataset
        for pattern, limit in (("*Train*.csv", options.records), ("*Valid*.csv", options.records))
    ]
    adapted = add_adapter(model, params)
    with tempfile.TemporaryDirectory() as folder:
        chosen = steps_of_epoch(side, sets[0], options.seed, options.steps) if options.steps else None
        trainer = trainer_of(side, adapted, tokenizer, sets[0], params, folder, chosen)
        *warm_up, seconds = train(trainer)
    taken = sets[0].select([i for step in chosen for i in step]) if chosen else sets[0]
    tokens = sum(len(ids) for name in ("input_ids", "labels") for ids in taken[name])
    found = {
        "examples/s": len(taken) / seconds,
        "tokens/s": tokens / seconds,
        "steps": trainer.state.global_step,
        "peak memory, GB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
    }
    if on_gpu:
        found["peak memory, GB"] = torch.cuda.max_memory_allocated() / 1e9
        found["first epoch, s"] = sum(warm_up)
        rate = matrix_work(adapted, trainer.get_train_dataloader()) / seconds
        found |= {
            "matrix work, TFLOP/s": rate / 1e12,
            "of the GPU's peak, %": 100 * rate / peak_rate(params.precision == "bf16"),
        }
    if not options.tokenizer:
        found["validation loss"] = validation_loss(adapted, tokenizer, sets[1])
    return found


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training", description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path)
    parser.add_argument("--records", type=int, default=10**6, help="of the training set, the same lengths in few")
    parser.add_argument("--steps", type=int, help="of an epoch, spread over its lengths")
    parser.add_argument("--precision", default="fp32", choices=["fp32", "bf16"])
    parser.add_argument("--gradient-checkpointing", action="store_true", help="on both sides")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--one", choices=SIDES, help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=1, help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    """Both sides in turn, each run in its own process; then the table."""
    options = arguments()
    if options.one:
        print(json.dumps(measure(options.one, options)))
        return
    found: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}
    for seed in range(1, options.seeds + 1):
        for side in SIDES if seed % 2 else SIDES[::-1]:
            command = [sys.executable, "-m", "benchmarks.training", *sys.argv[1:], "--one", side, "--seed", str(seed)]
            output = subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
            found[side].append(json.loads(output.splitlines()[-1]))
            print(f"seed {seed}, {side}: {output.splitlines()[-1]}", flush=True)
    ratios = [ours["examples/s"] / theirs["examples/s"] for theirs, ours in zip(*found.values(), strict=True)]
    print("\n| | reference | ours |\n|---|---|---|")
    for name in found["ours"][0]:
        means = [statistics.mean(run[name] for run in found[side]) for side in SIDES]
        print(f"| {name} | {means[0]:.4g} | {means[1]:.4g} |")
    if options.seeds > 1 and not options.tokenizer:
        spread = [statistics.stdev(run["validation loss"] for run in found[side]) for side in SIDES]
        print(f"| its deviation over seeds | {spread[0]:.4g} | {spread[1]:.4g} |")
    print(
        f"\nExamples a second, ours / reference: {statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
    )


if __name__ == "__main__":
    main()
