"""LoRA fine-tuning (Hu et al. 2021) of an encoder-decoder model with transformers' Seq2SeqTrainer."""

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from datasets import Dataset
from datasets.utils.logging import disable_progress_bar
from peft import LoraConfig, TaskType, get_peft_model
from transformers import (
    DataCollatorForSeq2Seq,
    EarlyStoppingCallback,
    EvalPrediction,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    Seq2SeqTrainer,
    Seq2SeqTrainingArguments,
)

from medsum.data.records import Record
from medsum.model.prompt import cut, render
from medsum.params.prompt import PromptParams
from medsum.params.train import TrainParams

CHECKPOINTS = Path(".checkpoints")
CURVE_POINTS = 100  # of the training loss, each the mean of the steps since the one before
MASKED = -100  # label that the loss passes over
Score = Callable[[list[str], list[str]], float]


@dataclass
class TokenizedSplit:
    """Model inputs of a split, and how much the length limits cut."""

    dataset: Dataset
    dialogues_cut: int
    notes_cut: int


@dataclass
class Curves:
    """What happened, by optimizer step."""

    train: list[dict[str, float]]
    validation: list[dict[str, float]]
    best_step: int


def tokenize(
    records: list[Record], tokenizer: PreTrainedTokenizerBase, prompt: PromptParams, max_target_tokens: int
) -> TokenizedSplit:
    """Prompts and notes as token ids, cut to the limits; nothing is written to a cache."""

    def encode(texts: list[str], limit: int) -> tuple[list[list[int]], list[bool]]:
        whole = tokenizer(texts, verbose=False)["input_ids"]
        return [cut(ids, limit) for ids in whole], [len(ids) > limit for ids in whole]

    def to_ids(batch: dict[str, list[Any]]) -> dict[str, list[Any]]:
        pairs = zip(batch["dialogue"], batch["section"], strict=True)
        prompts, prompt_cut = encode([render(prompt.template, d, s) for d, s in pairs], prompt.max_input_tokens)
        labels, label_cut = encode(batch["summary"], max_target_tokens)
        return {
            "input_ids": prompts,
            "attention_mask": [[1] * len(ids) for ids in prompts],
            "labels": labels,
            "length": [len(ids) for ids in prompts],
            "dialogue_cut": prompt_cut,
            "note_cut": label_cut,
        }

    disable_progress_bar()  # one second of work
    columns = {name: [getattr(r, name) for r in records] for name in ("dialogue", "section", "summary")}
    dataset = Dataset.from_dict(columns).map(to_ids, batched=True, remove_columns=list(columns))
    split = TokenizedSplit(dataset, sum(dataset["dialogue_cut"]), sum(dataset["note_cut"]))
    split.dataset = dataset.remove_columns(["dialogue_cut", "note_cut"])
    return split


def add_adapter(model: PreTrainedModel, params: TrainParams) -> PreTrainedModel:
    """The model with a fresh LoRA adapter, the only part that will be trained."""
    config = LoraConfig(
        task_type=TaskType.SEQ_2_SEQ_LM,
        r=params.lora_rank,
        lora_alpha=params.lora_alpha,
        lora_dropout=params.lora_dropout,
        target_modules=params.lora_target_modules,
    )
    adapted: PreTrainedModel = get_peft_model(model, config)
    return adapted


def fine_tune(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    train: Dataset,
    validation: Dataset,
    params: TrainParams,
    score: Score,
) -> Curves:
    """Train the adapter in place and leave its best epoch in `model`.

    `score` takes predictions and references and gives what `select_best_by: rougeL` means.
    """
    steps_an_epoch = -(-len(train) // (params.batch_size * params.gradient_accumulation_steps))
    by_score = params.select_best_by == "rougeL"
    CHECKPOINTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CHECKPOINTS) as folder:
        arguments = Seq2SeqTrainingArguments(
            output_dir=folder,
            seed=params.seed,
            learning_rate=params.learning_rate,
            per_device_train_batch_size=params.batch_size,
            per_device_eval_batch_size=params.batch_size,
            gradient_accumulation_steps=params.gradient_accumulation_steps,
            num_train_epochs=params.num_epochs,
            weight_decay=params.weight_decay,
            warmup_steps=params.warmup_ratio,  # below 1: a share of all steps
            label_smoothing_factor=params.label_smoothing,
            train_sampling_strategy="group_by_length",
            logging_steps=max(1, steps_an_epoch * params.num_epochs // CURVE_POINTS),
            eval_strategy="epoch",
            save_strategy="epoch",
            save_total_limit=1,
            save_only_model=True,
            load_best_model_at_end=True,
            metric_for_best_model="rougeL" if by_score else "loss",
            greater_is_better=by_score,
            predict_with_generate=by_score,
            generation_max_length=params.max_target_tokens,
            generation_num_beams=1,
            dataloader_pin_memory=False,
            report_to="none",
        )
        trainer = Seq2SeqTrainer(
            model=model,
            args=arguments,
            train_dataset=train,
            eval_dataset=validation,
            data_collator=DataCollatorForSeq2Seq(tokenizer, model=model, label_pad_token_id=MASKED),
            processing_class=tokenizer,
            compute_metrics=_scorer(tokenizer, score) if by_score else None,
            callbacks=[EarlyStoppingCallback(params.early_stopping_patience)],
        )
        trainer.train()
    return _curves(trainer)


def _scorer(tokenizer: PreTrainedTokenizerBase, score: Score) -> Callable[[EvalPrediction], dict[str, float]]:
    def compute(output: EvalPrediction) -> dict[str, float]:
        texts = []
        for ids in (output.predictions, output.label_ids):
            ids = np.where(np.asarray(ids) == MASKED, tokenizer.pad_token_id, ids)
            texts.append([text.strip() for text in tokenizer.batch_decode(ids, skip_special_tokens=True)])
        return {"rougeL": score(texts[0], texts[1])}

    return compute


def _curves(trainer: Seq2SeqTrainer) -> Curves:
    """The trainer's log as two tables; its times and rates stay on the terminal."""
    log = trainer.state.log_history
    train = [{"step": row["step"], "loss": row["loss"]} for row in log if "loss" in row]
    validation = []
    for row in log:
        if "eval_loss" in row:
            scores = {"loss": row["eval_loss"], "rougeL": row.get("eval_rougeL")}
            validation.append({"step": row["step"], **{name: v for name, v in scores.items() if v is not None}})
    best = trainer.state.best_global_step
    assert best is not None  # there was at least one evaluation
    return Curves(train, validation, best)


def save_adapter(model: PreTrainedModel, base: Path, folder: Path) -> None:
    """Write adapter, tokenizer and model config, and nothing that differs between two equal runs.

    PEFT writes its sets in arbitrary order and the base's path as given; both are put right here.
    """
    model.save_pretrained(folder, save_embedding_layers=False)
    (folder / "README.md").unlink(missing_ok=True)  # PEFT's model card, empty but for versions
    path = folder / "adapter_config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["base_model_name_or_path"] = base.as_posix()
    config = {k: sorted(v) if isinstance(v, list) else v for k, v in sorted(config.items())}
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    for file in sorted(base.iterdir()):
        if file.suffix in (".json", ".model", ".txt") and "index" not in file.name:
            shutil.copyfile(file, folder / file.name)
