"""The served model is the fine-tuned one: merged, converted, compared; and a dialogue's section can be guessed."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch

from medsum.core.errors import UserError
from medsum.generation.model_choice import base_of
from medsum.generation.section_guess import load
from medsum.generation.section_learning import learn
from medsum.model.loading import load_adapted, load_base
from tests.conftest import run_stage, sample_rows, set_params


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exported") / "project"


@pytest.fixture
def trained(tiny_project: Path, kept: Path) -> Path:
    """A tiny project up to the adapter."""
    if not kept.exists():
        for stage in ("prepare", "split", "train"):
            result = run_stage(tiny_project, stage)
            assert result.returncode == 0, result.stderr
        shutil.copytree(tiny_project, kept)
    shutil.rmtree(tiny_project)
    return shutil.copytree(kept, tiny_project)


def export(project: Path, **params: Any) -> dict[str, Any]:
    """Run the stage; gives its metrics."""
    set_params(project, **params)
    result = run_stage(project, "export")
    assert result.returncode == 0, result.stderr
    assert "MB, loaded in " in result.stdout
    found: dict[str, Any] = json.loads((project / "reports/export.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.slow
def test_in_float32_every_output_is_the_unmerged_models(trained: Path) -> None:
    metrics = export(trained, **{"export.precision": "float32", "generation.num_beams": 3, "export.parity_records": 2})
    assert metrics["records"] == 2
    for search in ("greedy", "beam"):
        assert metrics[search]["identical"] == 1.0
        assert metrics[search]["rouge1"]["difference"] == 0.0
    assert metrics["size_mb"]["ctranslate2"] > 0


@pytest.mark.slow
def test_the_folder_holds_these_files_and_a_second_run_writes_the_same_bytes(trained: Path) -> None:
    metrics = export(trained)
    assert metrics["precision"] == "int8"
    assert "beam" not in metrics  # the tiny project searches greedily
    serving = trained / "models/serving"
    first = {file.relative_to(serving).as_posix(): file.read_bytes() for file in serving.rglob("*") if file.is_file()}
    assert first.keys() == {
        "sections.json",
        *(
            f"ctranslate2/{name}"
            for name in (
                "config.json",
                "manifest.sha256",
                "model.bin",
                "prompt.json",
                "shared_vocabulary.json",
                "tokenizer.json",
            )
        ),
        *(
            f"merged/{name}"
            for name in (
                "config.json",
                "generation_config.json",
                "manifest.sha256",
                "model.safetensors",
                "tokenizer.json",
                "tokenizer_config.json",
            )
        ),
    }
    assert export(trained) == metrics
    assert first == {
        file.relative_to(serving).as_posix(): file.read_bytes() for file in serving.rglob("*") if file.is_file()
    }


@pytest.mark.slow
def test_the_merged_checkpoint_gives_the_unmerged_models_logits(trained: Path) -> None:
    export(trained)
    merged = load_base(trained / "models/serving/merged")
    adapted = load_adapted(trained / "models/base/tiny", trained / "models/finetuned")
    base = load_base(trained / "models/base/tiny")
    ids = torch.tensor([[5, 9, 30, 1]])
    with torch.inference_mode():
        logits = [model(input_ids=ids, labels=ids).logits for model in (merged, adapted, base)]
    assert torch.allclose(logits[0], logits[1], atol=1e-4)
    assert not torch.allclose(logits[0], logits[2], atol=1e-4)


@pytest.mark.slow
def test_without_an_adapter_it_says_so_and_leaves_the_served_model_of_before(trained: Path) -> None:
    export(trained)
    shutil.rmtree(trained / "models/finetuned")
    before = (trained / "models/serving/ctranslate2/model.bin").read_bytes()
    result = run_stage(trained, "export")
    assert result.returncode == 1
    assert "models/finetuned holds no adapter as safetensors; run `dvc repro` to train one" in result.stderr
    assert (trained / "models/serving/ctranslate2/model.bin").read_bytes() == before


def test_the_base_of_an_adapter_is_the_one_it_was_trained_on(trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(trained)
    assert base_of(Path("models/finetuned")) == Path("models/base/tiny")


def test_sections_are_guessed_far_better_than_by_chance(tmp_path: Path) -> None:
    rows = sample_rows()
    learnt, held_out = rows[:240], rows[240:]
    guess = learn([row["dialogue"] for row in learnt], [row["section_header"] for row in learnt])
    right = sum(guess.guess(row["dialogue"]) == row["section_header"] for row in held_out)
    most_common = max(sum(row["section_header"] == header for row in held_out) for header in guess.sections)
    assert right > 1.5 * most_common
    guess.save(tmp_path / "sections.json")
    assert load(tmp_path / "sections.json") == guess


def test_a_word_of_one_record_is_not_kept() -> None:
    guess = learn(
        ["Doctor: Zebulon, any pain?", "Patient: Any pain at all?", "Patient: I smoke."], ["CC", "CC", "FAM/SOCHX"]
    )
    assert "zebulon" not in guess.weights
    assert "pain" in guess.weights
    assert guess.guess("Patient: Pain.") == "CC"
    assert guess.guess("Patient: Hm.") is None


def test_a_corpus_without_two_frequent_words_guesses_nothing() -> None:
    assert learn(["Patient: Pain.", "Patient: Pain."], ["CC", "GENHX"]).guess("Patient: Pain.") is None
    assert learn(["Patient: 7.", "Patient: 8."], ["CC", "GENHX"]).guess("Patient: 7.") is None


def test_without_sections_there_is_nothing_to_guess_from(tmp_path: Path) -> None:
    assert learn(["Patient: Pain."], [None]).guess("Patient: Pain.") is None
    with pytest.raises(UserError, match="run `dvc repro`"):
        load(tmp_path / "none.json")
