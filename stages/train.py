"""Fine-tune a LoRA adapter on the train split.

    python -m stages.train
    python -m stages.train --config config2 --lora_rank 16 --num_epochs 3 --output FOLDER

The pipeline runs the first form. It reads data/splits/{train,validation}.jsonl and models/base/<model.base>. If
train.targets is `supported` or `trimmed`, it reads data/audited/<train.targets>.jsonl instead of
data/splits/train.jsonl. It writes models/finetuned/ (adapter, tokenizer, config), metrics/train.json,
reports/train.json and plots/training/. During training, it saves checkpoints in .checkpoints/ of the main project. If a
run is killed, the next run resumes from the last checkpoint and gives the same bytes.

The second form trains outside DVC with other parameters. It writes the same files and the parameters into FOLDER. Its
flags are the names of parameters in the sections model, prompt, runtime, train and watch, with underscores or hyphens.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from accelerate.utils.memory import clear_device_cache
from transformers import AutoConfig, PreTrainedModel

from medsum.core.atomic import replacing_folder, write_csv, write_json, write_text
from medsum.core.catalogue import check_name, require_there
from medsum.core.errors import UserError, run_script
from medsum.core.killed import TRAINING, telling_if_killed
from medsum.core.offline import LOCAL
from medsum.core.output_folder import require_outside
from medsum.core.paths import (
    ADAPTER,
    BASES,
    TRAIN_METRICS,
    TRAIN_REPORT,
    TRAIN_SPLIT,
    TRAINING_PLOTS,
    VALIDATION_SPLIT,
)
from medsum.dialogue.record import read_records
from medsum.model import determinism, processes
from medsum.model.base_check import require_usable, who_serves
from medsum.model.launching import launch
from medsum.model.loading import load_base, load_tokenizer
from medsum.model.prompt import PromptBuilder
from medsum.model.quantization import quantized
from medsum.params import model, one_off, prompt, runtime, train, watch
from medsum.params.model import ModelParams
from medsum.params.prompt import PromptParams
from medsum.params.runtime import RuntimeParams
from medsum.params.train import TrainParams
from medsum.params.watch import WatchParams
from medsum.training import checkpoints
from medsum.training.adapter import add_adapter, save_adapter
from medsum.training.dataset import TokenizedSplit, tokenize
from medsum.training.fine_tuning import Curves, fine_tune
from medsum.training.fsdp import adapter_weights
from medsum.training.memory import is_out_of_memory, smaller
from medsum.training.memory_check import require_room
from medsum.training.precision import base_dtype
from medsum.training.subset import draw_subset
from medsum.training.targets import require_targets

SECTIONS = (model, prompt, runtime, train, watch)
DECIDING = ("validation", "signs_written_out", "signs_dropped")  # metrics/train.json contains only these values
STOPPED = "Stopped by Ctrl-C; the next run with the same parameters resumes from its last checkpoint."
KILLED = f"{TRAINING} with the same parameters to resume from the last checkpoint"


@dataclass(frozen=True)
class Settings:
    """The sections of params.yaml that determine a training run."""

    model: ModelParams
    prompt: PromptParams
    runtime: RuntimeParams
    train: TrainParams
    watch: WatchParams

    def values(self) -> dict[str, dict[str, object]]:
        """Return the values in the form of params.yaml."""
        return {name: section.model_dump() for name, section in vars(self).items()}


def write_curves(folder: Path, curves: Curves) -> None:
    """Write the curves as CSV files. The values are rounded, so that Git shows only relevant changes."""
    losses = [{"split": name, **row} for name in ("train", "validation") for row in getattr(curves, name)]
    for file, rows, columns in (
        ("loss.csv", losses, ("step", "split", "loss")),
        ("learning_rate.csv", curves.train, ("step", "learning_rate")),
        ("gradient_norm.csv", curves.train, ("step", "gradient_norm")),
        ("validation.csv", curves.validation, tuple(curves.validation[0])),
    ):
        write_csv(folder / file, [{name: rounded(row[name]) for name in columns} for row in rows])


def rounded(value: float | str) -> float | str:
    """Return a loss or a score with four digits. Return a step or a name unchanged."""
    return f"{value:.4g}" if isinstance(value, float) else value


def describe(curves: Curves, train_split: TokenizedSplit, trainable: int, parameters: int) -> dict[str, object]:
    """Return the values of reports/train.json."""
    return {
        "best_step": curves.best_step,
        "steps": curves.validation[-1]["step"],
        "validation": curves.best(),
        "train_records": len(train_split.dataset),
        "dialogues_cut": train_split.dialogues_cut,
        "dialogue_tokens_cut": train_split.dialogue_tokens_cut,
        "notes_cut": train_split.notes_cut,
        "note_tokens_cut": train_split.note_tokens_cut,
        "signs_written_out": train_split.signs_written_out,
        "signs_dropped": train_split.signs_dropped,
        "records_with_signs": train_split.records_with_signs,
        "trainable_parameters": trainable,
        "parameters": parameters,
    }


def told_of_cuts(settings: Settings, splits: dict[str, TokenizedSplit]) -> Iterator[str]:
    """Yield one warning if notes are cut, and one warning if dialogues are cut.

    A warning says how many texts of each split are cut, and which parameter to raise.
    """
    limits = {
        "notes": ("train.max_target_tokens", settings.train.max_target_tokens, "the model learns notes without an end"),
        "dialogues": (
            "prompt.max_input_tokens",
            settings.prompt.max_input_tokens,
            "the model does not see the part that is cut",
        ),
    }
    for kind, (parameter, limit, effect) in limits.items():
        counts = {name: (getattr(split, f"{kind}_cut"), len(split.dataset)) for name, split in splits.items()}
        if any(cut for cut, _ in counts.values()):
            of_each = " and ".join(f"{cut} of {total} {name} {kind}" for name, (cut, total) in counts.items())
            yield f"{of_each} are longer than {limit} tokens and are cut: {effect}; raise {parameter}"


def load_trainable(settings: Settings) -> PreTrainedModel:
    """Return the base with the weights in the number format of training."""
    base = BASES / settings.model.base
    dtype = base_dtype(settings.train, AutoConfig.from_pretrained(base, **LOCAL))
    return load_base(base, dtype=dtype, keep_on_cpu=processes.sharded(), **quantized(settings.model.quantization))


def fit(
    settings: Settings, builder: PromptBuilder, splits: list[TokenizedSplit], folder: Path
) -> tuple[PreTrainedModel, Curves]:
    """Return the base with the trained adapter, and the curves. If memory runs out, resume with smaller batches."""
    params, base = settings.train, BASES / settings.model.base
    train_set, validation = (split.dataset for split in splits)
    while True:
        determinism.fix(settings.runtime.threads, params.seed)
        adapted = None
        try:
            adapted = add_adapter(load_trainable(settings), params)
            return adapted, fine_tune(
                adapted,
                load_tokenizer(base),
                builder,
                train_set,
                validation,
                params,
                settings.watch,
                folder,
            )
        except RuntimeError as error:
            if not is_out_of_memory(error):
                raise
        del adapted
        params = smaller(params)
        # Without this call, the old trainer and the old model stay in memory, because they refer to each other.
        clear_device_cache(garbage_collection=True)
        print(f"Out of memory: resuming with batch size {params.batch_size}, same effective batch size", flush=True)


def run(settings: Settings, root: Path, folder: Path) -> None:
    """Train with checkpoints in `folder`, and write the outputs below `root`."""
    base = BASES / settings.model.base
    records, validation = read_records(settings.train.target_file), read_records(VALIDATION_SPLIT)
    builder = require_usable(base, settings.prompt, [record.dialogue for record in records])
    require_targets(base, settings.train)
    if processes.is_first():
        print(who_serves(base, settings.prompt.max_input_tokens + settings.train.max_target_tokens), flush=True)
    chosen = draw_subset(records, settings.train.max_records, settings.train.seed)
    splits = [tokenize(rows, builder, settings.train.max_target_tokens) for rows in (chosen, validation)]
    if processes.is_first():
        for said in told_of_cuts(settings, dict(zip(("training", "validation"), splits, strict=True))):
            print(f"Warning: {said}", flush=True)
    require_room(base, settings.model.quantization, settings.train, splits[0].dataset)
    adapted, curves = fit(settings, builder, splits, folder)
    weights = adapter_weights(adapted) if processes.sharded() else None
    if not processes.is_first():
        return
    trainable, parameters = adapted.get_nb_trainable_parameters()  # type: ignore[operator]
    with replacing_folder(root / ADAPTER) as whole:
        save_adapter(adapted, base, whole, weights)
    write_curves(root / TRAINING_PLOTS, curves)
    details = describe(curves, splits[0], trainable, parameters)
    write_json(root / TRAIN_REPORT, details)
    write_json(root / TRAIN_METRICS, {name: details[name] for name in DECIDING})
    print(f"{root / ADAPTER}: {trainable:,} trainable of {parameters:,} parameters, best at step {curves.best_step}")


def train_below(root: Path, settings: Settings) -> None:
    """Train, or resume an interrupted training run with equal inputs. Start train.num_processes processes if needed."""
    launched = processes.launched()  # true if a launcher (this project's or torchrun) started this process
    if settings.train.num_processes > 1 and not launched:
        launch("stages.train", sys.argv[1:], settings.train.num_processes)
        return
    inputs = [BASES / settings.model.base, settings.train.target_file, VALIDATION_SPLIT]
    shaping = {name: values for name, values in settings.values().items() if name != "watch"}
    shaping["processes"] = {"world_size": processes.world_size(), "sharded": processes.sharded()}
    key = checkpoints.fingerprint(shaping, inputs)
    with processes.ending_with_the_others(), checkpoints.claimed(key, first=processes.is_first()) as folder:
        run(settings, root, folder)


def require_inputs(base: str, targets: Path, where: str = "params.yaml") -> None:
    """Raise UserError if the base or the records are missing. `where` says where the user wrote the base's name."""
    check_name("model.base", base, BASES, where)
    require_there(base, BASES)
    for file, stage in ((TRAIN_SPLIT, "split"), (VALIDATION_SPLIT, "split"), (targets, "audit")):
        if not file.is_file():
            raise UserError(f"{file} is not there; run `dvc repro {stage}` to make it")


