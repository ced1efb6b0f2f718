"""Train an adapter to prefer one note of a pair to the other, with TRL's DPOTrainer.

Sources: Rafailov et al. 2023 (DPO); Pang et al. 2024 (the loss of the better note is added, so that the model does not
learn to give both notes a low probability).
"""

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from datasets import Dataset
from peft import PeftModel
from transformers import PreTrainedTokenizerBase, ProgressCallback
from trl.trainer.dpo_config import DPOConfig
from trl.trainer.dpo_trainer import DPOTrainer

from medsum.core.errors import UserError
from medsum.model.prompt import PromptBuilder, cut
from medsum.params.second_pass import SecondPassParams
from medsum.params.train import TrainParams
from medsum.training.fine_tuning import MAX_GRADIENT_NORM, on_device
from medsum.training.precision import autocast
from medsum.training.progress import Progress

REFERENCE = "ref"  # TRL's name for the frozen copy of the adapter


class PairTrainer(DPOTrainer):
    """TRL's trainer for rows of token ids, which must be the same ids as in the first training pass."""

    def _prepare_dataset(self, dataset: Any, *_: Any) -> Any:
        return dataset


def pair_rows(
    pairs: Sequence[dict[str, Any]], builder: PromptBuilder, max_target_tokens: int
) -> list[dict[str, list[int]]]:
    """Return the pairs as token ids. Prompts and notes are cut to the limits of the first training pass.

    A pair whose notes are equal after the cut is left out. Raise UserError if no pair is left.
    """

    def note(text: str) -> list[int]:
        return cut(builder.note_ids(builder.written(text).known), max_target_tokens)

    rows = [
        {
            "prompt_ids": builder.cut(builder.ids(builder.written(pair["dialogue"]).known, pair["section"])),
            "chosen_ids": note(pair["chosen"]),
            "rejected_ids": note(pair["rejected"]),
        }
        for pair in pairs
    ]
    kept = [row for row in rows if row["chosen_ids"] != row["rejected_ids"]]
    if not kept:
        raise UserError(
            f"the notes of every pair have the same first {max_target_tokens} tokens; raise train.max_target_tokens"
        )
    return kept


def trainer_arguments(
    params: TrainParams, second: SecondPassParams, folder: Path, precision: dict[str, bool]
) -> DPOConfig:
    """Return TRL's arguments: the user's parameters and fixed values."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # TRL still uses the old name `gradient_checkpointing`
        return DPOConfig(
            output_dir=str(folder),
            seed=params.seed,
            learning_rate=second.learning_rate,
            num_train_epochs=second.num_epochs,
            beta=second.beta,
            loss_type=["sigmoid", "sft"],
            max_length=None,  # the rows are cut already
            per_device_train_batch_size=1,  # a pair is two long rows, so a step computes its pairs one after another
            gradient_accumulation_steps=params.batch_size * params.gradient_accumulation_steps,
            warmup_steps=params.warmup_ratio,
            weight_decay=params.weight_decay,
            max_grad_norm=MAX_GRADIENT_NORM,
            gradient_checkpointing=params.gradient_checkpointing,
            logging_steps=1,
            save_strategy="no",
            report_to="none",
            include_num_input_tokens_seen="non_padding",
            dataloader_pin_memory=False,
            **on_device(),
            **precision,  # type: ignore[arg-type]
        )


def learn_preferences(
    model: PeftModel,
    tokenizer: PreTrainedTokenizerBase,
    rows: list[dict[str, list[int]]],
    params: TrainParams,
    second: SecondPassParams,
    folder: Path,
) -> float:
    """Train the adapter of `model` in place, and write TRL's files into `folder`.

    Return the share of pairs, in the last epoch, whose better note gained more probability than the worse note.
    """
    trainer = PairTrainer(
        model=model,
        args=trainer_arguments(params, second, folder, autocast(params, model.config)),
        train_dataset=Dataset.from_list(rows),
        processing_class=tokenizer,
    )
    trainer.remove_callback(ProgressCallback)
    progress = Progress()
    trainer.add_callback(progress)
    try:
        trainer.train()
    finally:
        progress.close()
    model.delete_adapter(REFERENCE)
    steps = [row["rewards/accuracies"] for row in trainer.state.log_history if "rewards/accuracies" in row]
    last = steps[-len(steps) // second.num_epochs :]
    return sum(last) / len(last)
