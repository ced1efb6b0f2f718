"""Process the dialogues of files into other files, with constant memory and on several processes.

A run can be stopped at any moment and resumed later. Each input file is divided into chunks of CHUNK lines, and the
chunks of all files are numbered. The rows of each chunk are written to a separate file (a part) next to the output. A
part is never incomplete, and a part that exists is not written again. When all parts exist, they are joined to the
outputs. The outputs do not depend on the number of processes or interruptions.

A shard is the share of a run that one machine writes (shards.py). Only one run at a time may write an output, but the
shards of one run may write their parts at the same time. The identity of a run is its input, model, options and
parameters. Only a run with the same identity may use the parts of an earlier run.
"""

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from filelock import Timeout

from medsum.core.atomic import write_jsonl, write_text
from medsum.core.errors import UserError
from medsum.core.hashing import sha256
from medsum.serve.batch_input import Line, batch_files, read_lines, readable
from medsum.serve.batch_outcome import Outcome
from medsum.serve.batch_output import outputs_of, writing
from medsum.serve.shards import WHOLE, Shard, has_sisters, locked

CHUNK = 256  # the number of lines of a chunk; 256 lines are enough to form batches of dialogues of similar lengths
FORM = 5  # the version of the format of a row; a run does not use parts of another version
IDENTITY = "identity.json"
POLL_SECONDS = 0.2
Report = Callable[[int], object]
Write = Callable[[Sequence[Line]], list[dict[str, Any]]]


def chunks_of(source: Path) -> Iterator[list[Line]]:
    """Yield the lines of a file or folder in chunks."""
    lines = read_lines(source)
    while chunk := list(islice(lines, CHUNK)):
        yield chunk


def part_of(parts: Path, number: int) -> Path:
    """Return the path of the part that has the rows of chunk `number`."""
    return parts / f"{number:08}.jsonl"


def _digest(sources: Sequence[Path]) -> str:
    """Return one hash for all sources. The hash of a single file depends only on its content.

    The hash of several files or of a folder also depends on the names of the files.
    """
    digests = []
    for path in (file for source in sources for file in batch_files(source)):
        with readable(path):
            digests.append(f"{path.name} {sha256(path)}")
    if len(sources) == 1 and not sources[0].is_dir():
        return digests[0].rpartition(" ")[2]
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


