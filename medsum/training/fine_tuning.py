"""Fine-tune a LoRA adapter with the trainer of transformers."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate.utils import broadcast_object_list
from datasets import Dataset
from transformers import (
    EvalPrediction,
    GenerationConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    ProgressCallback,
    TrainerState,
    TrainingArguments,
)
from transformers.trainer import TRAINER_STATE_NAME
from transformers.trainer_utils import align_special_tokens
from transformers.utils import logging

from medsum.core.errors import UserError
from medsum.metrics import rouge
from medsum.model import processes
from medsum.model.generation_config import generation_config
from medsum.model.prompt import PromptBuilder
from medsum.params.train import TrainParams
from medsum.params.watch import WatchParams
from medsum.training import checkpoints, cpu_kernels, cuda_graphs
from medsum.training.collation import collator
from medsum.training.dataset import MASKED, nothing_to_learn
from medsum.training.dvclive_logs import NAME as DVCLIVE
from medsum.training.dvclive_logs import DvcLiveLogs
from medsum.training.fsdp import require_shardable
from medsum.training.precision import autocast
from medsum.training.progress import Progress
from medsum.training.trainer import Checkpoints, LoraTrainer, patience_is_over, token_losses
from medsum.training.watching import FOLDER as LOGS
from medsum.training.watching import NO_ROOM, open_logs

# This limit only prevents divergence. The usual limit of 1 would make the gradients of steps with long notes too small.
MAX_GRADIENT_NORM = 10.0
# The number of points in the curve of the training loss. Each point is the mean of several consecutive steps.
CURVE_POINTS = 100


@dataclass
class Curves:
    """The values of training and validation at each recorded optimizer step, and the step of the best validation."""

    train: list[dict[str, float]]
    validation: list[dict[str, float]]
    best_step: int

    def best(self) -> dict[str, float]:
        """Return the values of the best validation, without the step."""
        row = next(row for row in self.validation if row["step"] == self.best_step)
        return {name: round(value, 4) for name, value in row.items() if name != "step"}


def fine_tune(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    builder: PromptBuilder,
    train: Dataset,
    validation: Dataset,
    params: TrainParams,
    watch: WatchParams,
    folder: Path,
) -> Curves:
    """Train the adapter of `model` in place. Then load the weights of the best epoch.

    If `folder` holds checkpoints, resume from the newest checkpoint.
    """
    by_score = params.select_best_by == "rougeL"
    if processes.sharded():
        require_shardable(model, params)
    step_records = params.batch_size * params.gradient_accumulation_steps * processes.world_size()
    steps_an_epoch = -(-len(train) // step_records)
    step_tokens = mean_step_tokens(train, steps_an_epoch)
    logs = open_logs(watch.report_to, checkpoints.main_project(), folder.name)
    precision = autocast(params, model.config)
    if precision["bf16"] and model.dtype == torch.bfloat16 and cpu_kernels.usable(model):
        cpu_kernels.install(model)
    arguments = trainer_arguments(params, folder, [name for name in watch.report_to if name != DVCLIVE], precision)
    found = [checkpoints.newest(folder, tidy=processes.is_first())]
    [resumed] = broadcast_object_list(found)  # all processes use the checkpoint that the first process has found
    if resumed:
        if processes.is_first():
            print(f"Resuming an interrupted run at step {checkpoints.step_of(resumed)}", flush=True)
        state = TrainerState.load_from_json(str(resumed / TRAINER_STATE_NAME))
        # Early stopping already applied before the run was killed, so no more steps follow.
        if patience_is_over(state, params.early_stopping_patience):
            arguments.num_train_epochs = state.global_step // steps_an_epoch
    graphed = cuda_graphs.usable(params, getattr(model, "is_quantized", False))
    _share_special_tokens(model, tokenizer)
    trainer = LoraTrainer(
        summary=validation_summary(model, builder, params.max_target_tokens),
        log_steps=watch.log_steps,
        batch_tokens=params.batch_tokens,
        graphed=graphed,
        model=model,
        args=arguments,
        train_dataset=train.add_item(nothing_to_learn(builder)),
        eval_dataset=validation,
        data_collator=collator(tokenizer, model, cuda_graphs.LENGTHS if graphed else None),
        processing_class=tokenizer,
        compute_loss_func=step_loss(params.label_smoothing, step_tokens),
        compute_metrics=_scorer(builder) if by_score else None,
        callbacks=[Checkpoints(watch.checkpoint_seconds, params.early_stopping_patience, steps_an_epoch)],
    )
    if processes.sharded() and not trainer.is_fsdp_enabled:
        raise UserError("FSDP splits weights across GPUs, but this machine has no GPU; use train.num_processes instead")
    trainer.remove_callback(ProgressCallback)
    progress = Progress()
    trainer.add_callback(progress)
    if DVCLIVE in watch.report_to:
        trainer.add_callback(DvcLiveLogs(logs / DVCLIVE, watch.log_steps))
    try:
        trainer.train(resume_from_checkpoint=str(resumed) if resumed else None)
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        # LoraTrainer handles errors in writing checkpoints, so this error comes from writing the logs.
        where = checkpoints.main_project() / LOGS
        raise UserError(f"{where} cannot be written: {error.strerror}; free space, and the next run resumes") from None
    finally:
        progress.close()
    trainer.accelerator.wait_for_everyone()  # other processes may still read the best checkpoint
    return _curves(trainer.state, steps_an_epoch * params.num_epochs)


def _share_special_tokens(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
    """Copy the tokenizer's special tokens into the model's config. The trainer would also copy them, with a warning."""
    verbosity = logging.get_verbosity()
    logging.set_verbosity_error()
    align_special_tokens(model, tokenizer)
    logging.set_verbosity(verbosity)


def trainer_arguments(
    params: TrainParams, folder: Path, report_to: list[str], precision: dict[str, bool]
) -> TrainingArguments:
    """Return the arguments of transformers' trainer: the user's parameters and fixed values."""
    by_score = params.select_best_by == "rougeL"
    return TrainingArguments(
        output_dir=str(folder),
        seed=params.seed,
        learning_rate=params.learning_rate,
        per_device_train_batch_size=params.batch_size,
        per_device_eval_batch_size=params.batch_size,
        gradient_accumulation_steps=params.gradient_accumulation_steps,
        num_train_epochs=params.num_epochs,
        weight_decay=params.weight_decay,
        warmup_steps=params.warmup_ratio,  # a value below 1 is a share of all steps
        max_grad_norm=MAX_GRADIENT_NORM,
        label_smoothing_factor=params.label_smoothing,
        train_sampling_strategy="batch_rebalance",  # allows the sampler LengthGroupedBatches
        logging_steps=1,  # the state stores every step, so the curves of a resumed run are complete
        eval_strategy="epoch",
        save_strategy="epoch",
        load_best_model_at_end=True,
        metric_for_best_model="rougeL" if by_score else "loss",
        greater_is_better=by_score,
        include_num_input_tokens_seen="non_padding",
        activation_checkpointing=params.gradient_checkpointing,
        activation_checkpointing_kwargs={"use_reentrant": False},
        dataloader_pin_memory=False,
        **on_device(),
        ddp_backend=processes.backend(),
        ddp_find_unused_parameters=False,  # all parameters of an adapter are used
        report_to=report_to,
        **precision,  # type: ignore[arg-type]
    )


def on_device() -> dict[str, Any]:
    """Return the arguments of transformers' trainers that choose the device: the GPU if there is one."""
    return {"use_cpu": not torch.cuda.is_available()}


