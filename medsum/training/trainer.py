"""Extend transformers' trainer: other batches, another loss, and checkpoints that survive a kill.

A run can be killed at any time, and the next run resumes from the last complete checkpoint. In LoraTrainer,
`reads_first` is true for a decoder-only model, whose rows contain the prompt and then the note.
"""

import math
import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import torch
from accelerate.data_loader import BatchSamplerShard
from torch.distributed.checkpoint.api import CheckpointException
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader
from transformers import (
    GenerationConfig,
    Trainer,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)
from transformers.trainer_utils import PREFIX_CHECKPOINT_DIR

from medsum.core.errors import UserError
from medsum.model import processes
from medsum.training import checkpoints
from medsum.training.batches import LengthGroupedBatches
from medsum.training.causal import prompts_of, read_inputs
from medsum.training.collation import pieces
from medsum.training.cuda_graphs import GraphedSteps
from medsum.training.dataset import MASKED
from medsum.training.fsdp import adapter_weights

NO_CACHE = {"use_cache": False}  # only writing summaries needs the cache of keys and values


class LoraTrainer(Trainer):
    """Trains with batches of records of similar length, and writes complete checkpoints.

    The order of the steps does not depend on the number of processes. The validation loss does not depend on the batch
    size.
    """

    def __init__(
        self, *, summary: GenerationConfig, log_steps: int, batch_tokens: int | None = None, graphed: bool = False,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        """Store the settings. `summary` holds the settings with which validation writes summaries.

        If a device batch has more than `batch_tokens` tokens, the batch is processed in pieces.
        """
        super().__init__(**kwargs)
        self.summary = summary
        self.batch_tokens = batch_tokens
        self.reads_first = not self.model.config.is_encoder_decoder  # type: ignore[union-attr]
        if self.reads_first:  # the labels already match the outputs, so transformers must not shift them
            self._loss_shifts_labels = self.model_accepts_loss_kwargs = False
        self.log_steps = log_steps
        self.graphed = graphed
        self.graphed_steps: GraphedSteps | None = None

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        """Store the log of every step for the curves. Send each `log_steps`-th log to TensorBoard or other tools.

        Raise UserError if the training run has diverged.
        """
        if not math.isfinite(logs.get("eval_loss", 0.0)):
            raise UserError(
                f"the validation loss is not a number at step {self.state.global_step}; lower train.learning_rate or"
                " use another train.precision"
            )
        if "loss" in logs and self.state.global_step % self.log_steps:
            self.state.log_history.append({**logs, "step": self.state.global_step})
        else:
            super().log(logs, start_time)

    def training_step(
        self, model: Any, inputs: dict[str, Any], num_items_in_batch: torch.Tensor | int | None = None
    ) -> torch.Tensor:
        """Return the loss of a device batch, and add its gradients to the adapter's gradients.

        The loss is a sum over tokens, so the loss of a batch is the sum of the losses of the pieces. If there are
        several processes, they exchange their gradients only once, after the last piece.
        """
        assert isinstance(num_items_in_batch, torch.Tensor)  # always true with a custom loss function
        parts = pieces(inputs, self.batch_tokens)
        step = self._graphed_step if self.graphed else self._plain_step
        losses = []
        for number, part in enumerate(parts, start=1):
            is_last = number == len(parts)
            with nullcontext() if is_last else self.accelerator.no_sync(model):
                losses.append(step(model, part, num_items_in_batch))
        return torch.stack(losses).sum()

    def _plain_step(self, model: Any, inputs: dict[str, Any], tokens: torch.Tensor) -> torch.Tensor:
        return super().training_step(model, self._arguments(inputs), tokens)

    def _graphed_step(self, model: Any, inputs: dict[str, Any], tokens: torch.Tensor) -> torch.Tensor:
        if self.graphed_steps is None:

            def loss(batch: dict[str, torch.Tensor], tokens: torch.Tensor) -> Any:
                return self.compute_loss(model, self._arguments(batch), num_items_in_batch=tokens)

            self.graphed_steps = GraphedSteps(loss, [p for p in model.parameters() if p.requires_grad])
        model.train()
        return self.graphed_steps(self._prepare_inputs(inputs), tokens.to(self.args.device))

    def _arguments(self, batch: dict[str, Any]) -> dict[str, Any]:
        """Return the arguments of the model's forward pass, and the `labels` of the batch."""
        more = read_inputs(self.model, batch, batch["labels"]) if self.reads_first else batch  # type: ignore[arg-type]
        return {**more, **NO_CACHE}

    def autocast_smart_context_manager(self, cache_enabled: bool | None = True) -> AbstractContextManager[None]:
        """Return a context that autocasts if FSDP is used, because FSDP casts only the weights that are split.

        Without FSDP, return a context that does nothing, because accelerate already autocasts the whole model.
        """
        return self.accelerator.autocast() if self.is_fsdp_enabled else nullcontext()

    def get_train_dataloader(self) -> DataLoader[Any]:
        """Return the loader of training batches. Pass the epoch of a resumed run to the batch sampler.

        If there are several processes, accelerate wraps the batch sampler in a BatchSamplerShard. A resumed run sets
        the epoch only on the shard, so the shard must pass the epoch on to the batch sampler.
        """
        loader: DataLoader[Any] = super().get_train_dataloader()
        if isinstance(loader.batch_sampler, BatchSamplerShard):
            loader.batch_sampler.set_epoch = loader.batch_sampler.batch_sampler.set_epoch
        return loader

    def _get_train_sampler(self, train_dataset: Any = None) -> LengthGroupedBatches:
        arguments = self.args
        step_records = self._train_batch_size * arguments.gradient_accumulation_steps * arguments.world_size
        return LengthGroupedBatches(
            _lengths(train_dataset)[:-1],  # the last row is the filler row, which is left out
            step_records,
            arguments.world_size,
            arguments.process_index,
            arguments.gradient_accumulation_steps,
            arguments.seed,
        )

    def _get_eval_sampler(self, eval_dataset: Any) -> Any:
        lengths = _lengths(eval_dataset)
        return sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))

    def prediction_step(
        self,
        model: Any,
        inputs: dict[str, Any],
        prediction_loss_only: bool,
        ignore_keys: Any = None,
    ) -> tuple[torch.Tensor, torch.Tensor | None, torch.Tensor | None]:
        """Return the loss. If summaries are scored, also return greedy summaries and the labels.

        The loss of a record is the mean over its tokens. The returned loss is the mean over the records of all
        processes.
        """
        inputs = self._prepare_inputs(inputs)
        with torch.no_grad(), self.compute_loss_context_manager():
            arguments = self._arguments(inputs)
            labels = arguments.pop("labels")
            losses = token_losses(model(**arguments).logits, labels, self.args.label_smoothing_factor)
            own = losses.sum(1) / labels.ne(MASKED).sum(1)
            # gather_for_metrics also removes the copies of records that fill up the last batch.
            loss = self.accelerator.gather_for_metrics(own).mean()
            if prediction_loss_only:
                return loss, None, None
            prompts = {name: inputs[name] for name in ("input_ids", "attention_mask")}
            if self.reads_first:
                prompts = prompts_of(prompts, labels)
            summaries = self.model.generate(  # type: ignore[union-attr, operator]
                **prompts, generation_config=self.summary,
                synced_gpus=self.is_fsdp_enabled,  # with FSDP, each layer needs weights from all processes
            )  # fmt: skip
        written = summaries[:, prompts["input_ids"].shape[1] :] if self.reads_first else summaries
        return loss, written, labels

    def save_model(self, output_dir: str | None = None, _internal_call: bool = False) -> None:
        """Save the adapter. With FSDP, gather only the adapter's weights. transformers would also gather the base."""
        if not self.is_fsdp_enabled:
            super().save_model(output_dir, _internal_call)
            return
        weights = adapter_weights(self.model)  # type: ignore[arg-type]
        if self.args.should_save:
            self._save(output_dir, state_dict=weights)

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        folder = Path(self.args.output_dir or "", f"{PREFIX_CHECKPOINT_DIR}-{self.state.global_step}")
        try:
            super()._save_checkpoint(model, trial)
            self.accelerator.wait_for_everyone()
            if self.args.should_save:
                checkpoints.seal(folder, self.state.best_global_step)
        except (Exception, CheckpointException) as error:
            reason = checkpoints.unwritten_because(error)
            if reason is None or processes.another_is_gone(error):
                raise
            raise UserError(f"{folder} cannot be written: {reason}; free space, and the next run resumes") from None


