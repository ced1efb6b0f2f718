"""Score the summaries that both models wrote for the test split. Also score trivial summaries, called floors.

    python -m stages.evaluate
    python -m stages.evaluate --predictions FILE.jsonl --records FILE.jsonl --output FOLDER

The pipeline runs the first form. It reads data/splits/{train,test}.jsonl,
data/predictions/{baseline,finetuned}.jsonl, models/scorer/<evaluate.scorer> and the encoder of the faithfulness scores.
It writes:

- data/scores/<model>.jsonl: one row for each record, with all scores, all errors with their places and reasons, and the
  turns that support each sentence
- metrics/evaluation.json: the few scores that a reviewer of a change compares
- reports/evaluation.json: the means of all scores
- plots/evaluation/*.csv: the data of the plots

The second form scores any summaries of any records. It writes scores.jsonl and evaluation.json into a folder outside
the pipeline.
"""

import argparse
import os
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import torch

from medsum.core.atomic import write_csv, write_json, write_text
from medsum.core.errors import UserError, run_script
from medsum.core.output_folder import require_outside
from medsum.core.paths import (
    AGAINST_BASELINE,
    BY_MODEL,
    BY_SECTION,
    CHECKPOINTS,
    EVALUATION_METRICS,
    EVALUATION_PLOTS,
    EVALUATION_REPORT,
    PREDICTIONS,
    SCORERS,
    SCORES,
    TEST_SPLIT,
    TRAIN_SPLIT,
)
from medsum.dialogue.predictions import read_predictions, read_references
from medsum.dialogue.record import Record, read_records
from medsum.evaluation import comparison
from medsum.evaluation.comparison import Tables, difference, histogram, means
from medsum.evaluation.judgement import Judge, fitted_words
from medsum.evaluation.parallel_scoring import Workers, kept_until_done, score_system, workers_for
from medsum.evaluation.scoring import FAITHFULNESS, METRICS
from medsum.evaluation.table import closing_table
from medsum.metrics.bootstrap import RESAMPLES, SEED
from medsum.metrics.floors import from_dialogues, nearest_notes
from medsum.metrics.names import CHECKERS_OFF, MODELS, SHARES, WITH_INTERVAL
from medsum.metrics.summary_statistics import DEFINITIONS
from medsum.params import data, evaluate
from medsum.params.evaluate import EvaluateParams

DECIDING = ("rouge1", "rougeL", "bertscore", *FAITHFULNESS, "major_errors")  # the scores in metrics/evaluation.json
# The file metrics/evaluation.json also has the differences of these scores to the baseline, with intervals.
COMPARED = ("rouge1", "factual_f1", "major_errors")
OF_MODELS = (*WITH_INTERVAL, "rougeLsum", "length_ratio", "novel_bigrams", "repetition", "empty", "unfinished")
POINTS = 2000  # the largest number of points in a plot; of more records, the plot shows every second, third, ... record
BIN = 0.05  # width of a bin of ROUGE-1 differences


def judge(params: EvaluateParams) -> Judge:
    """Return the judge that scores the floors (trivial summaries).

    The judge of the models is the same, but with `findings=True`: the rows of the models also hold errors and
    sentences. Raise UserError if the parameters do not fit together or if a file is missing.
    """
    any_language = is_any_language()
    if any_language and params.rouge_stemmer:
        raise UserError(data.NO_STEMMER)
    words = fitted_words(SCORERS)
    scorer = SCORERS / params.scorer
    return Judge(
        scorer,
        params.scorer_layer,
        params.scorer_batch_size,
        *words,
        stemmer=params.rouge_stemmer,
        any_language=any_language,
    )


def is_any_language() -> bool:
    """Return whether the dialogues may be in a language other than English."""
    return data.load().language == "any"


def workers(records: int) -> AbstractContextManager[Workers]:
    """Return a context with the worker processes that score this number of records.

    The processes end when the context closes.
    """
    return workers_for(records, on_gpu=torch.cuda.is_available())


def score_all(params: EvaluateParams) -> Tables:
    """Score the floors, the baseline and the fine-tuned model on the test split. Write the rows of the two models."""
    records = read_records(TEST_SPLIT)
    texts = {model: read_predictions(PREDICTIONS / f"{model}.jsonl", records) for model in MODELS}
    of_floors = judge(params)
    of_models = of_floors._replace(findings=True)
    floors = {**from_dialogues(records), "nearest_note": nearest_notes(read_records(TRAIN_SPLIT), records)}
    with (
        kept_until_done(Path(os.environ.get("DVC_ROOT") or ".") / CHECKPOINTS / "scores") as kept,
        workers(len(records)) as processes,
    ):
        return {
            name: score_system(records, summaries, of_floors, kept / name, processes)
            for name, summaries in floors.items()
        } | {
            name: score_system(records, summaries, of_models, kept / name, processes, SCORES / f"{name}.jsonl")
            for name, summaries in texts.items()
        }


def summarise(tables: Tables, params: EvaluateParams) -> dict[str, Any]:
    """Return the values of reports/evaluation.json."""
    return {
        "against_baseline": difference(tables["baseline"], tables["finetuned"], WITH_INTERVAL),
        **{model: means(tables[model], OF_MODELS) for model in MODELS},
        "floors": {name: means(table, SHARES) for name, table in tables.items() if name not in MODELS},
        "records": len(tables["baseline"]),
        "scored_in_pieces": {model: int(tables[model]["in_pieces"].sum()) for model in MODELS},
        "settings": described(params),
    }


