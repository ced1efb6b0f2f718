"""Only what must rerun reruns: for every leaf of params.yaml, and for edited code."""

import re
import shutil
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
import yaml
from dvc.repo import Repo

from medsum.review.experiments import leaves
from tests.conftest import NO_GIT, ROOT, record, run_stage, set_params
from tests.pipeline.conftest import command

# Stages whose record in dvc.lock no longer holds when the leaf changes. `check` reads every leaf and comes on top.
STALE = {
    "data.source": "source prepare",
    "data.language": "prepare evaluate",
    "data.columns.id": "prepare",
    "data.columns.dialogue": "prepare",
    "data.columns.summary": "prepare",
    "data.columns.section": "prepare",
    "data.columns.split": "prepare",
    "privacy.action": "prepare",
    "split.seed": "split",
    "split.train": "split",
    "split.validation": "split",
    "split.test": "split",
    "split.near_duplicate_similarity": "split",
    "split.equal_note_min_words": "split",
    "split.drop_leaked_from_train": "split",
    "model.base": "base train candidates second-pass export predict@baseline predict@finetuned",
    "model.quantization": "train candidates second-pass predict@baseline predict@finetuned",
    "prompt.system": "train candidates second-pass export predict@baseline predict@finetuned",
    "prompt.template": "train candidates second-pass export predict@baseline predict@finetuned",
    "prompt.unknown_signs": "train candidates second-pass export predict@baseline predict@finetuned",
    "prompt.max_input_tokens": "train candidates second-pass export predict@baseline predict@finetuned",
    "train.seed": "train second-pass",
    "train.targets": "train second-pass",
    "train.max_records": "train second-pass",
    "train.learning_rate": "train second-pass",
    "train.batch_size": "train second-pass",
    "train.batch_tokens": "train second-pass",
    "train.gradient_accumulation_steps": "train second-pass",
    "train.num_processes": "train second-pass",
    "train.auto_batch_size": "train second-pass",
    "train.gradient_checkpointing": "train second-pass",
    "train.cuda_graphs": "train second-pass",
    "train.precision": "train second-pass",
    "train.num_epochs": "train second-pass",
    "train.weight_decay": "train second-pass",
    "train.warmup_ratio": "train second-pass",
    "train.label_smoothing": "train second-pass",
    "train.max_target_tokens": "train second-pass",
    "train.lora_rank": "train second-pass",
    "train.lora_alpha": "train second-pass",
    "train.lora_dropout": "train second-pass",
    "train.lora_layers": "train second-pass",
    "train.lora_rank_stabilized": "train second-pass",
    "train.lora_dora": "train second-pass",
    "train.lora_target_modules": "train second-pass",
    "train.select_best_by": "train second-pass",
    "train.early_stopping_patience": "train second-pass",
    "second_pass.method": "candidates second-pass export predict@baseline predict@finetuned",
    "second_pass.pairs": "candidates second-pass",
    "second_pass.notes_per_dialogue": "candidates second-pass",
    "second_pass.learning_rate": "second-pass",
    "second_pass.num_epochs": "second-pass",
    "second_pass.beta": "second-pass",
    "generation.num_beams": "candidates export predict@baseline predict@finetuned",
    "generation.max_new_tokens": "candidates export predict@baseline predict@finetuned",
    "generation.length_penalty": "candidates export predict@baseline predict@finetuned",
    "generation.no_repeat_ngram_size": "candidates export predict@baseline predict@finetuned",
    "generation.cut_loops": "candidates export predict@baseline predict@finetuned",
    "generation.batch_tokens": "candidates export predict@baseline predict@finetuned",
    "generation.long_dialogues": "candidates export predict@baseline predict@finetuned",
    "generation.overlap_turns": "candidates export predict@baseline predict@finetuned",
    "generation.rerank": "candidates export predict@baseline predict@finetuned",
    "generation.guided": "candidates export predict@baseline predict@finetuned",
    "note.hold_back": "",
    "note.sections": "",
    "predict.num_processes": "",
    "export.precision": "export",
    "export.parity_records": "export",
    "evaluate.rouge_stemmer": "evaluate",
    "evaluate.scorer": "scorer@other evaluate",
    "evaluate.scorer_layer": "evaluate",
    "evaluate.scorer_batch_size": "evaluate",
    "error_analysis.worst_records": "error-analysis",
    "error_analysis.small_group_records": "error-analysis",
    "runtime.threads": "train candidates second-pass export predict@baseline predict@finetuned",
    "watch.report_to": "",
    "watch.log_steps": "",
    "watch.checkpoint_seconds": "",
}


LEAVES = dict(leaves(yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))))


def another(value: Any) -> Any:
    """A value that differs."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    return "other"


@pytest.fixture(scope="module")
def recorded(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's pipeline with placeholders for all data, recorded in dvc.lock as if it had run."""
    folder = shutil.copytree(template, tmp_path_factory.mktemp("recorded") / "project")
    record(folder)
    return folder


