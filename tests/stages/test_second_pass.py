"""The second training pass: on notes that the checker chose, and on pairs of notes."""

import json
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file

from medsum.core import manifest
from tests import corrections
from tests.conftest import run_stage, run_stages, set_params

WEIGHTS = "adapter_model.safetensors"


def rows(project: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (project / f"data/preferences/{name}.jsonl").read_text("utf-8").splitlines()]


def metrics(project: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((project / f"metrics/{name}.json").read_text(encoding="utf-8"))
    return found


def adapter(project: Path, folder: str) -> bytes:
    return (project / f"models/{folder}/{WEIGHTS}").read_bytes()


@pytest.fixture
def corrected(causal_ready: Path) -> Path:
    """A project with a decoder-only base that was trained on the signed texts of 60 made-up corrections."""
    corrections.write(causal_ready / "data/raw/corrections", corrections.made_up(60))
    changed = {"second_pass.method": "preferences", "second_pass.pairs": "corrections", "second_pass.num_epochs": 4}
    set_params(
        causal_ready,
        **{"data.source": "corrections", "train.num_epochs": 1, "second_pass.learning_rate": 0.02, **changed},
        **{"train.max_target_tokens": 160},
    )
    run_stages(causal_ready, "prepare", "split", "train")
    return causal_ready


def test_without_a_second_pass_no_model_is_loaded_and_the_first_adapter_counts(ready: Path) -> None:
    run_stages(ready, "candidates", "second_pass")
    assert [file.name for file in (ready / "models/second_pass").iterdir()] == ["none.txt"]
    assert (rows(ready, "chosen"), rows(ready, "pairs"), metrics(ready, "second_pass")) == ([], [], {})


@pytest.mark.slow
def test_the_model_learns_to_prefer_signed_texts_to_drafts(corrected: Path) -> None:
    first = adapter(corrected, "finetuned")
    run_stages(corrected, "candidates", "second_pass")
    pairs = rows(corrected, "pairs")
    assert len(pairs) == metrics(corrected, "preferences")["pairs"] > 25
    assert all(pair["rejected"].endswith("Takes warfarin 5 mg.") for pair in pairs)
    assert not [pair for pair in pairs if "Takes warfarin 5 mg." in pair["chosen"]]
    assert metrics(corrected, "second_pass")["better_note_gained_more"] > 0.8
    assert adapter(corrected, "finetuned") == first
    second = adapter(corrected, "second_pass")
    names = [set(load_file(corrected / f"models/{folder}/{WEIGHTS}")) for folder in ("finetuned", "second_pass")]
    assert names[0] == names[1]  # TRL's frozen copy of the adapter is not saved
    assert second != first
    manifest.require_unchanged(corrected / "models/second_pass")
    run_stages(corrected, "second_pass", "export")
    assert adapter(corrected, "second_pass") == second  # equal runs give equal bytes


@pytest.mark.slow
def test_chosen_notes_become_further_targets(causal_ready: Path) -> None:
    set_params(causal_ready, **{"train.num_epochs": 1, "second_pass.method": "chosen"})
    set_params(causal_ready, **{"second_pass.notes_per_dialogue": 3, "second_pass.learning_rate": 0.05})
    run_stages(causal_ready, "train", "candidates", "second_pass")
    chosen, counts = rows(causal_ready, "chosen"), metrics(causal_ready, "preferences")
    splits = [json.loads(line) for line in (causal_ready / "data/splits/train.jsonl").read_text("utf-8").splitlines()]
    assert {row["id"] for row in chosen} <= {row["id"] for row in splits}
    assert not {row["summary"] for row in chosen} & {row["summary"] for row in splits}
    assert counts["chosen"] == len(chosen) > 0
    assert counts["notes"] >= counts["notes_without_major_flag"] >= len(chosen)
    assert metrics(causal_ready, "second_pass")["records"] == len(splits) + len(chosen)
    run_stages(causal_ready, "export")
    served = (causal_ready / "models/serving/merged/model.safetensors").read_bytes()
    set_params(causal_ready, **{"second_pass.method": "none"})
    run_stages(causal_ready, "export")
    assert (causal_ready / "models/serving/merged/model.safetensors").read_bytes() != served


def test_an_encoder_decoder_cannot_learn_from_pairs_which_is_said_before_it_writes_notes(ready: Path) -> None:
    set_params(ready, **{"second_pass.method": "preferences"})
    done = run_stage(ready, "candidates")
    assert done.returncode == 1
    assert done.stderr == (
        "Error: second_pass.method is preferences, but models/base/tiny is an encoder-decoder, which TRL's DPOTrainer"
        " cannot train; set it to chosen or none, or choose a decoder-only base\n"
    )


def test_pairs_of_corrections_need_drafts(causal_ready: Path) -> None:
    set_params(causal_ready, **{"second_pass.method": "preferences", "second_pass.pairs": "corrections"})
    done = run_stage(causal_ready, "candidates")
    assert done.returncode == 1
    assert "no training record has a draft that a person changed" in done.stderr