def validation_summary(model: PreTrainedModel, builder: PromptBuilder, max_new_tokens: int) -> GenerationConfig:
    """Return the settings with which validation writes summaries: greedy search."""
    return generation_config(model, builder.end_id, max_new_tokens, num_beams=1)


def mean_step_tokens(train: Dataset, steps_an_epoch: int) -> float:
    """Return the mean number of label tokens per optimizer step over an epoch."""
    return sum(len(labels) for labels in train["labels"]) / steps_an_epoch


def step_loss(smoothing: float, step_tokens: float) -> Callable[..., torch.Tensor]:
    """Return the loss function. Its value is the mean over all label tokens of an optimizer step.

    This value does not depend on how the step is divided into batches. The gradient is not the gradient of this mean.
    Instead, it is the gradient of the sum over the tokens, divided by the number of label tokens in an average step.
    The reason is that the notes of one step have similar lengths. With the gradient of the mean, a token in a step with
    short notes would count many times more than a token in a step with long notes. The validation loss would be worse.
    """

    def compute(
        outputs: dict[str, torch.Tensor], labels: torch.Tensor, num_items_in_batch: torch.Tensor
    ) -> torch.Tensor:
        total = token_losses(outputs["logits"], labels, smoothing).sum()
        learnt = total / step_tokens
        return learnt + (total / num_items_in_batch - learnt).detach()

    return compute


def _scorer(builder: PromptBuilder) -> Callable[[EvalPrediction], dict[str, float]]:
    """Return a function that computes the mean ROUGE-L of the summaries from a validation."""

    def compute(output: EvalPrediction) -> dict[str, float]:
        texts = []
        for ids in (output.predictions, output.label_ids):
            rows = np.where(np.asarray(ids) == MASKED, builder.end_id, ids).tolist()
            texts.append([builder.decode(row) for row in rows])
        return {"rougeL": rouge.mean_rouge_l(texts[0], texts[1])}

    return compute


def _curves(state: TrainerState, planned_steps: int) -> Curves:
    """Return the curves from the trainer's log. The curves contain no times, so that equal runs give equal curves."""
    steps = [row for row in state.log_history if "loss" in row]
    width = max(1, planned_steps // CURVE_POINTS)
    train = [
        {
            "step": part[-1]["step"],
            "loss": sum(row["loss"] for row in part) / len(part),
            "learning_rate": part[-1]["learning_rate"],
            "gradient_norm": sum(row["grad_norm"] for row in part) / len(part),
        }
        for part in (steps[start : start + width] for start in range(0, len(steps), width))
    ]
    validation = []
    for row in state.log_history:
        if "eval_loss" in row:
            scores = {"loss": row["eval_loss"], "rougeL": row.get("eval_rougeL")}
            validation.append({"step": row["step"], **{name: v for name, v in scores.items() if v is not None}})
    best = state.best_global_step
    assert best is not None  # there was at least one evaluation
    return Curves(train, validation, best)
