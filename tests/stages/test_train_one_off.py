"""A run of one's own: the pipeline's code with other parameters, and outputs elsewhere."""

import csv
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from medsum.core.errors import UserError
from medsum.core.params_section import ParamsSection
from medsum.params import model, one_off, prompt, runtime, train, watch
from tests.conftest import run_stage

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def sections() -> dict[str, ParamsSection]:
    return {section.__name__.rpartition(".")[2]: section.load() for section in (model, prompt, runtime, train, watch)}


def values(config: str | None, *words: str) -> dict[str, Any]:
    applied = one_off.apply(sections(), config, one_off.with_8bit(one_off.flags(list(words))))
    return {leaf: value for section in applied.values() for leaf, value in section.model_dump().items()}


def said(config: str | None, *words: str) -> str:
    with pytest.raises(UserError) as raised:
        values(config, *words)
    assert "\n" not in str(raised.value)
    return str(raised.value)


@pytest.mark.parametrize("words", [["--lora_rank", "3"], ["--lora-rank", "3"], ["--lora-rank=3"]])
def test_a_flag_is_written_with_underscores_or_hyphens(words: list[str]) -> None:
    assert values(None, *words)["lora_rank"] == 3


def test_a_flag_wins_over_the_configuration_and_that_over_params_yaml() -> None:
    found = values("config2", "--num_epochs", "3", "--lora_target_modules", "[q, v]", "--threads", "7")
    expected = {"learning_rate": 5e-5, "batch_size": 16, "num_epochs": 3, "lora_rank": 16, "threads": 7}
    assert {name: found[name] for name in expected} == expected
    assert found["lora_target_modules"] == ["q", "v"]
    assert found["warmup_ratio"] == train.load().warmup_ratio


@pytest.mark.parametrize("config", sorted(path.stem for path in (ROOT / "presets").glob("*.args")))
def test_every_preset_sets_what_training_reads_and_leaves_the_rest(config: str) -> None:
    applied = one_off.apply(sections(), config, {})
    assert set(applied) == set(sections())
    for name, given in one_off.preset(config).items():
        section, _, leaf = name.partition(".")
        if section in applied:
            found = getattr(applied[section], leaf)
            assert found == type(found)(yaml.safe_load(given)) if found is not None else given == "null"


def test_a_preset_with_an_unknown_section_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "odd.args").write_text("-S trian.lora_rank=3", encoding="utf-8")
    monkeypatch.setattr(one_off, "PRESETS", tmp_path)
    assert said("odd") == "--config odd sets trian.lora_rank, which is not a parameter; did you mean 'train'?"


def test_without_flags_the_values_are_those_of_params_yaml() -> None:
    assert values(None) == {leaf: v for section in sections().values() for leaf, v in section.model_dump().items()}


@pytest.mark.parametrize(
    ("config", "words", "sentence"),
    [
        (None, ["--lora_rnak", "3"], "--lora_rnak is not a parameter of training; did you mean 'lora_rank'?"),
        (None, ["--lora_rank"], "--lora_rank has no value; write --lora_rank value"),
        (None, ["--lora_rank", "--seed", "1"], "--lora_rank has no value; write --lora_rank value"),
        (None, ["lora_rank", "3"], "'lora_rank' is not a flag; write values as --name value"),
        (
            None,
            ["--lora_rank", "0"],
            "on the command line, train.lora_rank is 0, but must be a whole",
        ),
        ("confgi2", [], "--config confgi2: no such configuration; did you mean 'config2'?"),
    ],
)
def test_a_wrong_flag_is_one_sentence(config: str | None, words: list[str], sentence: str) -> None:
    assert said(config, *words).startswith(sentence)


@pytest.mark.parametrize("config", [None, "config2"])
def test_text_is_taken_as_it_is_whatever_yaml_would_make_of_it(config: str | None) -> None:
    template = "Summarize: {dialogue} # [all"
    found = values(config, "--template", template)
    assert found["template"] == template
    assert found["template"] != prompt.load().template


