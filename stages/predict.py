"""Summarise the test split with the base model (baseline) or with base and adapter (finetuned).

Reads data/splits/test.jsonl, models/base/<model.base> and, for finetuned, models/finetuned/; writes
data/predictions/<name>.jsonl: id and text, in the order of the input.
"""

import sys
from pathlib import Path

from medsum.atomic import write_jsonl
from medsum.data.records import read_records
from medsum.errors import run_script
from medsum.model import determinism
from medsum.model.generation import Summarizer
from medsum.model.loading import load_base, load_finetuned, load_tokenizer
from medsum.params import generation, model, prompt, runtime

TEST = Path("data/splits/test.jsonl")
BASES = Path("models/base")
ADAPTER = Path("models/finetuned")
PREDICTIONS = Path("data/predictions")


def main() -> None:
    """Load the model named on the command line, summarise, write."""
    name = sys.argv[1]
    base = BASES / model.load().base
    determinism.fix(runtime.load().threads)
    weights = load_base(base) if name == "baseline" else load_finetuned(base, ADAPTER)
    summarizer = Summarizer(weights, load_tokenizer(base), prompt.load(), generation.load())
    records = read_records(TEST)
    texts = summarizer.summarize([r.dialogue for r in records], [r.section for r in records])
    path = PREDICTIONS / f"{name}.jsonl"
    write_jsonl(path, [{"id": r.id, "text": text} for r, text in zip(records, texts, strict=True)])
    print(f"{path}: {len(records)} summaries")


if __name__ == "__main__":
    run_script(main)
