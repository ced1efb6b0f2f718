"""Measure the CPU time and the memory of a command and of all processes that it starts (Linux)."""

import os
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

POLL_SECONDS = 0.5
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Measured:
    """What one process has used. `commands` has the names that it had; Ray renames its processes."""

    commands: set[str] = field(default_factory=set)
    cpu_seconds: float = 0.0
    peak_mb: float = 0.0
    shared_mb: float = 0.0


@dataclass
class Run:
    """A finished command. `processes` has all its processes by their ids; the command itself is `first`."""

    seconds: float
    code: int
    first: int
    errors: str
    processes: dict[int, Measured] = field(default_factory=dict)

    def cpu_seconds(self, words: str = "") -> float:
        """Return the CPU time of the processes whose command contains `words`."""
        return sum(process.cpu_seconds for process in self._named(words))

    def peak_mb(self, words: str) -> float:
        """Return the greatest peak memory of the processes whose command contains `words`."""
        return max((process.peak_mb for process in self._named(words)), default=0.0)

    def _named(self, words: str) -> list[Measured]:
        return [process for process in self.processes.values() if any(words in name for name in process.commands)]


def run_measured(command: list[str], folder: Path) -> Run:
    """Run a command and look at its processes twice a second. The last half of a second may be missing."""
    start = time.perf_counter()
    found: dict[int, Measured] = {}
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        while process.poll() is None:
            for number in tree(process.pid):
                look_at(number, found)
            time.sleep(POLL_SECONDS)
        seconds = time.perf_counter() - start
        assert process.stderr
        return Run(seconds, process.returncode, process.pid, process.stderr.read(), found)


def tree(root: int) -> set[int]:
    """Return the ids of a process and of all its descendants."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(folder.name))
    found, waiting = set(), [root]
    while waiting:
        number = waiting.pop()
        found.add(number)
        waiting += children.get(number, [])
    return found


def look_at(number: int, found: dict[int, Measured]) -> None:
    """Note the CPU time and the memory of one process. Nothing happens if the process has ended."""
    folder = Path("/proc", str(number))
    try:
        words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        times = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
        lines = (line.partition(":") for line in (folder / "status").read_text(encoding="utf-8").splitlines())
        memory = {name: value for name, _, value in lines}
        measured = found.setdefault(number, Measured())
        measured.commands.add(words)
        measured.cpu_seconds = sum(map(int, times)) / TICKS
        measured.peak_mb = max(measured.peak_mb, mb(memory["VmHWM"]))
        measured.shared_mb = max(measured.shared_mb, mb(memory["RssShmem"]))
    except (OSError, KeyError):
        return


def mb(text: str) -> float:
    """Return the megabytes of a size such as `1024 kB`."""
    return int(text.split()[0]) * 1024 / 1e6
