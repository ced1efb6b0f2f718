"""Score both models' summaries of the test split against the references; nothing is generated here.

Reads data/splits/test.jsonl, data/predictions/{baseline,finetuned}.jsonl and models/scorer/<evaluate.scorer>;
writes data/scores/<model>.jsonl (a row a record), metrics/evaluation.json and plots/evaluation/*.csv.
"""

from pathlib import Path
from typing import Any

from medsum.atomic import write_csv, write_json, write_jsonl
from medsum.data.records import Record, read_jsonl, read_records
from medsum.errors import UserError, run_script
from medsum.params import evaluate
from medsum.params.evaluate import EvaluateParams
from medsum.quality.aggregate import by_section, differences, means
from medsum.quality.bertscore import EncoderScorer
from medsum.quality.scoring import METRICS as SCORES
from medsum.quality.scoring import copied_dialogues, score_records
from medsum.quality.table import comparison

TEST = Path("data/splits/test.jsonl")
PREDICTIONS = Path("data/predictions")
SCORERS = Path("models/scorer")
ROWS = Path("data/scores")
METRICS = Path("metrics/evaluation.json")
PLOTS = Path("plots/evaluation")
MODELS = ("baseline", "finetuned")
Rows = list[dict[str, Any]]


def read_predictions(path: Path, records: list[Record]) -> list[str]:
    """Texts in the order of the records; raises UserError unless there is exactly one for each."""
    texts = {row["id"]: row["text"] for row in read_jsonl(path)}
    for record in records:
        if record.id not in texts:
            raise UserError(f"{path} has no summary of record '{record.id}'; run `dvc repro` to make it anew")
    return [texts[record.id] for record in records]


def summarise(rows: dict[str, Rows], params: EvaluateParams) -> dict[str, Any]:
    """Values for metrics/evaluation.json: means by model, with n and the settings they hold for."""
    average = {model: means(model_rows, SCORES) for model, model_rows in rows.items()}
    return {
        "records": len(rows["baseline"]),
        "baseline": average["baseline"],
        "finetuned": average["finetuned"],
        "difference": differences(average["baseline"], average["finetuned"]),
        "copy_dialogue": average["copy_dialogue"],
        "settings": {
            "rouge": f"rouge_score F1, stemmer {'on' if params.rouge_stemmer else 'off'}, mean over records",
            "bertscore": f"{params.scorer} layer {params.scorer_layer} F1, not rescaled, no idf",
            "length_ratio": "words of summary / words of reference",
        },
    }


def write_plots(rows: dict[str, Rows]) -> None:
    """Means by model, ROUGE-1 by section, and ROUGE-1 against dialogue length; no ids, no text."""
    shown = [name for name in SCORES if name != "length_ratio"]  # the only one that may exceed 1
    write_csv(
        PLOTS / "by_model.csv",
        [
            {"metric": name, "model": model, "score": value}
            for model, model_rows in rows.items()
            for name, value in means(model_rows, shown).items()
        ],
    )
    write_csv(
        PLOTS / "by_section.csv",
        [
            {"section": f"{section} (n={len(group)})", "model": model, "records": len(group), **means(group, SCORES)}
            for model, model_rows in rows.items()
            for section, group in by_section(model_rows).items()
        ],
    )
    write_csv(
        PLOTS / "by_length.csv",
        [
            {"dialogue_words": row["dialogue_words"], "model": model, "rouge1": row["rouge1"]}
            for model in MODELS
            for row in rows[model]
        ],
    )


def main() -> None:
    """Read, score, write."""
    params = evaluate.load()
    records = read_records(TEST)
    texts = {model: read_predictions(PREDICTIONS / f"{model}.jsonl", records) for model in MODELS}
    encoder = EncoderScorer(SCORERS / params.scorer, params.scorer_layer, params.scorer_batch_size)
    texts["copy_dialogue"] = copied_dialogues(records)
    rows = {model: score_records(records, texts[model], encoder, params.rouge_stemmer) for model in texts}
    for model in MODELS:
        write_jsonl(ROWS / f"{model}.jsonl", rows[model])
    evaluation = summarise(rows, params)
    write_plots(rows)
    write_json(METRICS, evaluation)
    print(comparison(evaluation))


if __name__ == "__main__":
    run_script(main)
