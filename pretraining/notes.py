"""Teach a base model to write clinical notes before it is fine-tuned on a user's dialogues. The result is an adapter.

    python -m pretraining.notes --base smollm2-135m --out models/base/smollm2-135m-notes.adapter

The script reads models/base/<base> and data/pretraining/mts-dialog-augmented.csv, and makes up visits from
pretraining/exchange_texts. The sample and every validation or test record of MTS-Dialog are left out. The LoRA adapter
is written in bfloat16. If a run is killed, the next run continues from the last checkpoint, like a training run of the
pipeline.
"""

import argparse
import hashlib
from pathlib import Path
from random import Random

import torch
from safetensors.torch import load_file, save_file

from medsum.core.atomic import replacing_folder
from medsum.core.errors import run_script
from medsum.core.paths import BASES
from medsum.dialogue.record import Record
from medsum.faithfulness.spoken_numbers import supported
from medsum.model import determinism
from medsum.model.chat import prompt_builder
from medsum.model.loading import load_base, load_tokenizer
from medsum.model.prompt import PromptBuilder
from medsum.params.prompt import PromptParams
from medsum.params.train import TrainParams
from medsum.params.watch import WatchParams
from medsum.training import checkpoints
from medsum.training.adapter import add_adapter, save_adapter
from medsum.training.dataset import tokenize
from medsum.training.fine_tuning import fine_tune
from pretraining import exchanges, text
from pretraining.text import UNKNOWN_SECTION, Example
from pretraining.train import split_off

VISITS = 2400  # made-up visits, in addition to about 3,400 dialogues of MTS-Dialog and its back-translations
UNKNOWN_SECTION_SHARE = 0.05
MOST_NOTE_TOKENS = 320
PROMPT = PromptParams(
    system="You write clinical notes.",
    template="Summarize as {section}:\n{dialogue}",
    max_input_tokens=1024,
    unknown_signs="stop",  # a byte-level tokenizer knows every sign
)
TRAIN = TrainParams(
    seed=1, targets="all", max_records=None, learning_rate=8e-4,
    batch_size=8, batch_tokens=2048, gradient_accumulation_steps=1,
    num_processes=1, auto_batch_size=False, gradient_checkpointing=False, cuda_graphs=True, precision="auto",
    num_epochs=1, weight_decay=0.01, warmup_ratio=0.05, label_smoothing=0.0, max_target_tokens=MOST_NOTE_TOKENS,
    lora_rank=16, lora_alpha=32, lora_dropout=0.0, lora_rank_stabilized=False, lora_dora=False,
    lora_target_modules="all-linear", lora_layers=None, select_best_by="loss", early_stopping_patience=1,
)  # fmt: skip
WATCH = WatchParams(report_to=["tensorboard"], log_steps=1, checkpoint_seconds=300)


def examples(seed: int) -> tuple[list[Example], list[Example]]:
    """Return training and validation examples. Training has both kinds of dialogue, and validation only MTS-Dialog."""
    rng = Random(seed)  # noqa: S311 - a draw to be repeated
    train, held_out = split_off(text.read_dialogues())
    train = [one for one in train if has_its_numbers(one)]
    train += [exchanges.draw(rng) for _ in range(VISITS)]
    some = [one._replace(section=UNKNOWN_SECTION) if rng.random() < UNKNOWN_SECTION_SHARE else one for one in train]
    return some, held_out


def has_its_numbers(example: Example) -> bool:
    """Return whether the dialogue states every number of the note. Notes with other numbers would teach to invent."""
    right, all_of_them = supported(example.note, example.dialogue)
    return right == all_of_them


def record(example: Example) -> Record:
    """Return an example as a record of the pipeline. Its id is a digest of its text."""
    name = hashlib.sha256(f"{example.dialogue}\n{example.note}".encode()).hexdigest()[:12]
    return Record(name, example.dialogue, example.note, example.section, "pretraining")


def fits(one: Record, builder: PromptBuilder) -> bool:
    """Return whether dialogue and note are short enough for training. A cut dialogue would teach to invent."""
    prompt, note = builder.ids(one.dialogue, one.section), builder.note_ids(one.summary)
    return len(prompt) <= PROMPT.max_input_tokens and len(note) <= MOST_NOTE_TOKENS


def in_bfloat16(folder: Path) -> None:
    """Round the weights of a saved adapter to bfloat16, which halves its size."""
    file = folder / "adapter_model.safetensors"
    halves = {name: tensor.bfloat16().contiguous() for name, tensor in sorted(load_file(file).items())}
    save_file(halves, file, metadata={"format": "pt"})
    file.chmod(0o644)  # by default, only the owner may read a file of safetensors


def main() -> None:
    """Train the adapter and write it."""
    options = parse_options()
    base = BASES / options.base
    determinism.fix(options.threads, TRAIN.seed)
    builder = prompt_builder(base, PROMPT)
    parts = [[record(one) for one in part] for part in examples(TRAIN.seed)]
    splits = [tokenize([one for one in part if fits(one, builder)], builder, MOST_NOTE_TOKENS) for part in parts]
    tokens = sum(map(len, splits[0].dataset["input_ids"]))
    print(f"{len(splits[0].dataset)} dialogues, {tokens} tokens with their prompts and notes", flush=True)
    shaping = {"prompt": PROMPT.model_dump(), "train": TRAIN.model_dump(), "threads": options.threads}
    key = checkpoints.fingerprint(shaping, [base, text.MTS_DIALOG, exchanges.FOLDER])
    with checkpoints.claimed(key) as folder:
        adapted = add_adapter(load_base(base, dtype=torch.bfloat16), TRAIN)
        train, held_out = (split.dataset for split in splits)
        curves = fine_tune(adapted, load_tokenizer(base), builder, train, held_out, TRAIN, WATCH, folder)
        with replacing_folder(options.out) as whole:
            save_adapter(adapted, base, whole)
            in_bfloat16(whole)
    print(f"{options.out}: validation loss {curves.validation[-1]['loss']:.4f} after {curves.best_step} steps")


def parse_options() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", default="smollm2-135m")
    parser.add_argument(
        "--out", type=Path, required=True, help="folder for the adapter; an existing folder is replaced"
    )
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    run_script(main)