class Batch:
    """A run that reads the files `sources` and writes `output`.

    `identity` contains all settings that affect the result, such as the model. `output` is one file, or a folder with
    one file for each source. The files have the format `form` (batch_output.py). Raise UserError if a source cannot be
    read, or if a source would be overwritten.
    """

    def __init__(
        self,
        sources: Sequence[Path],
        output: Path,
        identity: dict[str, Any],
        form: str | None = None,
        shard: Shard = WHOLE,
    ) -> None:
        self.sources = list(sources)
        self.output = output if output.name else output.absolute()
        self.shard = shard
        self.parts = self.output.with_name(f".{self.output.name}.parts")
        content = _digest(self.sources)
        self.outputs = outputs_of(self.sources, output, form)
        self.identity = json.dumps({"source": content, "chunk": CHUNK, "form": FORM, **identity}, sort_keys=True)
        self._counts: list[int] = []

    @contextmanager
    def prepared(self) -> Iterator[bool]:
        """Reserve the output for this run. Yield True if this run continues an earlier run with the same identity.

        Raise UserError if an output exists, or if another run is writing the output. Also raise UserError if a run with
        another identity has left parts of the output.
        """
        self._refuse_output()
        with ExitStack() as held:
            try:
                self.parts.mkdir(parents=True, exist_ok=True)
                beginning = held.enter_context(locked(self.parts, self.shard))
            except Timeout:
                said = f"another run is writing {self.output}; wait for it or choose another output"
                raise UserError(said) from None
            except NotImplementedError:  # filelock raises this error
                said = f"the disk of {self.parts} cannot lock files; choose an output on another disk"
                raise UserError(said) from None
            except OSError as error:
                said = f"{self.parts} cannot be written: {error.strerror}; free space or choose another folder"
                raise UserError(said) from None
            try:
                resumed = self._begin()
                if self.shard.total > 1:
                    beginning.close()  # from now on, the other shards may begin
                yield resumed
            finally:
                self._clear()

    def _clear(self) -> None:
        """Remove the parts if no run needs them. A shard keeps them, because another shard may still run."""
        if self.shard.total == 1 and (self._is_finished() or not self._is_begun()):
            shutil.rmtree(self.parts, ignore_errors=True)

    def _begin(self) -> bool:
        """Return whether this run continues an earlier run. The caller must hold the lock."""
        self._refuse_output()  # another run may have finished the output before this run got the lock
        if self.is_prepared():
            return True
        if self._is_begun() or has_sisters(self.parts, self.shard):
            raise UserError(
                f"{self.parts} holds a part of this output that was written with another model, options, parameters or"
                " input; finish the output with the earlier command, delete this folder, or choose another output"
            )
        write_text(self.parts / IDENTITY, self.identity)
        return False

    def _is_begun(self) -> bool:
        return any(self.parts.glob("[0-9]*.jsonl"))

    def _is_finished(self) -> bool:
        return all(output.exists() for output in self.outputs)

    def _refuse_output(self) -> None:
        """Raise UserError if an output exists.

        Do not raise it if an earlier run with this identity was stopped while it joined its parts to the outputs.
        """
        existing = next((output for output in self.outputs if output.exists()), None)
        if existing and not self.is_prepared():
            raise UserError(f"{existing} exists already; move it away or choose another output")

    def wait_until_prepared(self) -> None:
        """Wait until the first process has prepared the run."""
        while not self.is_prepared() and not self._is_finished():
            time.sleep(POLL_SECONDS)

    def is_prepared(self) -> bool:
        """Return whether the existing parts have the identity of this run."""
        try:
            return (self.parts / IDENTITY).read_text(encoding="utf-8") == self.identity
        except OSError:
            return False

    def counts(self) -> list[int]:
        """Return the number of lines of each source, including bad lines. The first call reads every source."""
        if not self._counts:
            self._counts = [sum(1 for _ in read_lines(source)) for source in self.sources]
        return self._counts

    def chunk_counts(self) -> list[int]:
        """Return the number of chunks of each source."""
        return [-(-count // CHUNK) for count in self.counts()]

    def work(self, write: Write, rank: int = 0, processes: int = 1, skipped: Report = lambda _: None) -> None:
        """Write all chunks of this process. If a part exists already, call `skipped` with its number of lines."""
        place, places = self.shard.place(rank, processes)
        for number, lines in enumerate(chunk for source in self.sources for chunk in chunks_of(source)):
            if not self.is_prepared():  # another process has finished the output, or somebody has deleted the parts
                return
            if number % places == place:
                part = part_of(self.parts, number)
                if part.exists():
                    skipped(len(lines))
                else:
                    write_jsonl(part, write(lines))

    def wait_for_parts(self, patience: Callable[[], bool] = lambda: False) -> None:
        """Wait for the parts of the other processes while `patience` returns True.

        After the wait, raise UserError if a part of this shard is missing.
        """
        for number in range(self.shard.number - 1, sum(self.chunk_counts()), self.shard.total):
            part = part_of(self.parts, number)
            while not part.exists():
                others_work = patience()
                if not others_work and not part.exists():
                    raise UserError("another process of this run has stopped; run the same command again")
                time.sleep(POLL_SECONDS)

    def require_parts(self) -> None:
        """Raise UserError if a part is missing."""
        count = sum(self.chunk_counts())
        missing = [number for number in range(count) if not part_of(self.parts, number).exists()]
        if missing:
            raise UserError(
                f"{len(missing)} of {count} parts of {self.output} are missing; run the unfinished shards again, or run"
                " the command without --merge to write these parts on this machine"
            )

    def finish(self) -> Outcome:
        """Join the parts to the outputs, and return the counts of the rows (batch_outcome.py)."""
        outcome = Outcome()
        first = 0
        for source, output, count in zip(self.sources, self.outputs, self.chunk_counts(), strict=True):
            with writing(output) as add:
                for number in range(first, first + count):
                    with part_of(self.parts, number).open(encoding="utf-8") as part:
                        for text in part:
                            row = json.loads(text)
                            outcome.add(source, row)
                            add(text, row)
            first += count
        return outcome
