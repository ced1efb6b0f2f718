"""Start the processes of a run on this machine. If one process fails, end all of them."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from medsum.core.errors import UserError
from medsum.core.parent_process import LAUNCHER
from medsum.model.processes import ALONE

POLL_SECONDS = 0.1
LAST_WORDS_SECONDS = 2  # the first process gets this much time to print its own error


class _Process(NamedTuple):
    """A process and the file for its error messages. The first process has no file, because it uses the terminal."""

    running: subprocess.Popen[bytes]
    errors: Path | None


def launch(module: str, arguments: list[str], processes: int) -> None:
    """Run a module in several processes on this machine. If one process fails, end all others and this process.

    The first process uses the terminal. If another process fails, only the errors of the failed process are shown.
    Raise UserError if a process was killed.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the exception makes `finally` below end all processes
    command = [sys.executable, "-m", module, *arguments]
    started: list[_Process] = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            for number, environment in enumerate(_environments(processes)):
                started.append(_start(command, environment, Path(folder, str(number)) if number else None))
            failed, first = _wait(started), started[0].running.poll()
        except KeyboardInterrupt:
            _let_speak(started[0])
            if started[0].running.returncode:
                sys.exit(1)
            raise
        finally:
            for process in started:
                process.running.kill()
                process.running.wait()
        if failed is not None:
            _tell(started, failed, first)


def _environments(processes: int) -> Iterator[dict[str, str]]:
    """Yield the environment variables of each process. accelerate and torchrun set the same variables."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    for number in range(processes):
        place = {"RANK": str(number), "LOCAL_RANK": str(number)}
        size = {"WORLD_SIZE": str(processes), "LOCAL_WORLD_SIZE": str(processes)}
        meeting = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}
        yield {**os.environ, **place, **size, **meeting, LAUNCHER: str(os.getpid())}


def _start(command: list[str], environment: dict[str, str], errors: Path | None) -> _Process:
    if errors is None:
        return _Process(subprocess.Popen(command, env=environment), None)
    with errors.open("wb") as file:
        running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=file)
    return _Process(running, errors)


def _wait(started: list[_Process]) -> int | None:
    """Wait until all processes end or one process fails. Return the number of the failed process, or None.

    A process has the exit code ALONE if it ended because another process had ended. The number of such a process is
    returned only if no other process failed.
    """
    while True:
        codes = [process.running.poll() for process in started]
        for number, code in enumerate(codes):
            if code not in (None, 0, ALONE):
                _let_speak(started[0])
                return number
        if None not in codes:
            return next((number for number, code in enumerate(codes) if code), None)
        time.sleep(POLL_SECONDS)


def _let_speak(first: _Process) -> None:
    with suppress(subprocess.TimeoutExpired):
        first.running.wait(timeout=LAST_WORDS_SECONDS)


def _tell(started: list[_Process], failed: int, first: int | None) -> None:
    """Exit with the error message of the failed process.

    `first` is the exit code of the first process. If the first process failed, it has already printed its own error.
    """
    code = started[failed].running.returncode
    if first is None or first < 0:
        print(file=sys.stderr)  # end the line of the progress bar
    if code < 0:
        name = signal.Signals(-code).name
        raise UserError(
            f"process {failed + 1} of {len(started)} was ended by {name}, perhaps because memory ran out, so the other"
            " processes were ended too; free memory or use fewer processes, then run the same command again"
        )
    errors = started[failed].errors
    if errors is not None and first in (None, 0, ALONE):
        lines = errors.read_text(encoding="utf-8", errors="replace").splitlines()
        sys.exit(lines[-1] if lines and lines[-1].startswith("Error: ") else "\n".join(lines))
    sys.exit(1)
