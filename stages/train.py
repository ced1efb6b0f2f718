"""Fine-tune a LoRA adapter on the train split.

Reads data/splits/{train,validation}.jsonl and models/base/<model.base>; writes models/finetuned/ (adapter,
tokenizer, config), metrics/train.json and plots/training/. While it runs, checkpoints are in .checkpoints/ of the
main project: a run that was killed goes on from there and gives the same bytes.
"""

from pathlib import Path

from medsum.atomic import replacing_folder, write_csv, write_json
from medsum.data.records import read_records
from medsum.errors import run_script
from medsum.model import checkpoints, determinism
from medsum.model.adapter import add_adapter, save_adapter
from medsum.model.dataset import TokenizedSplit, tokenize
from medsum.model.loading import load_base, load_tokenizer
from medsum.model.training import Curves, fine_tune
from medsum.params import model, prompt, runtime, train, watch
from medsum.quality.rouge import mean_rouge_l

SPLITS = Path("data/splits")
BASES = Path("models/base")
ADAPTER = Path("models/finetuned")
METRICS = Path("metrics/train.json")
PLOTS = Path("plots/training")
STOPPED = "Stopped by Ctrl-C; the next run with the same parameters resumes from its last checkpoint."


def write_curves(curves: Curves) -> None:
    """Curves as CSV, rounded so that a review shows changes worth seeing."""
    losses = [{"split": name, **row} for name in ("train", "validation") for row in getattr(curves, name)]
    for file, rows, columns in (
        ("loss.csv", losses, ("step", "split", "loss")),
        ("validation.csv", curves.validation, tuple(curves.validation[0])),
    ):
        write_csv(PLOTS / file, [{name: rounded(row[name]) for name in columns} for row in rows])


def rounded(value: float | str) -> float | str:
    """Four digits of a loss or a score; steps and names as they are."""
    return f"{value:.4g}" if isinstance(value, float) else value


def describe(curves: Curves, train_split: TokenizedSplit, trainable: int, parameters: int) -> dict[str, object]:
    """Values for metrics/train.json."""
    best = next(row for row in curves.validation if row["step"] == curves.best_step)
    return {
        "best_step": curves.best_step,
        "steps": curves.validation[-1]["step"],
        "validation": {name: round(value, 4) for name, value in best.items() if name != "step"},
        "train_records": len(train_split.dataset),
        "dialogues_cut": train_split.dialogues_cut,
        "notes_cut": train_split.notes_cut,
        "trainable_parameters": trainable,
        "parameters": parameters,
    }


def fingerprint(base: Path) -> str:
    """Of everything that shapes the adapter; `watch` does not."""
    sections = {section.__name__: section.load().model_dump() for section in (prompt, runtime, train)}
    return checkpoints.fingerprint(sections, [base, *(SPLITS / f"{name}.jsonl" for name in ("train", "validation"))])


def run(folder: Path) -> None:
    """Load, train with checkpoints in `folder`, write."""
    params, prompt_params, base = train.load(), prompt.load(), BASES / model.load().base
    determinism.fix(runtime.load().threads, params.seed)
    tokenizer = load_tokenizer(base)
    splits = {
        name: tokenize(read_records(SPLITS / f"{name}.jsonl"), tokenizer, prompt_params, params.max_target_tokens)
        for name in ("train", "validation")
    }
    adapted = add_adapter(load_base(base), params)
    datasets = splits["train"].dataset, splits["validation"].dataset
    curves = fine_tune(adapted, tokenizer, *datasets, params, watch.load(), mean_rouge_l, folder)
    trainable, parameters = adapted.get_nb_trainable_parameters()  # type: ignore[operator]
    with replacing_folder(ADAPTER) as whole:
        save_adapter(adapted, base, whole)
    write_curves(curves)
    write_json(METRICS, describe(curves, splits["train"], trainable, parameters))
    print(f"{ADAPTER}: {trainable:,} trainable of {parameters:,} parameters, best at step {curves.best_step}")


def main() -> None:
    """Train, or go on with the same training where it was interrupted."""
    with checkpoints.claimed(fingerprint(BASES / model.load().base)) as folder:
        run(folder)


if __name__ == "__main__":
    run_script(
        main, stopped="Stopped by Ctrl-C; the next run with the same parameters resumes from its last checkpoint."
    )
