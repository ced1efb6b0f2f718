"""Compare the presets config1, config2, config3 and recommended on one base model. Print a Markdown table.

    python -m benchmarks.training.presets --output FOLDER                        # flan-t5-small, which is fetched
    python -m benchmarks.training.presets --output FOLDER --base NAME            # a different folder of models/base
    python -m benchmarks.training.presets --output FOLDER --max_records 16 ...   # other flags go to stages.train

Each training run uses all training records. The command reads data/splits and the encoder, the model that the scores
need. `dvc repro split scorer` makes both. Each training run has a separate folder in FOLDER, with its summaries of the
test split and their scores. If the command was stopped, run it again: it continues where it stopped. If flan-t5-small
cannot be fetched, the command uses random weights of the same shape. The table then shows the cost of a training run
and whether its loss falls, but it says nothing about quality.
"""

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from medsum.core.atomic import write_json
from medsum.core.catalogue import is_there, require_there
from medsum.core.errors import UserError, run_script
from medsum.core.paths import BASES, TEST_SPLIT, TRAIN_SPLIT
from medsum.dialogue.record import read_records

PRESETS = ("config1", "config2", "config3", "recommended")
DEFAULT, RANDOM = "flan-t5-small", "random-flan-t5-small"
TOKENIZER = "compact"  # the random model has this tokenizer, and its embedding has more rows than needed
TRAINED, MEASURED, SCORES = "models/finetuned", "measured.json", "scores"
HEAD = (
    "| configuration | training loss, first tenth → last | validation loss, first epoch → kept |"
    " ROUGE-1/2/L of the test split | training, minutes (of CPU) | peak memory, GB |\n|---|---|---|---|---|---|"
)


class Used(NamedTuple):
    """The cost of a command: wall-clock time, CPU time of all threads, and peak resident memory."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int


def run(*words: str) -> Used:
    """Run a module of the project, and send its output to stderr. Raise UserError if it fails."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", *words], stdout=sys.stderr)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise UserError(f"`python -m {' '.join(words)}` failed; see the lines above")
    unit = 1 if sys.platform == "darwin" else 1024  # the unit of ru_maxrss is this number of bytes
    return Used(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss * unit)


def base_to_use(name: str | None) -> str:
    """Return the name of the base model. Without a name, fetch flan-t5-small, or make a random model of its shape."""
    if name:
        require_there(name, BASES)
        return name
    try:
        run("stages.fetch_base", DEFAULT)
    except UserError:
        make_random(BASES / RANDOM)
        return RANDOM
    return DEFAULT


def make_random(folder: Path) -> None:
    """Write random weights of flan-t5-small's shape to the folder, if they are not there yet."""
    if is_there(folder):
        return
    from transformers import AutoTokenizer

    from benchmarks.shape import write_random
    from benchmarks.training.memory import SMALL, config_of

    write_random(config_of(SMALL), folder)
    AutoTokenizer.from_pretrained(BASES / TOKENIZER, local_files_only=True).save_pretrained(folder)


def train(preset: str, base: str, folder: Path, flags: list[str]) -> Used:
    """Train once with this preset. If the training run is already finished, only read its results."""
    measured = folder / MEASURED
    if not measured.is_file():
        used = run("stages.train", "--config", preset, "--base", base, *flags, "--output", str(folder))
        write_json(measured, used._asdict())
    return Used(**json.loads(measured.read_text(encoding="utf-8")))


def score(model: Path, folder: Path) -> dict[str, float]:
    """Return the mean scores of the model's summaries of the test split. First write the summaries if needed."""
    predictions, found = folder / "test.jsonl", folder / SCORES / "evaluation.json"
    if not predictions.is_file():
        run("stages.predict", "--model-path", str(model), "--records", str(TEST_SPLIT), "--output", str(predictions))
    if not found.is_file():
        paths = ("--predictions", str(predictions), "--records", str(TEST_SPLIT), "--output", str(folder / SCORES))
        run("stages.evaluate", *paths)
    means: dict[str, float] = json.loads(found.read_text(encoding="utf-8"))["predictions"]
    return means


def rouge_cell(means: dict[str, float]) -> str:
    """Return ROUGE-1, -2 and -L as `40.15/15.48/33.43`."""
    return "/".join(f"{100 * means[name]:.2f}" for name in ("rouge1", "rouge2", "rougeL"))


def losses(folder: Path) -> tuple[float, float, float, float]:
    """Return four losses.

    They are the training loss in the first tenth and in the last tenth of the steps, the validation loss after the
    first epoch, and the validation loss of the checkpoint that is kept.
    """
    curve = _rows(folder / "plots/training/loss.csv")
    trained = [float(row["loss"]) for row in curve if row["split"] == "train"]
    validated = [float(row["loss"]) for row in curve if row["split"] == "validation"]
    tenth = max(1, len(trained) // 10)
    kept = json.loads((folder / "metrics/train.json").read_text(encoding="utf-8"))["validation"]["loss"]
    return sum(trained[:tenth]) / tenth, sum(trained[-tenth:]) / tenth, validated[0], kept


def _rows(file: Path) -> list[dict[str, Any]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def row(preset: str, folder: Path, used: Used, quality: str) -> str:
    """Return one line of the table."""
    first, last, begun, kept = losses(folder)
    minutes = f"{used.seconds / 60:.1f} ({used.cpu_seconds / 60:.1f})"
    losing = f"{first:.3f} → {last:.3f} | {begun:.3f} → {kept:.3f}"
    return f"| {preset} | {losing} | {quality} | {minutes} | {used.peak_bytes / 1e9:.2f} |"


def about(base: str, flags: list[str]) -> str:
    """Return the line below the table. It names the machine, the versions and the base model."""
    import torch

    device = torch.cuda.get_device_name() if torch.cuda.is_available() else f"{os.cpu_count()} CPUs, no GPU"
    records = len(read_records(TRAIN_SPLIT))
    limits = f", {' '.join(flags)}" if flags else ""
    day = datetime.now(UTC).date()
    machine = f"{device}, {platform.machine()}, torch {torch.__version__}, {day}"
    said = f"Base {base}, {records} training records{limits}; {machine}."
    if base == RANDOM:
        said += " The weights are random, so these figures say nothing about the quality of FLAN-T5."
    return said


def main() -> None:
    """Train, summarise and score with each configuration, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, required=True, metavar="FOLDER", help="folder for the training runs")
    parser.add_argument("--base", metavar="NAME", help="a folder in models/base (default: flan-t5-small)")
    options, flags = parser.parse_known_args()
    if not TEST_SPLIT.is_file():
        raise UserError(f"{TEST_SPLIT} is not there; run `dvc repro split scorer` to make it")
    base = base_to_use(options.base)
    print(HEAD, flush=True)
    for preset in PRESETS:
        folder = options.output / preset
        used = train(preset, base, folder, flags)
        quality = "–" if base == RANDOM else rouge_cell(score(folder / TRAINED, folder))
        print(row(preset, folder, used, quality), flush=True)
    if base != RANDOM:
        print(f"| before training | – | – | {rouge_cell(score(BASES / base, options.output / 'baseline'))} | – | – |")
    print(f"\n{about(base, flags)}")


if __name__ == "__main__":
    run_script(main)
