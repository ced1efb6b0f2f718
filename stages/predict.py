"""Summarise the test split with the base model alone (baseline), or with the base model and its adapter (finetuned).

    python -m stages.predict finetuned
    python -m stages.predict --model-path FOLDER --records FILE.jsonl --output FILE.jsonl

The pipeline runs the first form. It reads data/splits/test.jsonl and models/base/<model.base>. For finetuned, it
also reads the adapter of the last training pass: models/finetuned/ or models/second_pass/. It writes
data/predictions/<name>.jsonl with id and text, in the order of the input.

The second form works with any checkpoint, adapter or CTranslate2 model, and with any records that have id, dialogue and
section. The output must be outside the folders of the pipeline.

The work can be divided among several processes (predict.num_processes or --processes). The output has the same bytes as
the output of one process.
"""

import argparse
import sys
from pathlib import Path

from tqdm import tqdm

from medsum.core.atomic import write_jsonl
from medsum.core.errors import UserError, run_script
from medsum.core.output_folder import require_outside
from medsum.core.paths import PREDICTIONS, TEST_SPLIT
from medsum.dialogue.record import read_jsonl
from medsum.generation.model_choice import model_folder, open_summarizer
from medsum.model import processes
from medsum.model.launching import launch
from medsum.params import predict as predict_params
from medsum.params import prompt
from medsum.signs.writing import listed, names


def arguments() -> argparse.Namespace:
    """Return the options: either a name, or a model, a file of records and an output file."""
    parser = argparse.ArgumentParser(prog="python -m stages.predict", description="Summarise records with a model.")
    parser.add_argument("name", nargs="?", choices=["baseline", "finetuned"], help="summarise the test split")
    parser.add_argument("--model-path", type=Path, help="a checkpoint, an adapter or a CTranslate2 model")
    parser.add_argument("--records", type=Path, help="JSON lines with id, dialogue and section")
    parser.add_argument("--output", type=Path, help="JSON lines with id and text, outside the pipeline's folders")
    parser.add_argument("--processes", type=int, metavar="N", help="number of processes, at most one per GPU")
    chosen = parser.parse_args()
    others = [chosen.model_path, chosen.records, chosen.output]
    if any(others) if chosen.name else not all(others):
        parser.error("give baseline or finetuned, or else --model-path, --records and --output together")
    if chosen.processes is not None and chosen.processes < 1:
        parser.error("--processes must be a whole number of at least 1")
    return chosen


def predict(model: str, records: Path, output: Path) -> None:
    """Load the model, summarise the records and write the summaries."""
    rows = list(read_jsonl(records))
    for number, row in enumerate(rows, start=1):
        if not (isinstance(row, dict) and isinstance(row.get("dialogue"), str) and "id" in row):
            raise UserError(f"{records}, line {number}: not a record; write a JSON object with id and dialogue")
    if model == "baseline":
        from medsum.model.base_check import require_usable  # imported here, because models of CTranslate2 need no torch

        require_usable(model_folder(model), prompt.load(), [row["dialogue"] for row in rows])
    summarizer = open_summarizer(model)
    prompts = [summarizer.prompts(row["dialogue"], row.get("section")) for row in rows]
    with tqdm(total=len(rows), unit="dialogue", desc="Summarizing", disable=not processes.is_first()) as progress:
        texts = summarizer.write(prompts, progress.update, processes.distributed)
    if not processes.is_first():
        return
    write_jsonl(output, [{"id": row["id"], "text": text} for row, text in zip(rows, texts, strict=True)])
    split = sum(len(parts) > 1 for parts in prompts)
    print(f"{output}: {len(rows)} summaries" + (f", {split} of them written in several windows" if split else ""))
    signs = [summarizer.signs(row["dialogue"]) for row in rows]
    if lost := names(sign for one in signs for sign, _, _ in one.unknown):
        print(f"Signs of the dialogues that the model cannot read were left out: {listed(lost)}", file=sys.stderr)


def main() -> None:
    """Summarise the test split, or the records that the command line names."""
    chosen = arguments()
    wanted = predict_params.load().num_processes if chosen.processes is None else chosen.processes
    if wanted > 1 and not processes.launched():
        launch("stages.predict", sys.argv[1:], wanted)
        return
    if chosen.name:
        predict(chosen.name, TEST_SPLIT, PREDICTIONS / f"{chosen.name}.jsonl")
        return
    require_outside(chosen.output, choose="an output")
    predict(str(chosen.model_path), chosen.records, chosen.output)


if __name__ == "__main__":
    run_script(main)