def _lengths(dataset: Any) -> list[int]:
    """Return the number of input tokens of each record."""
    return [len(ids) for ids in dataset["input_ids"]]


def token_losses(logits: torch.Tensor, labels: torch.Tensor, smoothing: float) -> torch.Tensor:
    """Return the cross entropy of each label, of shape (records, tokens). The value of a masked label is 0."""
    kept = logits[:, logits.shape[1] - labels.shape[1] :]  # some models return more logits than there are labels
    losses = cross_entropy(
        kept.float().flatten(0, 1), labels.flatten(), ignore_index=MASKED, reduction="none", label_smoothing=smoothing
    )
    return losses.view(labels.shape)


class Checkpoints(TrainerCallback):
    """Saves a checkpoint every `seconds` seconds, and ends the training run early if validation no longer improves."""

    def __init__(self, seconds: float, patience: int, steps_an_epoch: int) -> None:
        self.seconds = seconds
        self.patience = patience
        self.steps_an_epoch = steps_an_epoch
        self.saved = time.monotonic()

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Save a checkpoint if enough time has passed since the last checkpoint.

        At the end of an epoch, save nothing here, because the trainer saves a checkpoint after validation.
        """
        due = time.monotonic() - self.saved >= self.seconds
        if args.world_size > 1:  # the first process decides, so that all processes save at the same step
            flag = torch.tensor([due], device=args.device)
            torch.distributed.broadcast(flag, src=0)
            due = bool(flag.item())
        control.should_save = due and state.global_step % self.steps_an_epoch != 0

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """End the run if patience_is_over. A resumed run ends at the same step, because only the state decides."""
        self.saved = time.monotonic()
        control.should_training_stop = control.should_training_stop or patience_is_over(state, self.patience)


def patience_is_over(state: TrainerState, patience: int) -> bool:
    """Return whether `patience` validations have passed since the best validation."""
    best = state.best_global_step or 0
    return sum("eval_loss" in row and row["step"] > best for row in state.log_history) >= patience