def stale(folder: Path) -> set[str]:
    with chdir(folder), Repo(config=NO_GIT) as repo:
        return set(repo.status())


@pytest.fixture
def params(recorded: Path) -> Iterator[Path]:
    """The recorded project's params.yaml, put back after the test."""
    path = recorded / "params.yaml"
    text = path.read_text(encoding="utf-8")
    yield path
    path.write_text(text, encoding="utf-8")


def test_the_table_has_a_row_for_every_leaf_and_no_other() -> None:
    assert STALE.keys() == LEAVES.keys(), "give each parameter of params.yaml its row in STALE, above"


def test_nothing_is_stale_after_a_run(recorded: Path) -> None:
    assert stale(recorded) == set()


@pytest.mark.parametrize("leaf", LEAVES)
def test_a_changed_leaf_makes_exactly_these_stages_stale(leaf: str, recorded: Path, params: Path) -> None:
    assert params.is_file()
    set_params(recorded, **{leaf: another(LEAVES[leaf])})
    assert stale(recorded) == {"check", *STALE[leaf].split()}


def test_a_comment_makes_nothing_stale(recorded: Path, params: Path) -> None:
    text = params.read_text(encoding="utf-8")
    params.write_text("# Tuned by hand.\n" + text.replace("\n", "  # note\n", 1), encoding="utf-8")
    assert stale(recorded) == set()


@pytest.mark.parametrize("module", ["medsum/facts/numbers.py", "medsum/faithfulness/fact_flags.py"])
def test_a_change_of_the_checker_asks_for_an_audit_and_for_no_training(module: str, recorded: Path) -> None:
    path = recorded / module
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\nEDITED = True\n", encoding="utf-8")
    found = stale(recorded)
    path.write_text(text, encoding="utf-8")
    assert "audit" in found
    assert "train" not in found  # the export is: windows merge by the checker


def test_another_order_of_keys_makes_nothing_stale(recorded: Path, params: Path) -> None:
    values = yaml.safe_load(params.read_text(encoding="utf-8"))
    ordered = yaml.safe_dump(values, sort_keys=True, allow_unicode=True)
    assert list(yaml.safe_load(ordered)) != list(values)
    params.write_text(ordered, encoding="utf-8")
    assert stale(recorded) == set()


def test_checking_other_parameters_writes_the_same_bytes(tiny_project: Path) -> None:
    marker = tiny_project / "data/checked.txt"
    first = run_stage(tiny_project, "check")
    assert first.returncode == 0, first.stderr
    before = marker.read_bytes()
    set_params(tiny_project, **{"train.lora_rank": 7, "evaluate.rouge_stemmer": True, "split.seed": 9})
    second = run_stage(tiny_project, "check")
    assert second.returncode == 0, second.stderr
    assert marker.read_bytes() == before


def ran(output: str) -> list[str]:
    """The stages whose command DVC ran."""
    return re.findall(r"^Running stage '([^']+)':", output, flags=re.MULTILINE)


@pytest.mark.slow
@pytest.mark.long
def test_another_metric_setting_scores_again_and_generates_no_text(reproduced: Path) -> None:
    set_params(reproduced, **{"evaluate.scorer_layer": 1})
    assert ran(command(reproduced, "dvc", "repro")) == ["check", "evaluate", "error-analysis"]


@pytest.mark.slow
@pytest.mark.long
def test_another_rank_retrains_but_keeps_the_baseline_and_reverting_it_trains_nothing(reproduced: Path) -> None:
    text = (reproduced / "params.yaml").read_bytes()
    adapter = reproduced / "models/finetuned/adapter_model.safetensors"
    before = adapter.read_bytes()

    set_params(reproduced, **{"train.lora_rank": 3})
    stages = ran(command(reproduced, "dvc", "repro"))
    assert stages[:2] == ["check", "train"]
    assert {"export", "predict@finetuned"} <= set(stages[2:])
    assert set(stages[2:]) <= {"export", "predict@finetuned", "evaluate", "error-analysis"}
    assert adapter.read_bytes() != before

    (reproduced / "params.yaml").write_bytes(text)
    output = command(reproduced, "dvc", "repro")
    assert "Stage 'train' is cached" in output
    assert ran(output) == []
    assert adapter.read_bytes() == before


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize(
    ("module", "stages"),
    [
        ("medsum/corpus/cleaning.py", ["prepare", "split"]),
        ("medsum/report/pages.py", ["error-analysis"]),
        ("medsum/evaluation/table.py", ["evaluate"]),
    ],
)
def test_an_edited_docstring_reruns_the_stages_that_declare_the_module_and_no_other(
    module: str, stages: list[str], reproduced: Path
) -> None:
    path = reproduced / module
    text = path.read_text(encoding="utf-8")
    edited = text.replace('"""', '"""Edited. ', 1)
    assert edited != text
    path.write_text(edited, encoding="utf-8")
    assert ran(command(reproduced, "dvc", "repro")) == stages
