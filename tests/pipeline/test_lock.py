"""dvc.lock tells the truth about what Git tracks; trained weights are never compared, since processors differ."""

import subprocess
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from dvc.dependency.param import ParamsDependency
from dvc.output import Output
from dvc.repo import Repo
from dvc.stage import PipelineStage

from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(not (ROOT / "dvc.lock").is_file(), reason="dvc.lock is not there: run `dvc repro`")
REMEDY = "run `dvc repro` and commit dvc.lock with what it wrote"
LOCKS = [path for path in [ROOT / "dvc.lock", *sorted(ROOT.glob("*/*/dvc.lock"))] if path.is_file()]


class Recorded(NamedTuple):
    """A stage of a dvc.yaml that has an entry in the dvc.lock beside it."""

    stage: PipelineStage
    entry: dict[str, Any]


@pytest.fixture(scope="module")
def tracked() -> set[str]:
    """Git's files, and every folder that has one; a .gitignore only keeps a place for what Git does not track."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    files = [ROOT / name for name in listed.stdout.split("\0") if name and Path(name).name != ".gitignore"]
    return {str(path) for file in files for path in (file, *file.parents) if ROOT in path.parents}


@pytest.fixture(scope="module")
def recorded() -> Iterator[list[Recorded]]:
    with chdir(ROOT), Repo() as repo:
        stages = {(stage.dvcfile.path, stage.name): stage for stage in repo.index.stages}
        yield [
            Recorded(stages[str(lock.with_suffix(".yaml")), name], entry)
            for lock in LOCKS
            for name, entry in entries(lock.read_text(encoding="utf-8")).items()
            if (str(lock.with_suffix(".yaml")), name) in stages
        ]


def entries(lock: str) -> dict[str, dict[str, Any]]:
    stages: dict[str, dict[str, Any]] = yaml.safe_load(lock)["stages"]
    return stages


def changed(files: list[Output], tracked: set[str]) -> list[str]:
    """Tracked files and folders whose hash is not the recorded one."""
    return [str(file) for file in files if file.fs_path in tracked and file.get_hash() != file.hash_info]


def reproducible(recorded: list[Recorded]) -> list[Recorded]:
    """Without frozen stages, whose entry tells which code made them then, not which is there now."""
    return [entry for entry in recorded if not entry.stage.frozen]


def value_at(params: dict[str, Any], key: str) -> Any:
    value: Any = params
    for name in key.split("."):
        value = value[name]
    return value


def test_every_stage_of_the_pipeline_is_recorded_and_no_other_is(recorded: list[Recorded]) -> None:
    with chdir(ROOT), Repo() as repo:
        stages = {stage.name for stage in repo.index.stages if stage.dvcfile.path == str(ROOT / "dvc.yaml")}
    assert entries((ROOT / "dvc.lock").read_text(encoding="utf-8")).keys() == stages, REMEDY
    assert len(recorded) == sum(len(entries(lock.read_text(encoding="utf-8"))) for lock in LOCKS), REMEDY


def test_a_frozen_stage_is_recorded_so_that_a_clone_without_its_inputs_passes_it_by(recorded: list[Recorded]) -> None:
    with chdir(ROOT), Repo() as repo:
        frozen = {stage.addressing for stage in repo.index.stages if stage.frozen}
    assert frozen <= {r.stage.addressing for r in recorded}, "where its inputs are, run `dvc commit --force` on it"


def test_recorded_commands_are_those_of_dvc_yaml(recorded: list[Recorded]) -> None:
    assert {r.stage.addressing: r.entry["cmd"] for r in recorded} == {
        r.stage.addressing: r.stage.cmd for r in recorded
    }, REMEDY


def test_recorded_dependencies_are_those_of_dvc_yaml(recorded: list[Recorded]) -> None:
    for stage, entry in reproducible(recorded):
        declared = {dep.def_path for dep in stage.deps if not isinstance(dep, ParamsDependency)}
        assert {dep["path"] for dep in entry["deps"]} == declared, f"{stage.addressing}: {REMEDY}"


def test_recorded_dependencies_that_git_tracks_are_what_is_there(recorded: list[Recorded], tracked: set[str]) -> None:
    files = {
        stage.addressing: [dep for dep in stage.deps if not isinstance(dep, ParamsDependency)]
        for stage, _ in reproducible(recorded)
    }
    assert all(any(dep.fs_path in tracked for dep in deps) for deps in files.values())
    wrong = {name: changed(deps, tracked) for name, deps in files.items()}
    assert {name: paths for name, paths in wrong.items() if paths} == {}, REMEDY


def test_recorded_outputs_that_git_tracks_are_what_is_there(recorded: list[Recorded], tracked: set[str]) -> None:
    outputs = {r.stage.addressing: [out for out in r.stage.outs if not out.use_cache] for r in recorded}
    metrics = {str(out) for outs in outputs.values() for out in outs}
    assert {"metrics/evaluation.json", "plots/evaluation/by_model.csv"} <= metrics
    wrong = {name: changed(outs, tracked) for name, outs in outputs.items()}
    assert {name: paths for name, paths in wrong.items() if paths} == {}, REMEDY


def test_recorded_parameters_are_those_of_params_yaml(recorded: list[Recorded]) -> None:
    params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    for stage, entry in recorded:
        declared = [dep for dep in stage.deps if isinstance(dep, ParamsDependency)]
        keys = {key for dep in declared for key in (dep.params or params)}
        values = entry.get("params", {}).get("params.yaml", {})
        assert values == {key: value_at(params, key) for key in keys}, f"{stage.addressing}: {REMEDY}"


def test_what_one_stage_wrote_is_what_the_next_one_read() -> None:
    """A merge of two dvc.lock files may leave halves of two runs."""
    stages = entries((ROOT / "dvc.lock").read_text(encoding="utf-8"))
    written = {out["path"]: out["md5"] for entry in stages.values() for out in entry.get("outs", [])}
    read = [(dep["path"], dep["md5"]) for entry in stages.values() for dep in entry["deps"] if dep["path"] in written]
    assert len(read) >= 10
    assert [(path, md5) for path, md5 in read if written[path] != md5] == [], REMEDY
