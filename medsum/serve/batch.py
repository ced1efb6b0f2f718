"""Many dialogues from a file to a file: constant memory, resumable at any moment, shared out over processes.

The input is cut into chunks of CHUNK lines. Each chunk's rows are written, whole or not at all, to a file of their
own beside the output; chunks that are there are not done again, and when all are there they become the output. What
is written depends neither on how many processes shared the work nor on how often it was stopped. One run at a time
has an output, and only the same run goes on with what another has left.
"""

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from medsum.core.atomic import replacing, write_jsonl, write_text
from medsum.core.errors import UserError
from medsum.core.hashing import sha256
from medsum.serve.batch_input import Line, batch_files, read_lines, readable
from medsum.serve.sign_messages import told

CHUNK = 256  # lines; enough for batches of like length
FORM = 4  # of the rows; parts of another are not gone on with
IDENTITY = "identity.json"
POLL_SECONDS = 0.2
Report = Callable[[int], object]
Write = Callable[[Sequence[Line]], list[dict[str, Any]]]


def _digest(source: Path) -> str:
    """A hash of a file, or of the names and contents of a folder's files."""
    digests = []
    for path in batch_files(source):
        with readable(path):
            digests.append(f"{path.name} {sha256(path)}")
    if not source.is_dir():
        return digests[0].rpartition(" ")[2]
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


class Batch:
    """A run from `source` to `output`; `identity` holds all that shapes the result, models and parameters.

    Raises UserError where the source cannot be read, or is the output.
    """

    def __init__(self, source: Path, output: Path, identity: dict[str, Any]) -> None:
        self.source = source
        self.output = output
        self.with_signs: list[tuple[int, list[str]]] = []  # number of each line with `signs`, and what they say
        self.without_id = 0  # rows
        self.identified = 0  # rows that hold what may identify a person
        self.with_major = 0  # rows in which a major flag stands
        self.parts = output.with_name(f".{output.name}.parts")
        content = _digest(source)
        if output.exists() and output.samefile(source):
            raise UserError(f"{output} is the batch itself; give the summaries another name")
        self.identity = json.dumps({"source": content, "chunk": CHUNK, "form": FORM, **identity}, sort_keys=True)

    @contextmanager
    def prepared(self) -> Iterator[bool]:
        """Make ready, while no other run may have this output; True where an earlier run of the same is gone on with.

        Raises UserError where the output is there already, or another run is at it or has left parts of it.
        """
        self._refuse_output()
        lock = FileLock(self.parts / "lock")
        try:
            self.parts.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=0)
        except Timeout:
            raise UserError(f"another run is writing {self.output}; wait for it or choose another output") from None
        except OSError as error:
            said = f"{self.parts} cannot be written: {error.strerror}; free space or choose another folder"
            raise UserError(said) from None
        try:
            yield self._begin()
        finally:
            if self.output.exists() or not self._is_begun():  # nothing to go on with
                shutil.rmtree(self.parts, ignore_errors=True)
            lock.release()

    def _begin(self) -> bool:
        """Whether an earlier run is gone on with; `prepared` with the lock held."""
        self._refuse_output()  # which another run may have finished meanwhile
        if self.is_prepared():
            return True
        if self._is_begun():
            raise UserError(
                f"{self.parts} holds a part of this output by another model, options, parameters or input; finish it"
                " with that command, delete that folder, or choose another output"
            )
        write_text(self.parts / IDENTITY, self.identity)
        return False

    def _is_begun(self) -> bool:
        return any(self.parts.glob("[0-9]*.jsonl"))

    def _refuse_output(self) -> None:
        if self.output.exists():
            raise UserError(f"{self.output} is there already; move it away or choose another output")

    def wait_until_prepared(self) -> None:
        """For a process that does not prepare itself."""
        while not self.is_prepared() and not self.output.exists():
            time.sleep(POLL_SECONDS)

    def is_prepared(self) -> bool:
        """Whether the parts that are there are of this very run."""
        try:
            return (self.parts / IDENTITY).read_text(encoding="utf-8") == self.identity
        except OSError:
            return False

    def count(self) -> int:
        """Lines of the input, bad ones too."""
        return sum(1 for _ in read_lines(self.source))

    def work(self, write: Write, rank: int = 0, processes: int = 1, skipped: Report = lambda _: None) -> None:
        """Write every chunk that is this process's; `skipped` is given the lines of one that is there already."""
        for number, lines in enumerate(self._chunks()):
            if not self.is_prepared():  # another process found everything done, or this run's folder is gone
                return
            if number % processes == rank:
                if self._part(number).exists():
                    skipped(len(lines))
                else:
                    write_jsonl(self._part(number), write(lines))

    def finish(self, patience: Callable[[], bool] = lambda: False) -> list[tuple[int, str]]:
        """Put the chunks together as the output and return number and error of each bad line.

        Fills `with_signs`, `identified` and `with_major`.
        Waits for chunks of other processes as long as `patience` says so; raises UserError where one is missing.
        """
        errors: list[tuple[int, str]] = []
        with replacing(self.output) as file:
            for number, _ in enumerate(self._chunks()):
                while not self._part(number).exists():
                    others_work = patience()
                    if not others_work and not self._part(number).exists():
                        raise UserError("another process of this run has stopped; run the same command again")
                    time.sleep(POLL_SECONDS)
                with self._part(number).open(encoding="utf-8") as part:
                    for text in part:
                        row = json.loads(text)
                        self.without_id += row.get("id") is None and "error" not in row
                        if "error" in row:
                            errors.append((row["line"], row["error"]))
                        self.identified += "identifiers" in row
                        self.with_major += any(flag["severity"] == "major" for flag in row.get("flags", ()))
                        if "signs" in row:
                            self.with_signs.append((row["line"], told(row)))
                        file.write(text)
        return errors

    def _chunks(self) -> Iterator[list[Line]]:
        lines = read_lines(self.source)
        while chunk := list(islice(lines, CHUNK)):
            yield chunk

    def _part(self, number: int) -> Path:
        return self.parts / f"{number:08}.jsonl"
