"""Make the trainers that benchmarks/training/speed.py compares. All train the same model on the same tokens.

A side is one of the compared trainers. `ours` is the project's trainer. `reference` is the trainer that a user would
otherwise use. For an encoder-decoder model, this is Seq2SeqTrainer as in transformers' summarization example. For a
decoder-only model, it is TRL's SFTTrainer. `defaults` is SFTTrainer with its default settings. `reference` and
`defaults` draw random batches, and pad each batch to its longest record.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from torch.utils.data import DataLoader
from transformers import (
    DataCollatorForSeq2Seq,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    ProgressCallback,
    Seq2SeqTrainer,
    Seq2SeqTrainingArguments,
)

from medsum.model.prompt import PromptBuilder
from medsum.params.train import TrainParams
from medsum.training import cpu_kernels, cuda_graphs
from medsum.training.batches import LengthGroupedBatches
from medsum.training.collation import collator
from medsum.training.dataset import MASKED, nothing_to_learn
from medsum.training.fine_tuning import mean_step_tokens, step_loss, trainer_arguments, validation_summary
from medsum.training.precision import autocast
from medsum.training.trainer import LoraTrainer

SIDES = {"encoder-decoder": ("reference", "ours"), "decoder-only": ("reference", "defaults", "ours")}


@dataclass(frozen=True)
class Task:
    """The inputs of all sides: the model with its adapter, the tokenizer, the prompts, the records, the parameters."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    builder: PromptBuilder
    dataset: Dataset
    params: TrainParams


def trainer_of(side: str, task: Task, folder: Path, chosen: list[list[int]] | None) -> Any:
    """Return a trainer that neither validates nor saves. It runs whole epochs, or the `chosen` steps of each epoch."""
    trainer: Any
    if side == "ours":
        trainer = ours(task, folder)
    elif task.model.config.is_encoder_decoder:
        trainer = seq2seq(task, folder)
    else:
        trainer = sft(task, folder, own_settings=side == "defaults")
    trainer.remove_callback(ProgressCallback)
    if chosen:
        trainer.args.max_steps = len(chosen) * task.params.num_epochs
        loader = DataLoader(trainer.train_dataset, batch_sampler=chosen, collate_fn=trainer.data_collator)
        trainer.get_train_dataloader = lambda: trainer.accelerator.prepare(loader)
    return trainer


def steps_of_epoch(side: str, task: Task, number: int) -> list[list[int]]:
    """Return the records of `number` steps. Their lengths are spread like the lengths of a whole epoch of the side."""
    lengths, size, seed = [len(ids) for ids in task.dataset["input_ids"]], task.params.batch_size, task.params.seed
    if side == "ours":
        steps = LengthGroupedBatches(lengths, size, 1, 0, 1, seed).steps_of_epoch()
    else:
        order = torch.randperm(len(lengths), generator=torch.Generator().manual_seed(seed)).tolist()
        steps = [order[start : start + size] for start in range(0, len(order), size)]
    steps = sorted((step for step in steps if len(step) == size), key=lambda step: max(lengths[i] for i in step))
    return [steps[(2 * n + 1) * len(steps) // (2 * number)] for n in range(number)]


def ours(task: Task, folder: Path) -> LoraTrainer:
    """Return the project's trainer."""
    model, params = task.model, task.params
    precision = autocast(params, model.config)
    if precision["bf16"] and cpu_kernels.usable(model):
        cpu_kernels.install(model)
    arguments = trainer_arguments(params, folder, [], precision)
    arguments.eval_strategy = arguments.save_strategy = "no"
    arguments.load_best_model_at_end = False
    graphed = cuda_graphs.usable(params, quantized=False)
    steps = -(-len(task.dataset) // params.batch_size)
    return LoraTrainer(
        summary=validation_summary(model, task.builder, max_new_tokens=1),  # there is no validation
        log_steps=1,
        batch_tokens=params.batch_tokens,
        graphed=graphed,
        model=model,
        args=arguments,
        train_dataset=task.dataset.add_item(nothing_to_learn(task.builder)),
        data_collator=collator(task.tokenizer, model, cuda_graphs.LENGTHS if graphed else None),
        processing_class=task.tokenizer,
        compute_loss_func=step_loss(0.0, mean_step_tokens(task.dataset, steps)),
    )


def common(params: TrainParams, folder: Path) -> dict[str, Any]:
    """Return the settings that are the same on all sides: learning rate, batches, steps, seed."""
    return {
        "output_dir": str(folder),
        "seed": params.seed,
        "learning_rate": params.learning_rate,
        "num_train_epochs": params.num_epochs,
        "per_device_train_batch_size": params.batch_size,
        "save_strategy": "no",
        "report_to": "none",
        "use_cpu": not torch.cuda.is_available(),
    }


def seq2seq(task: Task, folder: Path) -> Seq2SeqTrainer:
    """Return transformers' trainer for an encoder-decoder."""
    params = task.params
    same: dict[str, Any] = {**common(params, folder), **autocast(params, task.model.config)}
    arguments = Seq2SeqTrainingArguments(
        **same,
        activation_checkpointing=params.gradient_checkpointing,
        activation_checkpointing_kwargs={"use_reentrant": False},
        weight_decay=params.weight_decay,
        warmup_steps=params.warmup_ratio,  # a value below 1 is a share of all steps
    )
    return Seq2SeqTrainer(
        model=task.model,
        args=arguments,
        train_dataset=task.dataset,
        data_collator=DataCollatorForSeq2Seq(task.tokenizer, task.model),
        processing_class=task.tokenizer,
    )


def sft(task: Task, folder: Path, *, own_settings: bool) -> Any:
    """Return TRL's trainer, with the loss only over the completion.

    With `own_settings`, TRL's defaults are used for precision, recomputation, decay, warm-up and the length limit.
    """
    from trl.trainer.sft_config import SFTConfig
    from trl.trainer.sft_trainer import SFTTrainer

    params = task.params
    same: dict[str, Any] = {
        **autocast(params, task.model.config),
        "activation_checkpointing": params.gradient_checkpointing,
        "gradient_checkpointing": params.gradient_checkpointing,  # TRL's own default is true
        "weight_decay": params.weight_decay,
        "warmup_steps": params.warmup_ratio,
        "max_length": None,
    }
    arguments = SFTConfig(**common(params, folder), **({} if own_settings else same))
    dataset = task.dataset.map(whole_rows, batched=True, remove_columns=task.dataset.column_names)
    return SFTTrainer(model=task.model, args=arguments, train_dataset=dataset, processing_class=task.tokenizer)


def whole_rows(rows: dict[str, list[list[int]]]) -> dict[str, list[list[int]]]:
    """Return prompt and note in the form of TRL: the model also reads the end token, and all tokens have labels."""
    ids = [read + note[-1:] for read, note in zip(rows["input_ids"], rows["labels"], strict=True)]
    labels = [[MASKED] * (len(all_) - len(note)) + note for all_, note in zip(ids, rows["labels"], strict=True)]
    return {"input_ids": ids, "labels": labels}
