"""Pool the scores of several runs of the pipeline, with intervals from a paired bootstrap over records.

    python -m benchmarks.pipeline.pooled --vary split.seed=1,2,3,4,5 --runs-in FOLDER [-S train.num_epochs=4 ...]
    python -m benchmarks.pipeline.pooled RUN [RUN ...] [--split validation]

The first form makes the runs. Each run is a clone of the last commit in FOLDER. The command can be stopped and repeated
at any time. The second form uses folders of finished runs. With `--split validation`, each run's models summarise the
validation split, and nothing is written. These scores are too good, because the checkpoint was chosen on the validation
split.

The last rows of the table have the share of the numbers in the summaries that the dialogue states, in words or digits.
The command also lists words of the summaries that occur neither in the training records of a run nor in the files of
`--words`. `--show N` prints N dialogues with their summaries. They are patient text, so make sure that nobody else can
see the screen.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import numpy as np
import yaml

from benchmarks.pipeline.runs import make_runs
from benchmarks.pipeline.wording import known_words, wording
from medsum.core.errors import UserError, run_script
from medsum.dialogue.predictions import read_predictions
from medsum.dialogue.record import Record, read_records
from medsum.faithfulness.spoken_numbers import supported
from medsum.metrics import rouge
from medsum.metrics.bootstrap import Interval, intervals
from medsum.metrics.floors import copied_dialogue, longest_turn

MODELS = ("finetuned", "baseline")
FLOORS: dict[str, Callable[[str], str]] = {"copy": copied_dialogue, "longest turn": longest_turn}
TRAIN = "data/splits/train.jsonl"
ROUGE = ("rouge1", "rouge2", "rougeL")


@dataclass
class Pool:
    """The records of all runs, one run after the other, and the texts of each system in the same order."""

    records: list[Record] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in (*MODELS, *FLOORS)})

    def add(self, records: list[Record], outputs: dict[str, list[str]]) -> None:
        """Add one run."""
        self.records += records
        for model in MODELS:
            self.texts[model] += outputs[model]
        for name, floor in FLOORS.items():
            self.texts[name] += [floor(record.dialogue) for record in records]


def summarise(run: Path, split: str, records: list[Record]) -> dict[str, list[str]]:
    """Return the summaries of a split by both models of a run. The run's own code and params.yaml are used."""
    base = yaml.safe_load((run / "params.yaml").read_text(encoding="utf-8"))["model"]["base"]
    outputs = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, model in {"baseline": f"models/base/{base}", "finetuned": "models/finetuned"}.items():
            output = Path(folder, f"{name}.jsonl")
            paths = ["--records", f"data/splits/{split}.jsonl", "--output", str(output)]
            command = [sys.executable, "-m", "stages.predict", "--model-path", model, *paths]
            if subprocess.run(command, cwd=run, stdout=sys.stderr, check=False).returncode:
                raise UserError(f"{run / model} summarised nothing; see the lines above")
            outputs[name] = read_predictions(output, records)
    return outputs


def pool_runs(runs: list[Path], split: str) -> Pool:
    """Return the records of every run's split, with the summaries of its models."""
    pool = Pool()
    for run in runs:
        records = read_records(run / f"data/splits/{split}.jsonl")
        outputs = (
            {name: read_predictions(run / f"data/predictions/{name}.jsonl", records) for name in MODELS}
            if split == "test"
            else summarise(run, split, records)
        )
        pool.add(records, outputs)
    return pool


def rouge_columns(pool: Pool) -> dict[str, np.ndarray]:
    """Return ROUGE F1 x 100 of each system, with the shape (records, 3)."""
    references = [record.summary for record in pool.records]
    columns = {}
    for name, texts in pool.texts.items():
        found = rouge.scores(texts, references, stemmer=False)
        columns[name] = 100 * np.array([found[metric] for metric in ROUGE]).T
    return columns


