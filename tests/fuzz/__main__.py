"""Damage every file that the project reads and every request that it answers: `make fuzz`.

A case passes if it ends, within SECONDS of computing time and MEGABYTES of memory, or with a UserError of one sentence
that quotes nobody. Seed, target and number decide a case. Finished parts are kept in a file, so that a run that was
stopped goes on there; a run of other code begins again.
"""

import argparse
import faulthandler
import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType

from medsum.core.errors import UserError
from tests.fuzz import layouts, model_folders, pipeline_files, requests, source_files
from tests.fuzz.mutation import MARKER

TARGETS = {
    name: case
    for kind in (source_files, layouts, pipeline_files, model_folders, requests)
    for name, case in kind.targets()
}
# These files have no patient text.
QUOTES_ITS_FILE = ("parameters", "catalogues", "lock", "presets", "reader_answers", "adapter", "base", "converted")
SLOW = dict.fromkeys(("adapter", "base", "converted"), 0.2)  # their cases take much longer, so there are fewer
SECONDS = 20.0  # of computing, for one case
WAITING_SECONDS = 300.0  # of the clock, for one case on a busy machine
MEGABYTES = 1000
LONGEST_MESSAGE = 900  # a mistyped parameter is answered with all names
PART = 50  # cases between two lines of the file


class HangError(BaseException):
    """A case that takes too long. No reader catches it."""


@dataclass
class Part:
    """The outcome of some cases of one target."""

    target: str
    first: int
    cases: int = 0
    refused: int = 0
    slowest_seconds: float = 0.0
    peak_megabytes: int = 0
    findings: list[dict[str, object]] = field(default_factory=list)


def peak_megabytes() -> int:
    """The most memory that this process has held since `forget_peak`."""
    return int(Path("/proc/self/status").read_text(encoding="utf-8").partition("VmHWM:")[2].split()[0]) // 1024


def forget_peak() -> None:
    """Let the kernel measure the peak of memory again."""
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")


@contextmanager
def limited() -> Iterator[None]:
    """Raise HangError in the block when it takes too long; what even then does not end is killed with its place."""

    def stop(*_: int | FrameType | None) -> None:
        raise HangError

    handlers = {number: signal.signal(number, stop) for number in (signal.SIGPROF, signal.SIGALRM)}
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    signal.setitimer(signal.ITIMER_REAL, WAITING_SECONDS)
    faulthandler.dump_traceback_later(2 * WAITING_SECONDS, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in handlers.items():
            signal.signal(number, handler)


def failing(target: str, number: int, seed: int, scratch: Path) -> tuple[str | None, bool]:
    """Run one case. Return what is wrong, or None, and whether the case was refused."""
    luck = random.Random(f"{seed}/{target}/{number}")
    try:
        with limited():
            TARGETS[target](luck, scratch)
    except UserError as error:
        said = str(error)
        if "\n" in said or len(said) > LONGEST_MESSAGE:
            return f"no sentence: {len(said)} characters, {said.count(chr(10))} line breaks", True
        return ("quotes the text" if MARKER in said and target not in QUOTES_ITS_FILE else None), True
    except HangError as error:
        return f"hang at {place_of(error)}", False
    except Exception as error:  # this is what is looked for
        return f"{type(error).__name__} at {place_of(error)}", False
    return None, False


def place_of(error: BaseException) -> str:
    """Return the last three places of a traceback that are in this project."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if ".venv" not in frame.filename]
    own = [frame for frame in frames if "/medsum/" in frame.filename or "/stages/" in frame.filename] or frames
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in own[:-4:-1])


def run_part(target: str, numbers: range, seed: int, scratch: Path) -> Part:
    """Run some cases of a target."""
    part = Part(target, numbers.start)
    for number in numbers:
        forget_peak()
        begun = time.process_time()
        wrong, refused = failing(target, number, seed, scratch)
        part.cases += 1
        part.refused += refused
        part.slowest_seconds = round(max(part.slowest_seconds, time.process_time() - begun), 2)
        peak = peak_megabytes()
        part.peak_megabytes = max(part.peak_megabytes, peak)
        if wrong is None and peak > MEGABYTES:
            wrong = f"memory: {peak} MB"
        if wrong:
            part.findings.append({"case": number, "wrong": wrong})
            print(f"{target} {number}: {wrong}", file=sys.stderr, flush=True)
    return part


def parts(cases: int, chosen: list[str]) -> Iterator[tuple[str, range]]:
    """Yield parts of the cases of each target, so that all targets together have at least `cases` of them."""
    weights = {target: SLOW.get(target, 1.0) for target in chosen}
    whole = sum(weights.values())
    for target, weight in weights.items():
        own = -(-cases * weight // whole)
        for first in range(0, int(own), PART):
            yield target, range(first, min(first + PART, int(own)))


def kept(path: Path | None) -> list[Part]:
    """Return the parts that an earlier run of the same code has finished."""
    if path is None or not path.exists():
        return []
    return [Part(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def table(done: list[Part]) -> str:
    """Return one line for each target and one for all."""
    rows = []
    for name in dict.fromkeys([*(part.target for part in done), "all"]):
        own = [part for part in done if name in (part.target, "all")]
        found = Counter(str(one["wrong"]) for part in own for one in part.findings)
        rows.append(
            f"{name:18}{sum(part.cases for part in own):7} cases {sum(part.refused for part in own):7} refused"
            f" {max(part.slowest_seconds for part in own):7.2f} s {max(part.peak_megabytes for part in own):5} MB"
            f" {sum(found.values()):5} findings"
        )
    return "\n".join(rows)


def arguments() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Damage what the project reads.")
    parser.add_argument("project", type=Path, help="a project with a tiny model, an adapter and a base")
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--target", choices=[*TARGETS], action="append", help="only this one; may be given several times"
    )
    parser.add_argument("--case", type=int, help="only this case, with its traceback; needs --target")
    parser.add_argument("--kept", type=Path, help="a file for the parts that are done")
    return parser.parse_args()


def main() -> int:
    """Run all cases that are not done; return 1 if one of them failed."""
    chosen = arguments()
    faulthandler.enable()
    path = chosen.kept.absolute() if chosen.kept else None
    done = kept(path)
    finished = {(part.target, part.first, part.cases) for part in done}
    with tempfile.TemporaryDirectory() as scratch, chdir(chosen.project):
        os.environ["TMPDIR"] = scratch
        if chosen.case is not None:
            TARGETS[chosen.target[0]](random.Random(f"{chosen.seed}/{chosen.target[0]}/{chosen.case}"), Path(scratch))
            return 0
        for target, numbers in parts(chosen.cases, chosen.target or [*TARGETS]):
            if (target, numbers.start, len(numbers)) in finished:
                continue
            done.append(run_part(target, numbers, chosen.seed, Path(scratch)))
            if path:
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(done[-1])) + "\n")
    print(table(done))
    return int(any(part.findings for part in done))


if __name__ == "__main__":
    sys.exit(main())
