"""presets/train.sbatch with stand-ins for Slurm's commands. The two machines are two network namespaces."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from tests.conftest import ROOT, run_stage, set_params
from tests.two_machines import FIRST, FIRST_MACHINE, ON_SECOND, SECOND, need_two_machines

PRESET = ROOT / "presets/train.sbatch"
SCONTROL = f"""#!/bin/sh
[ "$*" = "show hostnames node[1-2]" ] && printf '{FIRST}\\n{SECOND}\\n'
"""
SRUN = f"""#!/bin/bash
[ "$1" = --kill-on-bad-exit=1 ] || exit 9
shift
GLOO_SOCKET_IFNAME=link0 SLURM_PROCID=0 SLURM_LOCALID=0 "$@" & first=$!
GLOO_SOCKET_IFNAME=link1 SLURM_PROCID=1 SLURM_LOCALID=0 {ON_SECOND} "$@" & second=$!
wait $second && wait $first
"""


def losses(folder: Path) -> list[float]:
    """Return all losses of the training run whose logs are in `folder`."""
    events = EventAccumulator(str(folder)).Reload()
    return [event.value for name in ("train/loss", "eval/loss") for event in events.Scalars(name)]


def install(folder: Path, **scripts: str) -> None:
    """Write the stand-ins for commands into a folder."""
    for name, text in scripts.items():
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o755)


@pytest.mark.slow
def test_the_sbatch_file_trains_on_two_machines_as_one_process_does(tiny_project: Path, tmp_path: Path) -> None:
    need_two_machines()
    set_params(tiny_project, **{"train.lora_dropout": 0.0, "watch.report_to": ["tensorboard"]})
    for stage in ("prepare", "split"):
        assert run_stage(tiny_project, stage).returncode == 0
    logs = {"TENSORBOARD_LOGGING_DIR": str(tiny_project / "one-logs")}
    one = run_stage(tiny_project, "train", "--batch_size", "6", "--output", "one", env=logs)
    assert one.returncode == 0, one.stderr

    install(tmp_path, scontrol=SCONTROL, srun=SRUN)
    given = {"SLURM_JOB_ID": "7", "SLURM_NTASKS": "2", "SLURM_NTASKS_PER_NODE": "1"}
    slurm = given | {"SLURM_JOB_NODELIST": "node[1-2]", "PYTHON": sys.executable}
    logs = {"TENSORBOARD_LOGGING_DIR": str(tiny_project / "two-logs")}
    done = subprocess.run(
        [*FIRST_MACHINE, "/bin/bash", str(PRESET), "--batch_size", "3", "--output", "two"],
        cwd=tiny_project,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", **slurm, **logs},
        capture_output=True,
        encoding="utf-8",
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("trainable of") == 1
    assert losses(tiny_project / "two-logs") == pytest.approx(losses(tiny_project / "one-logs"), rel=1e-4)
    assert (tiny_project / "two/models/finetuned/adapter_model.safetensors").is_file()
