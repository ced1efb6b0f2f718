"""The named configurations are what their table says, and valid."""

import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from medsum.params import train

PRESETS = Path(__file__).parent.parent / "presets"
TABLE: dict[str, dict[str, Any]] = {
    "config1": {"learning_rate": 2e-5, "batch_size": 8, "num_epochs": 3, "lora_rank": 8, "weight_decay": 0.01},
    "config2": {"learning_rate": 5e-5, "batch_size": 16, "num_epochs": 5, "lora_rank": 16, "weight_decay": 0.001},
    "config3": {"learning_rate": 1e-5, "batch_size": 4, "num_epochs": 3, "lora_rank": 4, "weight_decay": 0.05},
    "recommended": {
        "learning_rate": 1e-3,
        "batch_size": 8,
        "num_epochs": 5,
        "lora_rank": 16,
        "lora_alpha": 32,
        "lora_dropout": 0.05,
        "lora_target_modules": "usual",
        "weight_decay": 0.01,
        "gradient_checkpointing": True,
    },
    "compact": {
        "learning_rate": 2e-3,
        "batch_tokens": None,
        "num_epochs": 10,
        "select_best_by": "rougeL",
        "max_target_tokens": 192,
        "lora_rank": 16,
        "lora_dropout": 0.05,
    },
    "qlora": {
        "learning_rate": 2e-4,
        "batch_size": 2,
        "gradient_accumulation_steps": 4,
        "gradient_checkpointing": True,
        "precision": "bf16",
        "num_epochs": 3,
        "lora_rank": 16,
        "lora_alpha": 32,
        "lora_dropout": 0.05,
        "lora_target_modules": "all-linear",
        "weight_decay": 0.0,
    },
}
OTHER_SECTIONS = {
    "compact": {
        "model.base": "compact",
        "prompt.max_input_tokens": "512",
        "generation.num_beams": "8",
        "generation.max_new_tokens": "192",
        "generation.length_penalty": "2.0",
        "generation.no_repeat_ngram_size": "3",
    },
    "recommended": {"generation.num_beams": "4"},
    "qlora": {"model.quantization": "4bit", "prompt.max_input_tokens": "1024"},
}


@pytest.mark.parametrize("name", sorted(path.stem for path in PRESETS.glob("*.args")))
def test_a_preset_sets_what_its_table_says(name: str) -> None:
    words = shlex.split((PRESETS / f"{name}.args").read_text(encoding="utf-8"))
    assert words[::2] == ["-S"] * (len(words) // 2)
    overrides = dict(word.split("=") for word in words[1::2])
    others = {key: overrides.pop(key) for key in list(overrides) if not key.startswith("train.")}
    assert others == OTHER_SECTIONS.get(name, {})
    values = {  # numbers stay text, as DVC writes 5e-05
        key.removeprefix("train."): None if value == "null" else yaml.load(value, yaml.BaseLoader)
        for key, value in overrides.items()
    }
    parsed = train.TrainParams.parse("train", train.load().model_dump() | values).model_dump()
    assert {key: parsed[key] for key in values} == TABLE[name]
