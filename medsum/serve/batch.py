"""Process the dialogues of one file into another file, with constant memory and on several processes.

A run can be stopped at any moment and resumed later. The input is divided into chunks of CHUNK lines. The rows of each
chunk are written to a separate file (a part) next to the output, as a whole or not at all. A part that exists is not
written again. When all parts exist, they are joined to the output. The output depends neither on the number of
processes nor on the number of interruptions. Only one run at a time may write an output. Only a run with the same
input, model, options and parameters (its identity) may use the parts of an earlier run.
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

CHUNK = 256  # lines; enough to form batches of similar lengths
FORM = 5  # version of the rows' format; a run does not use parts of another version
IDENTITY = "identity.json"
POLL_SECONDS = 0.2
Report = Callable[[int], object]
Write = Callable[[Sequence[Line]], list[dict[str, Any]]]


def _digest(source: Path) -> str:
    """Return a hash of a file, or of the names and contents of the files in a folder."""
    digests = []
    for path in batch_files(source):
        with readable(path):
            digests.append(f"{path.name} {sha256(path)}")
    if not source.is_dir():
        return digests[0].rpartition(" ")[2]
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


class Batch:
    """A run from `source` to `output`. `identity` holds all settings that affect the result, such as the model.

    Raise UserError if the source cannot be read, or if source and output are the same file.
    """

    def __init__(self, source: Path, output: Path, identity: dict[str, Any]) -> None:
        self.source = source
        self.output = output
        self.with_signs: list[tuple[int, list[str]]] = []  # number and messages of each line with the key `signs`
        self.without_id = 0  # rows
        self.as_windows = 0  # rows that are not UTF-8 and are read as Windows-1252
        self.identified = 0  # rows with text that may identify a person
        self.with_major = 0  # rows with a major flag
        self.held_back = 0  # rows without a text, because their note must be written by hand
        self.parts = output.with_name(f".{output.name}.parts")
        content = _digest(source)
        if output.exists() and output.samefile(source):
            raise UserError(f"{output} is the batch itself; choose another file for the output")
        self.identity = json.dumps({"source": content, "chunk": CHUNK, "form": FORM, **identity}, sort_keys=True)

    @contextmanager
    def prepared(self) -> Iterator[bool]:
        """Reserve the output for this run; yield True if this run continues an earlier run with the same identity.

        Raise UserError if the output exists, if another run is writing it, or if a different run has left parts of it.
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
            if self.output.exists() or not self._is_begun():  # there are no parts to continue with
                shutil.rmtree(self.parts, ignore_errors=True)
            lock.release()

    def _begin(self) -> bool:
        """Return whether this run continues an earlier run; the caller holds the lock."""
        self._refuse_output()  # another run may have finished the output before this run got the lock
        if self.is_prepared():
            return True
        if self._is_begun():
            raise UserError(
                f"{self.parts} holds a part of this output that was written with another model, options, parameters or"
                " input; finish it with the earlier command, delete this folder, or choose another output"
            )
        write_text(self.parts / IDENTITY, self.identity)
        return False

    def _is_begun(self) -> bool:
        return any(self.parts.glob("[0-9]*.jsonl"))

    def _refuse_output(self) -> None:
        if self.output.exists():
            raise UserError(f"{self.output} exists already; move it away or choose another output")

    def wait_until_prepared(self) -> None:
        """Wait until the first process has prepared the run."""
        while not self.is_prepared() and not self.output.exists():
            time.sleep(POLL_SECONDS)

    def is_prepared(self) -> bool:
        """Return whether the existing parts have the identity of this run."""
        try:
            return (self.parts / IDENTITY).read_text(encoding="utf-8") == self.identity
        except OSError:
            return False

    def count(self) -> int:
        """Return the number of lines of the input, including bad lines."""
        return sum(1 for _ in read_lines(self.source))

    def work(self, write: Write, rank: int = 0, processes: int = 1, skipped: Report = lambda _: None) -> None:
        """Write every chunk of this process; call `skipped` with the number of lines of each chunk that exists."""
        for number, lines in enumerate(self._chunks()):
            if not self.is_prepared():  # another process has finished the output, or the folder of parts is deleted
                return
            if number % processes == rank:
                if self._part(number).exists():
                    skipped(len(lines))
                else:
                    write_jsonl(self._part(number), write(lines))

    def finish(self, patience: Callable[[], bool] = lambda: False) -> list[tuple[int, str]]:
        """Join the parts to the output, and return the number and the error of each bad line.

        Also set `with_signs`, `without_id`, `as_windows`, `identified`, `with_major` and `held_back`. Wait for
        parts of other processes while `patience` returns True. Raise UserError if a part is missing after that.
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
                        self.as_windows += "encoding" in row
                        self.identified += "identifiers" in row
                        self.held_back += row.get("held_back", False)
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
