"""Params section `train`: LoRA fine-tuning."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from medsum.core.params_section import ParamsSection
from medsum.core.paths import AUDITED, TRAIN_SPLIT

Positive = Annotated[int, Field(ge=1)]


class TrainParams(ParamsSection):
    """The hyperparameters of a training run. params.yaml explains each of them."""

    seed: Annotated[int, Field(ge=0)]
    targets: Literal["all", "supported", "trimmed"]
    max_records: Positive | None
    learning_rate: Annotated[float, Field(gt=0, le=1)]
    batch_size: Positive
    batch_tokens: Positive | None
    gradient_accumulation_steps: Positive
    num_processes: Annotated[int, Field(ge=1, le=64)]
    auto_batch_size: bool
    gradient_checkpointing: bool
    cuda_graphs: bool
    precision: Literal["auto", "bf16", "fp32", "fp16", "fp16-forced"]
    num_epochs: Annotated[int, Field(ge=1, le=1000)]
    weight_decay: Annotated[float, Field(ge=0, lt=1)]
    warmup_ratio: Annotated[float, Field(ge=0, lt=1)]
    label_smoothing: Annotated[float, Field(ge=0, lt=1)]
    max_target_tokens: Annotated[int, Field(ge=4, le=4096)]
    lora_rank: Positive
    lora_alpha: Positive
    lora_dropout: Annotated[float, Field(ge=0, lt=1)]
    lora_rank_stabilized: bool
    lora_dora: bool
    lora_target_modules: Literal["all-linear", "usual"] | list[str]
    lora_layers: Positive | None
    select_best_by: Literal["rougeL", "loss"]
    early_stopping_patience: Positive

    @property
    def target_file(self) -> Path:
        """Return the file of the records to train on. For `all`, no output of the stage audit is needed."""
        return TRAIN_SPLIT if self.targets == "all" else AUDITED / f"{self.targets}.jsonl"

    @field_validator("lora_target_modules", mode="plain")
    @classmethod
    def _names_layers(cls, value: Any) -> Any:
        names_layers = isinstance(value, list) and value and all(isinstance(name, str) for name in value)
        if value not in ("all-linear", "usual") and not names_layers:
            raise ValueError("all-linear, usual or a list of layer names such as [q, v]")
        return value


def load() -> TrainParams:
    """Read the params section from params.yaml."""
    return TrainParams.load("train")