def test_a_bare_name_stands_for_a_list_of_one() -> None:
    assert values(None, "--report_to", "wandb")["report_to"] == ["wandb"]
    assert values(None, "--report_to", "[wandb, tensorboard]")["report_to"] == ["wandb", "tensorboard"]


@pytest.mark.parametrize("value", ["*x", "{", "2026-13-45"])
def test_a_value_that_yaml_cannot_read_is_one_sentence(value: str) -> None:
    assert said(None, "--seed", value).startswith(
        f"on the command line, train.seed is {value!r}, which is not a YAML value"
    )


def test_a_base_that_is_no_name_is_one_sentence() -> None:
    assert said(None, "--base", "{").startswith(
        "on the command line, model.base is '{', but must be the name of a folder"
    )


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("True", "8bit"),
        ("true", "8bit"),
        ("yes", "8bit"),
        ("1", "8bit"),
        ("FALSE", "none"),
        ("no", "none"),
        ("0", "none"),
    ],
)
def test_8bit_is_said_as_other_projects_say_it(value: str, kind: str) -> None:
    assert values(None, "--use_8bit", value)["quantization"] == kind
    assert values(None, "--use-8bit", value)["quantization"] == kind


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--use_8bit", "4bit"], "--use_8bit is '4bit', but must be true or false"),
        (["--use_8bit="], "--use_8bit is '', but must be true or false"),
        (
            ["--use_8bit", "True", "--quantization", "4bit"],
            "--use_8bit and --quantization set the same parameter; give one",
        ),
    ],
)
def test_8bit_that_is_neither_true_nor_false_or_said_twice_is_one_sentence(words: list[str], sentence: str) -> None:
    assert said(None, *words).startswith(sentence)


def files(project: Path) -> set[Path]:
    return {path.relative_to(project) for path in project.rglob("*") if "__pycache__" not in path.parts}


@pytest.mark.slow
def test_a_run_writes_the_pipelines_files_into_its_folder_alone(tiny_project: Path) -> None:
    for stage in ("prepare", "split"):
        assert run_stage(tiny_project, stage).returncode == 0
    before = files(tiny_project)
    flags = ["--config", "config3", "--lora-rank", "3", "--num_epochs", "1", "--output", "own"]
    done = run_stage(tiny_project, "train", *flags)
    assert done.returncode == 0, done.stderr
    shown = done.stderr.replace("\r", "\n").splitlines()  # a line that is written over, as a terminal shows it
    line = r"Training: +\d+%.* \d+/\d+ \[\d\d:\d\d<\d\d:\d\d, .*loss=\d+\.\d{3}, rate=\d\.\d\de-\d\d, tokens/s=\d+\]"
    assert [text for text in shown if re.fullmatch(line, text)], done.stderr
    new = files(tiny_project) - before
    assert {path.parts[0] for path in new} == {"own", ".checkpoints", "logs"}
    assert {Path("own") / name for name in ("metrics/train.json", "models/finetuned/adapter_model.safetensors")} < new
    params = yaml.safe_load((tiny_project / "own/params.yaml").read_text(encoding="utf-8"))
    assert (params["train"]["learning_rate"], params["train"]["lora_rank"]) == (1e-5, 3)
    again = run_stage(tiny_project, "train", *flags)
    assert again.stderr == "Error: --output own already holds a run; choose another folder or delete this folder\n"


