"""Choose the output files of a batch, and write rows to them as JSON lines or parquet."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from medsum.core.atomic import replacing
from medsum.core.errors import UserError

FORMATS = ("jsonl", "parquet")
GROUP_ROWS = 8192  # the number of rows in a row group of parquet; a limit keeps the memory constant
Add = Callable[[str, dict[str, Any]], object]  # takes one row in two forms: a line of JSON, and a dict


def outputs_of(sources: Sequence[Path], output: Path, form: str | None = None) -> list[Path]:
    """Return the output file of each source: `output` itself, or a file in the folder `output`.

    In a folder, the output file of visits/may.csv is may.jsonl. If `form` is parquet, the output file is may.parquet.
    Raise UserError if several sources have the same output file, or if an output file is one of the sources.
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
    """Return whether an output is one file and not a folder."""
    return output.suffix[1:] in FORMATS and not output.is_dir()


@contextmanager
def writing(path: Path) -> Iterator[Add]:
    """Yield a function that adds a row to the file `path`. The file appears only if the block succeeds."""
    with replacing(path) as file:
        if path.suffix == ".jsonl":
            yield lambda text, _: file.write(text)
        else:
            with _parquet(file.buffer) as add:
                yield add


@contextmanager
def _parquet(file: Any) -> Iterator[Add]:
    """Write rows as parquet. The column `record` has the same JSON text of the row that a .jsonl output has."""
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
