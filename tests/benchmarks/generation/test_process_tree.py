"""The CPU time and the memory of a command and of the processes that it starts."""

import subprocess
import sys
import time
from pathlib import Path

from benchmarks.generation.process_tree import Measured, look_at, run_measured, tree


def test_a_command_and_its_child_are_measured(tmp_path: Path) -> None:
    parent = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(0.6)  # child'])"
    run = run_measured([sys.executable, "-c", f"{parent}; sys.exit('no')"], tmp_path)
    assert (run.code, run.errors) == (1, "no\n")
    assert run.seconds > 0.6
    assert run.first in run.processes
    assert len(run.processes) == 2
    assert 1 < run.peak_mb("# child") < 100
    assert 0 < run.cpu_seconds() < 5


def test_a_process_is_looked_at_while_it_runs_and_not_afterwards() -> None:
    found: dict[int, Measured] = {}
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as process:
        time.sleep(0.3)
        assert tree(process.pid) == {process.pid}
        look_at(process.pid, found)
        process.kill()
        process.wait()
    measured = found[process.pid]
    assert any("while True" in command for command in measured.commands)
    look_at(process.pid, found)
    assert found == {process.pid: measured}
