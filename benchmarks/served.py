"""Whether the served model writes what the unmerged one does, on any records.

    python -m benchmarks.served FILE [FILE ...] [--precision float32]

Each FILE holds records (.jsonl, as data/splits) or rows with MTS-Dialog's columns (.csv); they are pooled. Without
--precision, models/serving as it stands; with it, the merged model converted anew. Prints what `reports/export.json`
has for the validation split: the share of equal texts, ROUGE of both, the difference with its 95 % paired interval.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from medsum.data.cleaning import clean_record
from medsum.data.raw import read_rows
from medsum.data.records import Record, read_records
from medsum.errors import run_script
from medsum.model import determinism
from medsum.model.conversion import convert
from medsum.params import model, runtime
from medsum.params.data import Columns
from stages.export import BASES, SERVING, parity

MTS_DIALOG = Columns(id="ID", dialogue="dialogue", summary="section_text", section="section_header", split="split")


def read(file: Path) -> Iterator[Record]:
    """Records of one file."""
    if file.suffix == ".jsonl":
        yield from read_records(file)
        return
    for row in read_rows(file, ["ID", "dialogue", "section_text", "section_header"]):
        if record := clean_record(row, MTS_DIALOG, file.stem):
            yield record


def main() -> None:
    """Read, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--precision", choices=("int8", "bfloat16", "float32"), help="convert anew so")
    options = parser.parse_args()
    determinism.fix(runtime.load().threads)
    records = [record for file in options.files for record in read(file)]
    with tempfile.TemporaryDirectory() as scratch:
        converted = SERVING / "ctranslate2"
        if options.precision:
            converted = Path(scratch, options.precision)
            convert(SERVING / "merged", converted, options.precision)
        found = parity(BASES / model.load().base, converted, records)
    print(json.dumps({"records": len(records), **found}, indent=2))


if __name__ == "__main__":
    run_script(main)
