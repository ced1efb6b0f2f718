"""presets/batch.sbatch, run by a stand-in for Slurm's sbatch that reads its options as the manual says."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, run_script, sample_rows

SBATCH = """#!{python}
import os, pathlib, subprocess, sys, tempfile

words = sys.argv[1:]
options = {{}}
while words[0].startswith("--"):
    name, _, value = words.pop(0)[2:].partition("=")
    options[name] = value
script = pathlib.Path(words.pop(0))
for line in script.read_text().splitlines():  # options of the command line go before those of the file
    if line.startswith("#SBATCH "):
        name, _, value = line.removeprefix("#SBATCH --").partition("=")
        options.setdefault(name, value)
assert set(options) <= {{"parsable", "array", "dependency", "job-name", "cpus-per-task", "output"}}, options
first, _, last = options.get("array", "").partition("-")
tasks = options["array"].split(",") if "," in first else range(int(first), int(last or first) + 1) if first else [None]
spooled = pathlib.Path(tempfile.mkdtemp()) / "slurm_script"  # Slurm runs a copy of the script
spooled.write_bytes(script.read_bytes())
log = options["output"].replace("%x", options["job-name"]).replace("%A", "17")
jobs = []
for task in tasks:
    own = {{}} if task is None else {{"SLURM_ARRAY_TASK_ID": str(task), "SLURM_ARRAY_JOB_ID": "17"}}
    with open(log.replace("%a", str(task)), "w") as file:
        jobs.append(subprocess.Popen(
            ["/bin/bash", spooled, *words], env={{**os.environ, **own}}, stdout=file, stderr=subprocess.STDOUT,
        ))
failed = [job.wait() for job in jobs]
if any(failed):
    sys.exit(f"{{failed}}")
print(17)
"""


@pytest.mark.slow
def test_the_sbatch_file_writes_shards_and_joins_them(served_project: Path, tmp_path: Path) -> None:
    rows = [{"id": str(n), "dialogue": row["dialogue"]} for n, row in enumerate(sample_rows() * 3)][:600]
    (served_project / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    sbatch = tmp_path / "sbatch"
    sbatch.write_text(SBATCH.format(python=sys.executable), encoding="utf-8")
    sbatch.chmod(0o755)
    words = ["--batch", "in.jsonl", "--output", "out.jsonl"]
    commands = [line.removeprefix("#   ") for line in (ROOT / "presets/batch.sbatch").read_text("utf-8").splitlines()]
    submit, merge = (command for command in commands if command.startswith(("array=", "sbatch --dependency")))
    script = f"set -e\n{submit}\n{merge}\n".replace("visits.csv", words[1]).replace("notes/visits.jsonl", words[3])
    env = {"PATH": f"{tmp_path}:/usr/bin:/bin", "PYTHON": sys.executable, "OMP_NUM_THREADS": "1"}
    small = script.replace("1-8", "1-2").replace("batch.sbatch 8", "batch.sbatch 2")
    assert small.count("batch.sbatch 2") == 1
    done = subprocess.run(
        ["/bin/bash", "-c", small], cwd=served_project, env=env, capture_output=True, encoding="utf-8", check=False
    )
    logs = "".join(log.read_text("utf-8") for log in served_project.glob("notes-*.log"))
    assert done.returncode == 0, done.stderr + logs
    assert "shard 1/2 is done" in logs
    alone = run_script(served_project, "summarize.py", "--batch", "in.jsonl", "--output", "alone.jsonl")
    assert alone.returncode == 0, alone.stderr
    assert (served_project / "out.jsonl").read_bytes() == (served_project / "alone.jsonl").read_bytes()
