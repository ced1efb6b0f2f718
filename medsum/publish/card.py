"""Make the model card from parameters and metrics.

The module reads params.yaml, reports/*.json, plots/evaluation/*.csv and dvc.lock. These files contain no words of a
dialogue. Section headers come from the data, so the card names only headers that are well known.
"""

import csv
import json
from pathlib import Path
from typing import Any

from huggingface_hub import EvalResult, ModelCardData
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from medsum.core.lock import outputs, read_lock
from medsum.core.paths import EVALUATION_PLOTS, REPORTS
from medsum.dialogue.section_headers import SECTION_HEADERS
from medsum.metrics.names import METRIC_LABELS, SYSTEM_LABELS
from medsum.params import generation, model, prompt, second_pass, train
from medsum.privacy.kinds import KINDS, listed
from medsum.publish.origin import Base, Data, identifiers

PERMISSIVE = "Apache-2.0"  # an adapter of a base with another licence needs the decision of a person
ON_THE_HUB = ("rouge1", "rouge2", "rougeL", "bertscore")
SHOWN = (*ON_THE_HUB, "factual_f1", "omission", "hallucination")
Row = dict[str, str]


def read_report(name: str) -> dict[str, Any]:
    """Return the report of a stage."""
    values: dict[str, Any] = json.loads((REPORTS / f"{name}.json").read_text(encoding="utf-8"))
    return values


def read_rows(name: str) -> list[Row]:
    """Return the rows of a table in plots/evaluation."""
    with (EVALUATION_PLOTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def interval(row: Row, score: str) -> str:
    """Return a score with its interval, such as `0.3813 [0.3419, 0.4190]`."""
    return f"{float(row[score]):.4f} [{float(row['low']):.4f}, {float(row['high']):.4f}]"


def scores() -> dict[str, dict[str, str]]:
    """Return each score with its interval, by system and metric."""
    found: dict[str, dict[str, str]] = {}
    for row in read_rows("by_model"):
        found.setdefault(SYSTEM_LABELS.get(row["model"], row["model"]), {})[row["metric"]] = interval(row, "score")
    return found


def sections(errors: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a row for each well-known section: its number of records, and ROUGE-1 of the base and fine-tuned models.

    A section with few records has no interval.
    """
    found: dict[str, dict[str, Any]] = {}
    for row in read_rows("by_section"):
        header = row["section"].partition(" (n=")[0]
        if header in SECTION_HEADERS:
            small = errors["sections"][header]["small"]
            section = found.setdefault(header, {"header": header, "records": row["records"]})
            section[row["model"]] = f"{float(row['rouge1']):.4f}" if small else interval(row, "rouge1")
    return list(found.values())


def front_matter(repository: str, base: Base, data: Data, evaluation: dict[str, Any]) -> ModelCardData:
    """Return the metadata for the hub: licence, base model, tags, and scores on the test split."""
    named = data.name if data.is_open else "dialogues of the publisher"
    results = [
        EvalResult(
            task_type="summarization",
            dataset_type=data.name if data.is_open else "private",
            dataset_name=named,
            dataset_split="test",
            metric_type="bertscore" if metric == "bertscore" else "rouge",
            metric_name=METRIC_LABELS[metric],
            metric_value=evaluation["finetuned"][metric],
        )
        for metric in ON_THE_HUB
    ]
    known = base.licence == PERMISSIVE and data.is_open
    return ModelCardData(
        language="en",
        license=data.hub_licence if known else "other",
        license_name=None if known else "see-card",
        license_link=None if known else "README.md",
        library_name="peft",
        pipeline_tag="summarization",
        base_model=base.repository,
        datasets=[data.name] if data.is_open else None,
        metrics=["rouge", "bertscore"],
        tags=["lora", "medical", "clinical-notes", "dialogue-summarization"],
        model_name=repository.partition("/")[2],
        eval_results=results,
    )


def screening_said() -> str:
    """Return the end of a sentence that begins with `Screening`.

    It says what the screening found in the training data, and what was done with it.
    """
    found = identifiers()
    counts = {kind: found["found"].get(kind.lower(), 0) for kind in KINDS}
    done = {"report": "they are still there", "mask": "they are masked", "drop": "those records are left out"}
    if not any(counts.values()):
        return "found nothing that may identify a person"
    return f"found in {found['records']} records {listed(counts)}, and {done[found['action']]}"


def render(repository: str, base: Base, data: Data) -> str:
    """Return the whole card: YAML, and then Markdown. Equal inputs give equal bytes."""
    evaluation, errors = read_report("evaluation"), read_report("errors")
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=False,  # noqa: S701 - Markdown of numbers and parameters, which the publisher wrote
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("card.md.j2").render(
        front_matter=front_matter(repository, base, data, evaluation).to_yaml(),
        repository=repository,
        base=base,
        data=data,
        identifiers=screening_said(),
        counts=read_report("splits")["records"],
        trained=read_report("train"),
        hyperparameters={**train.load().model_dump(), "quantization": model.load().quantization},
        prompt=prompt.load(),
        generation=generation.load(),
        evaluation=evaluation,
        metrics={metric: METRIC_LABELS[metric] for metric in SHOWN if metric in evaluation["finetuned"]},
        scores=scores(),
        sections=sections(errors),
        errors=errors,
        adapter_md5=outputs(read_lock())[second_pass.adapter()],
    )