def number_columns(pool: Pool, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return two counts for each record: the summary's numbers that the dialogue states, and all its numbers.

    Both counts are multiplied by 100 and have the shape (records, 1).
    """
    pairs = [supported(text, record.dialogue) for text, record in zip(pool.texts[name], pool.records, strict=True)]
    said, claimed = np.array(pairs, dtype=np.float64).T
    return 100 * said[:, None], claimed[:, None]


def cell(interval: Interval, sign: str = "") -> str:
    """Return a cell such as `26.22 [24.10, 28.31]`."""
    return f"{interval.mean:{sign}.2f} [{interval.low:{sign}.2f}, {interval.high:{sign}.2f}]"


def table(pool: Pool) -> str:
    """Return the means of every system, the differences of the fine-tuned model, and the shares of stated numbers."""
    ids = [record.id for record in pool.records]
    columns = rouge_columns(pool)
    lines = [f"{'':24}{'ROUGE-1':>26}{'ROUGE-2':>26}{'ROUGE-L':>26}"]
    for name in columns:
        cells = "".join(f"{cell(found):>26}" for found in intervals(columns[name], clusters=ids))
        lines.append(f"{name:24}{cells}")
    for name in list(columns)[1:]:
        found = intervals(columns["finetuned"] - columns[name], clusters=ids)
        lines.append(f"{'finetuned - ' + name:24}" + "".join(f"{cell(one, '+'):>26}" for one in found))
        lines.append(f"{'  p':24}" + "".join(f"{one.p:>26.4f}" for one in found))
    lines.append("")
    for name in MODELS:
        said, claimed = number_columns(pool, name)
        share = cell(intervals(said, claimed, clusters=ids)[0])
        lines.append(f"numbers of {name} that the dialogue states, %: {share}, {claimed.sum():.0f} numbers")
    return "\n".join(lines)


def shown(pool: Pool, count: int) -> str:
    """Return some records to read: dialogue, reference and both summaries. The same pool gives the same records."""
    places = sorted(Random(1).sample(range(len(pool.records)), min(count, len(pool.records))))
    return "\n\n".join(
        "\n".join(
            [
                f"--- {pool.records[at].id}, {pool.records[at].section}",
                pool.records[at].dialogue,
                f"reference:  {pool.records[at].summary}",
                *(f"{model + ':':12}{pool.texts[model][at]}" for model in MODELS),
            ]
        )
        for at in places
    )


def main() -> None:
    """Make or find the runs, pool them, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="*", type=Path, help="folders of finished runs")
    parser.add_argument("--vary", metavar="KEY=VALUE,VALUE", help="make one run for each value")
    parser.add_argument("--runs-in", type=Path, help="folder for the runs")
    parser.add_argument(
        "-S", dest="changes", action="append", default=[], metavar="KEY=VALUE", help="set a parameter in every run"
    )
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N records with both summaries")
    parser.add_argument("--split", choices=("test", "validation"), default="test")
    parser.add_argument("--words", type=Path, nargs="*", default=[], help="text files with known words")
    options = parser.parse_args()
    if bool(options.runs) == bool(options.vary) or bool(options.vary) != bool(options.runs_in):
        parser.error("give either folders of finished runs, or --vary with --runs-in")
    runs = options.runs or make_runs(options.runs_in, options.vary, options.changes)
    pool = pool_runs(runs, options.split)
    different = len({record.id for record in pool.records})
    print(f"{len(runs)} runs, {options.split}: {len(pool.records)} summaries of {different} records a model")
    print("ROUGE F1 x 100, no stemmer; 95 % intervals of 10,000 paired bootstrap resamples of records")
    print(table(pool))
    known = known_words(options.words, [record for run in runs for record in read_records(run / TRAIN)])
    for name in MODELS:
        print(wording(name, pool.texts[name], pool.records, known))
    print(shown(pool, options.show))


if __name__ == "__main__":
    run_script(main)