def outside(output: str) -> Path:
    """Return the folder for the outputs. Raise UserError if the folder is the pipeline's or holds an earlier run."""
    root = Path(output)
    require_outside(root, f"--output {root}")
    if (root / TRAIN_METRICS).exists():  # a run writes this file last
        raise UserError(f"--output {root} already holds a run; choose another folder or delete this folder")
    return root


def main() -> None:
    """Train for the pipeline. With flags on the command line, train outside the pipeline."""
    if {"-h", "--help"} & set(sys.argv[1:]):
        print(__doc__)
        return
    sections = {section.__name__.rpartition(".")[2]: section.load() for section in SECTIONS}
    given = one_off.flags(sys.argv[1:])
    if not given:
        settings, root = Settings(**sections), Path()
        require_inputs(settings.model.base, settings.train.target_file)
    else:
        given = one_off.with_8bit(given)
        root = outside(given.pop("output", "one-off"))
        settings = Settings(**one_off.apply(sections, given.pop("config", None), given))
        where = "on the command line" if "base" in given else "params.yaml"
        require_inputs(settings.model.base, settings.train.target_file, where)
        write_text(root / "params.yaml", yaml.safe_dump(settings.values(), sort_keys=False))
    train_below(root, settings)


if __name__ == "__main__":
    with telling_if_killed(KILLED):
        run_script(main, stopped=STOPPED)