@pytest.mark.slow
def test_max_records_limits_the_training_and_the_report_counts_them(tiny_project: Path) -> None:
    for stage in ("prepare", "split"):
        assert run_stage(tiny_project, stage).returncode == 0
    done = run_stage(tiny_project, "train", "--max-records", "5", "--output", "few")
    assert done.returncode == 0, done.stderr
    assert json.loads((tiny_project / "few/reports/train.json").read_text(encoding="utf-8"))["train_records"] == 5


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stages", "base", "said"),
    [
        (0, "tiny", "data/splits/train.jsonl is not there; run `dvc repro split` to make it"),
        (
            2,
            "flan-t5-base",
            "models/base/flan-t5-base is not fetched yet; run `python -m stages.fetch_base flan-t5-base`",
        ),
        (
            2,
            "flan-t5-bsae",
            "on the command line: model.base is 'flan-t5-bsae', but models/base has only compact, flan-t5-base",
        ),
    ],
)
def test_missing_inputs_are_reported_with_a_remedy_and_nothing_written(
    tiny_project: Path, stages: int, base: str, said: str
) -> None:
    for stage in ("prepare", "split")[:stages]:
        assert run_stage(tiny_project, stage).returncode == 0
    before = files(tiny_project)
    done = run_stage(tiny_project, "train", "--config", "config2", "--base", base)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: {said}")
    assert done.stderr.count("\n") == 1
    assert files(tiny_project) == before


@pytest.mark.slow
def test_help_is_given_beside_other_flags_too(tiny_project: Path) -> None:
    done = run_stage(tiny_project, "train", "--use_8bit", "True", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "python -m stages.train --config config2" in done.stdout


@pytest.mark.slow
def test_an_adapter_is_trained_on_a_base_in_8_bits_the_same_one_each_time(tiny_project: Path) -> None:
    for stage in ("prepare", "split"):
        assert run_stage(tiny_project, stage).returncode == 0
    adapters = []
    for output, in_8_bits in (("one", "True"), ("two", "True"), ("whole", "False")):
        flags = ("--use_8bit", in_8_bits, "--num_epochs", "1", "--output", output)
        done = run_stage(tiny_project, "train", *flags)
        assert done.returncode == 0, done.stderr
        adapters.append((tiny_project / output / "models/finetuned/adapter_model.safetensors").read_bytes())
    assert adapters[0] == adapters[1] != adapters[2]


@pytest.mark.slow
def test_the_pipeline_s_folders_are_refused(tiny_project: Path) -> None:
    done = run_stage(tiny_project, "train", "--lora_rank", "3", "--output", "models/finetuned")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: --output models/finetuned belongs to the pipeline; choose a folder outside")


@pytest.mark.slow
def test_out_of_memory_goes_on_in_smaller_batches_and_comes_to_the_same(tiny_project: Path) -> None:
    """Memory is too small for batches of more than 4 records: what would not fit is told to torch's allocator."""
    for stage in ("prepare", "split"):
        assert run_stage(tiny_project, stage).returncode == 0
    flags = ["--lora-dropout", "0", "--num_epochs", "2", "--checkpoint_seconds", "0"]
    whole = run_stage(tiny_project, "train", *flags, "--output", "whole")
    assert whole.returncode == 0, whole.stderr
    (tiny_project / "scarce.py").write_text(SCARCE, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "scarce.py", *flags, "--auto_batch_size", "True", "--output", "small"],
        cwd=tiny_project,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Out of memory: resuming with batch size 4, same effective batch size" in done.stdout
    assert "Resuming an interrupted run at step 4" in done.stdout
    curves = [read_losses(tiny_project / name / "plots/training/loss.csv") for name in ("whole", "small")]
    assert curves[1] == pytest.approx(curves[0], rel=1e-3)


SCARCE = """
import runpy
import torch
from transformers import Trainer

training_step = Trainer.training_step

def scarce(self, model, inputs, *args):
    if len(inputs["input_ids"]) > 4 and self.state.global_step == 4:
        torch.empty(2**60, dtype=torch.uint8)
    return training_step(self, model, inputs, *args)

Trainer.training_step = scarce
runpy.run_module("stages.train", run_name="__main__", alter_sys=True)
"""


def read_losses(file: Path) -> list[float]:
    with file.open(encoding="utf-8", newline="") as rows:
        return [float(row["loss"]) for row in csv.DictReader(rows)]
