"""Train the base model in Git in a given number of minutes, on a GPU or a CPU.

    python -m pretraining.train --size compact --minutes 72 --out models/base/compact

The schedule is adapted to the time. With --work FOLDER, the training saves a checkpoint there, and continues from a
checkpoint that it finds. For example, two sessions of ten minutes with --total-minutes 20 are one training.
"""

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch.utils.data import DataLoader
from transformers import PreTrainedTokenizerFast, T5ForConditionalGeneration

from pretraining import model as models
from pretraining import scores, text
from pretraining.optimizers import new_optimizers, set_learning_rates
from pretraining.stream import Corpus, Limits, Stream
from pretraining.tokenizer import PAD_ID, train_tokenizer

LIMITS = {"tiny": Limits(96, 48, 512), "compact": Limits(384, 160, 4096), "small": Limits(448, 192, 32768)}
HELD_OUT_EVERY = 40  # one of this many MTS-Dialog notes is kept for the scores
MINUTES_BETWEEN_CHECKPOINTS = 5
REPORTS = 60  # number of lines that a session prints


class Done(NamedTuple):
    """What the training has done so far, in all sessions."""

    minutes: float = 0.0
    steps: int = 0
    tokens: int = 0

    def __str__(self) -> str:
        return f"{self.minutes:.1f} minutes, {self.steps} steps, {self.tokens / 1e6:.2f} M tokens"


class Trainee(NamedTuple):
    """Everything whose state is in a checkpoint."""

    model: T5ForConditionalGeneration
    optimizers: list[torch.optim.Optimizer]

    def parts(self) -> list[torch.nn.Module | torch.optim.Optimizer]:
        """Return model and optimizers, in the order of the checkpoint."""
        return [self.model, *self.optimizers]


def split_off(dialogues: list[text.Example]) -> tuple[list[text.Example], list[text.Example]]:
    """Keep some notes out of the training, with all translations of their dialogues."""
    held = set(sorted({example.note for example in dialogues})[::HELD_OUT_EVERY])
    kept = [example for example in dialogues if example.note not in held]
    return kept, [example for example in dialogues if example.note in held]


def tokenizer_for(size: str, corpus: Corpus) -> PreTrainedTokenizerFast:
    """Learn pieces from the dialogues and a part of the general text."""
    spoken = [part for example in corpus.dialogues for part in (example.dialogue, example.note)]
    return train_tokenizer(corpus.paragraphs[::4] + 2 * spoken, models.SIZES[size].vocab_size)


def write_checkpoint(folder: Path, trainee: Trainee, done: Done) -> None:
    """Write the checkpoint completely or not at all, so that an interrupted run leaves the previous checkpoint."""
    folder.mkdir(parents=True, exist_ok=True)
    states = [part.state_dict() for part in trainee.parts()]
    torch.save({"states": states, "done": tuple(done)}, folder / "checkpoint.new")
    os.replace(folder / "checkpoint.new", folder / "checkpoint.pt")


def read_checkpoint(folder: Path, trainee: Trainee) -> Done:
    """Resume from the checkpoint of the last run, if there is one."""
    file = folder / "checkpoint.pt"
    if not file.exists():
        return Done()
    kept = torch.load(file, map_location=trainee.model.device)
    for part, state in zip(trainee.parts(), kept["states"], strict=True):
        part.load_state_dict(state)
    return Done(*kept["done"])


def stream_loader(stream: Stream, on_gpu: bool) -> DataLoader[dict[str, torch.Tensor]]:
    """Return the batches. With a GPU, other processes make them; on a CPU, they are made between the steps."""
    return DataLoader(stream, batch_size=None, num_workers=8 if on_gpu else 0, pin_memory=on_gpu)


def fit(trainee: Trainee, stream: Stream, before: Done, options: argparse.Namespace) -> Done:
    """Train until the minutes of this session are over."""
    started = time.monotonic()
    total = options.total_minutes or before.minutes + options.minutes
    done, saved, reported, mean_loss = before, 0.0, 0.0, 0.0
    on_gpu = trainee.model.device.type == "cuda"
    if not on_gpu:
        models.quicken(trainee.model)
    compute = torch.compile(trainee.model, dynamic=True) if on_gpu else trainee.model
    trainee.model.train()
    for batch in stream_loader(stream, on_gpu):
        progress = min(1.0, done.minutes / total)
        stream.progress.fill_(progress)
        set_learning_rates(trainee.optimizers, progress)
        loss = learn(compute, trainee, batch)
        sitting = (time.monotonic() - started) / 60
        size = sum(part.numel() for part in batch.values())
        done = Done(before.minutes + sitting, done.steps + 1, done.tokens + size)
        mean_loss += (loss - mean_loss) / min(50, done.steps - before.steps)
        if sitting >= reported:
            print(f"{done}, loss {mean_loss:.3f}", flush=True)
            reported += options.minutes / REPORTS
        if options.work and sitting > saved + MINUTES_BETWEEN_CHECKPOINTS:
            write_checkpoint(options.work, trainee, done)
            saved = sitting
        if sitting >= options.minutes:
            break
    return done


def learn(compute: Callable[..., Any], trainee: Trainee, batch: dict[str, torch.Tensor]) -> float:
    """Train one step on one batch, and return its loss."""
    device = trainee.model.device
    source, labels = (batch[name].to(device, non_blocking=True) for name in ("input_ids", "labels"))
    with torch.autocast(device.type, dtype=torch.bfloat16):
        loss = compute(input_ids=source, attention_mask=(source != PAD_ID).long(), labels=labels).loss
    loss.backward()
    torch.nn.utils.clip_grad_norm_(trainee.model.parameters(), 1.0)
    for optimizer in trainee.optimizers:
        optimizer.step()
        optimizer.zero_grad()
    return float(loss)


def main() -> None:
    """Train the model, write its folder, and print the scores."""
    options = parse_options()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    training, held_out = split_off(text.read_dialogues())
    corpus = Corpus(text.read_paragraphs(), training)
    tokenizer = tokenizer_for(options.size, corpus)
    model = models.new_model(models.SIZES[options.size])
    torch.nn.Module.to(model, device)
    trainee = Trainee(model, new_optimizers(model))
    before = read_checkpoint(options.work, trainee) if options.work else Done()

    # With a GPU, the processes that make batches read the progress of the training from shared memory.
    progress = torch.zeros(1).share_memory_()  # type: ignore[no-untyped-call]
    seed = options.seed + before.steps  # the next session continues with different text
    stream = Stream(corpus, tokenizer, LIMITS[options.size], progress, seed, pad_to=64 if device.type == "cuda" else 8)
    done = fit(trainee, stream, before, options)

    if options.work:
        write_checkpoint(options.work, trainee, done)
    models.save(model, tokenizer, options.out)
    print(f"Wrote {options.out}: {model.num_parameters():,} parameters after {done}.", flush=True)
    for name, value in scores.score(model.eval(), tokenizer, held_out).items():
        print(f"{name}: {value:.3f}")


def parse_options() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=models.SIZES, default="compact")
    parser.add_argument("--minutes", type=float, required=True, help="minutes of this session")
    parser.add_argument(
        "--total-minutes", type=float, help="minutes of all sessions; default: earlier sessions and this one"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for the model; an existing folder is replaced")
    parser.add_argument("--work", type=Path, help="folder of the checkpoint, for more than one session")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
