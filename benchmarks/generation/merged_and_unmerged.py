"""Test on any records whether the served model writes the same text as the base model with its separate adapter.

    python -m benchmarks.generation.merged_and_unmerged FILE [FILE ...] [--precision float32] [--base FOLDER]

Each FILE has records (.jsonl, as in data/splits) or rows with MTS-Dialog's columns (.csv). The records of all files
count as one set. The served model is a merged model: its adapter is merged into the base model. Without --precision,
the command uses the model in models/serving. With --precision, it first converts the merged model to this precision.
The command prints the values that `reports/export.json` has for the validation split: the share of
equal texts, ROUGE of both models, and the difference with its 95 % paired interval.
"""

import argparse
import json
import tempfile
from pathlib import Path

from benchmarks.records import read
from medsum.core.errors import run_script
from medsum.core.paths import BASES, SERVING
from medsum.generation.conversion import convert
from medsum.model import determinism
from medsum.model.chat import prompt_builder
from medsum.params import model, prompt, runtime
from stages.export import parity


def main() -> None:
    """Read the records, compare the models, and print the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument(
        "--precision", choices=("int8", "bfloat16", "float32"), help="convert the merged model to this precision first"
    )
    parser.add_argument("--base", type=Path, help="base model of the adapter; default: model.base of params.yaml")
    options = parser.parse_args()
    base = options.base or BASES / model.load().base
    determinism.fix(runtime.load().threads)
    records = [record for file in options.files for record in read(file)]
    with tempfile.TemporaryDirectory() as scratch:
        converted = SERVING / "ctranslate2"
        if options.precision:
            converted = Path(scratch, options.precision)
            convert(SERVING / "merged", converted, options.precision, prompt_builder(base, prompt.load()).frame)
        found = parity(base, converted, records)
    print(json.dumps({"records": len(records), **found}, indent=2))


if __name__ == "__main__":
    run_script(main)