def deciding(evaluation: dict[str, Any]) -> dict[str, Any]:
    """Return the values of metrics/evaluation.json. Few values keep the output of `dvc metrics diff` short."""
    differences, finetuned = evaluation["against_baseline"], evaluation["finetuned"]
    compared = {name: dict(differences[name]) for name in COMPARED if name in differences}
    for found in compared.values():
        del found["p"]  # the interval gives the same information as the p-value
    return {
        "against_baseline": compared,
        "finetuned": {name: finetuned[name] for name in DECIDING if name in finetuned},
        **({"checkers": CHECKERS_OFF} if "factual_f1" not in finetuned else {}),
    }


def described(params: EvaluateParams) -> dict[str, str]:
    """Return texts that say how the numbers were computed."""
    form = "; ".join(f"{name}: {meaning}" for name, meaning in DEFINITIONS.items())
    any_language = is_any_language()
    words = "; words of any script; in a script without spaces, each letter is a word" if any_language else ""
    return {
        "rouge": f"rouge_score F1, stemmer {'on' if params.rouge_stemmer else 'off'}, mean over records{words}",
        "bertscore": f"{params.scorer} layer {params.scorer_layer} F1, not rescaled, no idf; if a text is too long "
        "for the encoder, its pair is scored in pieces",
        "faithfulness": CHECKERS_OFF
        if any_language
        else "omission, factual F1 and hallucination with the weights of weights.json, lower omission and "
        "hallucination are better; major_errors: mean per record, found with the dialogue and the reference",
        "intervals": f"95 %, percentiles of {RESAMPLES} paired bootstrap resamples of records, seed {SEED}; p "
        "two-sided",
        "form": f"floors: dialogue without speaker tags, its first 3 turns, its longest turn, nearest training note by "
        f"TF-IDF; {form}",
    }


def write_plots(tables: Tables) -> None:
    """Write the CSV files of the plots: scores by model, section and length.

    These files have no ids and no text of records.
    """
    write_csv(BY_MODEL, comparison.by_model(tables, SHARES))
    shown = {name: tables[name] for name in ("copy_dialogue", *MODELS)}
    write_csv(BY_SECTION, comparison.by_section(shown, "rouge1", METRICS))
    write_faithfulness(shown)
    write_csv(EVALUATION_PLOTS / "by_length_bucket.csv", comparison.by_length(shown, "rouge1", METRICS))
    every = -(-len(tables["baseline"]) // POINTS)
    points = [
        {"dialogue_words": words, "model": model, "rouge1": value}
        for model in MODELS
        for words, value in tables[model][["dialogue_words", "rouge1"]][::every].itertuples(index=False)
    ]
    write_csv(EVALUATION_PLOTS / "by_length.csv", points)
    write_csv(AGAINST_BASELINE, comparison.every_difference(*(tables[name] for name in MODELS)))
    write_csv(EVALUATION_PLOTS / "differences.csv", histogram(tables["baseline"], tables["finetuned"], "rouge1", BIN))


def write_faithfulness(tables: Tables) -> None:
    """Write the faithfulness scores by section. If the checks are off, write only the header line of the table."""
    path = EVALUATION_PLOTS / "faithfulness_by_section.csv"
    if "factual_f1" in tables["baseline"]:
        write_csv(path, comparison.by_section(tables, "factual_f1", FAITHFULNESS))
    else:
        write_text(path, "section,model,records,low,high,factual_f1\n")


def evaluate_elsewhere(predictions: Path, references: Path, output: Path, params: EvaluateParams) -> None:
    """Score one file of summaries. Also score the floors, except the floor that needs training notes."""
    records: list[Record] = read_references(references)
    texts = read_predictions(predictions, records)
    of_floors = judge(params)
    of_models = of_floors._replace(findings=True)
    with kept_until_done(output / ".shards") as kept, workers(len(records)) as processes:
        floors = {
            name: score_system(records, summaries, of_floors, kept / name, processes)
            for name, summaries in from_dialogues(records).items()
        }
        scored = score_system(records, texts, of_models, kept / "predictions", processes, output / "scores.jsonl")
    evaluation = {
        "predictions": means(scored, OF_MODELS),
        "intervals": comparison.interval_ends(scored, WITH_INTERVAL),
        "floors": {name: means(table, SHARES) for name, table in floors.items()},
        "records": len(records),
        "scored_in_pieces": {"predictions": int(scored["in_pieces"].sum())},
        "settings": described(params),
    }
    write_json(output / "evaluation.json", evaluation)
    print(closing_table(evaluation))


def arguments() -> argparse.Namespace:
    """Return the options of the command line. Either no path or all three paths must be given."""
    parser = argparse.ArgumentParser(prog="python -m stages.evaluate", description="Score summaries.")
    parser.add_argument("--predictions", type=Path, help="JSON lines with id and text")
    parser.add_argument("--records", type=Path, help="JSON lines with id, dialogue, summary and section")
    parser.add_argument("--output", type=Path, help="a folder that does not belong to the pipeline")
    chosen = parser.parse_args()
    if len({value is None for value in vars(chosen).values()}) == 2:
        parser.error("give --predictions, --records and --output together, or none of these options")
    return chosen


def main() -> None:
    """Read the records, score the summaries, and write the results."""
    chosen = arguments()
    params = evaluate.load()
    if chosen.output:
        require_outside(chosen.output)
        evaluate_elsewhere(chosen.predictions, chosen.records, chosen.output, params)
        return
    tables = score_all(params)
    evaluation = summarise(tables, params)
    write_plots(tables)
    write_json(EVALUATION_REPORT, evaluation)
    write_json(EVALUATION_METRICS, deciding(evaluation))
    print(closing_table(evaluation))


if __name__ == "__main__":
    run_script(main)
