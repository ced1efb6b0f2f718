"""Choose the files to which a batch writes its rows, and write them as JSON lines or parquet."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from medsum.core.atomic import replacing
from medsum.core.errors import UserError

FORMATS = ("jsonl", "parquet")
GROUP_ROWS = 8192  # the number of rows that are written to parquet at once, so that memory is constant
Add = Callable[[str, dict[str, Any]], None]  # adds a row; takes its line of JSON and its values


def outputs_of(sources: Sequence[Path], output: Path, form: str | None = None) -> list[Path]:
    """Return the file for the rows of each source: `output` itself, or a file in the folder `output`.

    In a folder, visits/may.csv becomes may.jsonl or, if `form` is parquet, may.parquet. Raise UserError if several
    sources have one output file, or if an output file is one of the sources.
    """
    if is_file(output):
        if len(sources) > 1:
            raise UserError(f"{output} is one file, but the batch has {len(sources)}; give a folder as the output")
        outputs = [output]
    else:
        outputs = [output / f"{source.stem}.{form or FORMATS[0]}" for source in sources]
    for place, file in enumerate(outputs):
        if file in outputs[:place]:
            raise UserError(
                f"{sources[outputs.index(file)]} and {sources[place]} would both become {file}; rename one of them"
            )
        if file.exists() and any(file.samefile(source) for source in sources):
            raise UserError(f"{file} is the batch itself; choose another output")
    return outputs


def is_file(output: Path) -> bool:
    """Return whether an output is a file, and not a folder for several files."""
    return output.suffix[1:] in FORMATS and not output.is_dir()


@contextmanager
def writing(path: Path) -> Iterator[Add]:
    """Yield the function that adds a row to the file `path`, which appears only if the block succeeds."""
    with replacing(path) as file:
        if path.suffix == ".jsonl":
            yield lambda text, _: _ignore(file.write(text))
        else:
            with _parquet(file.buffer) as add:
                yield add


def _ignore(_: object) -> None:
    """Turn the number of written characters into None."""


@contextmanager
def _parquet(file: Any) -> Iterator[Add]:
    """Write rows as parquet. The column `record` has the whole row, in the form of a line of a .jsonl output."""
    import pyarrow
    import pyarrow.parquet

    texts = ("id", "summary", "error", "record")
    schema = pyarrow.schema([("line", pyarrow.int64()), *((name, pyarrow.large_string()) for name in texts)])
    rows: list[dict[str, Any]] = []
    with pyarrow.parquet.ParquetWriter(file, schema) as writer:

        def flush() -> None:
            writer.write_table(pyarrow.Table.from_pylist(rows, schema))
            rows.clear()

        def add(text: str, row: dict[str, Any]) -> None:
            rows.append({name: row.get(name) for name in schema.names} | {"record": text.rstrip("\n")})
            if len(rows) == GROUP_ROWS:
                flush()

        yield add
        if rows:
            flush()
