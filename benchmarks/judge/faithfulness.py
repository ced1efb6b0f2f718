"""Measure how well the faithfulness scores, ROUGE and BERTScore correlate with human judgement of the same summaries.

    python -m benchmarks.judge.faithfulness FILE [--cross-validate] [--encoder FOLDER]

FILE has the format of MTS-Dialog's correlation study (benchmarks/judge/human_judgement.py). Without --cross-validate,
the project's saved weights are used, and nothing is fitted. With --cross-validate, the weights for every row are fitted
on the other dialogues of FILE. Intervals are 95 % intervals from 2,000 bootstrap resamples of dialogues, with a seed.
The folder of --encoder has the model that turns words into vectors for BERTScore and the faithfulness scores.
"""

import argparse
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rouge_score import rouge_scorer
from scipy.stats import ConstantInputWarning, pearsonr, spearmanr

from benchmarks.judge.fit_faithfulness import FOLDS, REPEATS, cross_validated, feature_table
from benchmarks.judge.human_judgement import ENCODER, Array, Judged, cases, load_encoder, read
from medsum.core.errors import run_script
from medsum.faithfulness.scores import FEATURES, scores
from medsum.metrics.bertscore import EncoderScorer
from medsum.metrics.names import METRIC_LABELS

RESAMPLES = 2000
BERTSCORE_LAYER = 6
LABELS = {name: METRIC_LABELS[name] for name in ("omission", "factual_f1", "hallucination")}
Columns = dict[str, Array]


CORRELATIONS = {"": pearsonr, "Spearman ": spearmanr}  # both functions return nan if all values of a column are equal


def interval(
    first: Array, second: Array, groups: NDArray[np.int64], correlation: Callable[[Array, Array], Any]
) -> tuple[float, float]:
    """Return the ends of the 95 % interval of the correlation. Resamples draw whole dialogues."""
    rng = np.random.default_rng(1)
    members = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    drawn = []
    for _ in range(RESAMPLES):
        rows = np.concatenate([members[index] for index in rng.integers(0, len(members), len(members))])
        drawn.append(correlation(first[rows], second[rows]).statistic)
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def overlap_scores(judged: Judged, encoder_folder: Path) -> Columns:
    """Return ROUGE recall, ROUGE F1 (both without a stemmer) and BERTScore F1 of every row."""
    scorer = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=False)
    pairs = list(zip(judged.references, judged.predictions, strict=True))
    found = [scorer.score(reference, prediction) for reference, prediction in pairs]
    columns = {}
    for name, label in (("rouge1", "ROUGE-1"), ("rouge2", "ROUGE-2"), ("rougeL", "ROUGE-L")):
        columns[f"{label} recall"] = np.array([row[name].recall for row in found])
        columns[f"{label} F1"] = np.array([row[name].fmeasure for row in found])
    bertscore = EncoderScorer(encoder_folder, BERTSCORE_LAYER, batch_size=64)
    columns["BERTScore"] = np.array(bertscore.scores(judged.predictions, judged.references))
    return columns


def frozen_scores(judged: Judged, encoder_folder: Path) -> Columns:
    """Return the faithfulness scores of every row, with the project's saved weights."""
    encoder = load_encoder(encoder_folder)
    rows = [scores(one, encoder.similarity) for one in cases(judged, encoder)]
    return {name: np.array([row[name] for row in rows]) for name in LABELS}


def refitted_scores(judged: Judged, encoder_folder: Path) -> dict[str, list[Array]]:
    """Return the faithfulness scores of every row, with weights that were fitted on other dialogues.

    Each repeat of the cross-validation gives one column.
    """
    table = feature_table(judged, encoder_folder)
    return {name: cross_validated(table, judged, name) for name in FEATURES}


def line(
    human: Array, groups: NDArray[np.int64], columns: list[list[Array]], correlation: Callable[[Array, Array], Any]
) -> str:
    """Return the correlations with their intervals as text.

    If there are several repeats, use the mean of the correlations and the interval of the first repeat.
    """
    cells = []
    for repeats in columns:
        value = float(np.mean([correlation(column, human).statistic for column in repeats]))
        low, high = interval(repeats[0], human, groups, correlation)
        cells.append(f"{value:+.3f} [{low:+.2f}, {high:+.2f}]")
    return "".join(f"  {cell:23}" for cell in cells)


def main() -> None:
    """Score the rows of FILE, and print a line for each score that people gave."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--cross-validate", action="store_true", help="fit the weights for each row on the other dialogues"
    )
    parser.add_argument("--encoder", type=Path, default=ENCODER)
    arguments = parser.parse_args()
    judged = read(arguments.file)
    if arguments.cross_validate:
        ours = refitted_scores(judged, arguments.encoder)
        how = f"fitted again on the other dialogues of the file ({FOLDS} folds, mean of {REPEATS} repeats)"
    else:
        ours = {name: [column] for name, column in frozen_scores(judged, arguments.encoder).items()}
        how = "with the project's saved weights, nothing fitted here"
    others = overlap_scores(judged, arguments.encoder)
    print(f"{len(judged.references)} summaries of {judged.dialogue_of.max() + 1} dialogues; ours: {how}")
    print("Correlation with human judgement [95 % interval, bootstrap over dialogues]; Pearson, then Spearman")
    print(f"{'':24}" + "".join(f"  {name:23}" for name in ("ours", *others)))
    warnings.simplefilter("ignore", ConstantInputWarning)  # all rows of a resample may be equal
    for prefix, correlation in CORRELATIONS.items():
        for name, label in LABELS.items():
            columns = [ours[name], *([column] for column in others.values())]
            print(f"{prefix + label:24}" + line(judged.human[name], judged.dialogue_of, columns, correlation))


if __name__ == "__main__":
    run_script(main)
