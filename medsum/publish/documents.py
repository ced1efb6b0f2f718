"""Write the documents that a hospital asks for, as Markdown files in one folder.

The documents have the measurements of a run. Places that a person must write are marked with PERSON and counted. A file
that a person has edited is never replaced. The first line of each file has the sha256 of the other lines, so that an
edit can be seen.
"""

import hashlib
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from medsum.core.atomic import write_text
from medsum.core.errors import UserError
from medsum.core.reading import read_text
from medsum.faithfulness.flags import MEANINGS, SAFETY
from medsum.metrics.names import METRIC_LABELS
from medsum.params import data, error_analysis, generation, model, note, prompt, train
from medsum.publish import measured
from medsum.publish.artefacts import Artefacts, base_card
from medsum.publish.card import scores, screening_said
from medsum.publish.controls import PROMOTED, Control, controls
from medsum.publish.hazards import OF_CATEGORIES, OF_USE, Hazard

PERSON = "**To be written by a person:**"
OUTPUT = Path("documents")
SEAL = "<!-- sha256 of the text below, as `python -m medsum.publish --documents` wrote it: "
SHOWN = ("rouge1", "rouge2", "rougeL", "bertscore", "factual_f1", "omission", "hallucination")


NOT_REVIEWED = (
    "The project is not affiliated with the publisher, and nobody has reviewed the document against this source."
)
DOCUMENTS = {  # file name → the title of the document, and the source of its form
    "model_card": (
        "Model card",
        "It has the fields of CHAI's Applied Model Card, schema v0.2 (Coalition for Health AI,"
        f" <https://github.com/coalition-for-health-ai/mc-schema>). {NOT_REVIEWED}",
    ),
    "tripod_llm": (
        "TRIPOD-LLM checklist",
        "It has the items of TRIPOD-LLM (Gallifant et al., Nature Medicine 31, 60-69, 2025,"
        f" <https://doi.org/10.1038/s41591-024-03425-5>). {NOT_REVIEWED}",
    ),
    "hazard_log": (
        "Hazard log",
        "It has the fields of a hazard log as DCB0129 (Amd 24/2018, NHS England,"
        " <https://standards.nhs.uk/published-standards/nhsd-clinical-risk-management-its-application-in-the-manufacture-of-health-it-systems>)"
        f" and its guidance describe it. {NOT_REVIEWED}",
    ),
    "subgroups": ("Scores by subgroup", "Its form comes from the project."),
}


class Entry(NamedTuple):
    """One entry of the hazard log."""

    number: str
    hazard: Hazard
    description: str
    measured: str
    controls: list[Control]
    checker: str


def render_all(found: Artefacts) -> dict[str, str]:
    """Return the text of each document by file name. The same artefacts always give the same texts."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=False,  # noqa: S701 - Markdown of numbers and parameters
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals |= {"person": lambda what: f"{PERSON} {what}"}
    environment.filters |= {
        "share": measured.of_share,
        "mean": measured.of_mean,
        "percent": measured.percent,
        "change": measured.change,
    }
    view, head = _view(found), environment.get_template("head.md.j2")
    texts = {}
    for name, (title, source) in DOCUMENTS.items():
        body = environment.get_template(f"{name}.md.j2").render(view)
        texts[f"{name}.md"] = head.render(view, title=title, source=source, count=places(body)) + body
    return texts


def places(text: str) -> int:
    """Return the number of places in a document that a person must write."""
    return text.count(PERSON)


def _view(found: Artefacts) -> dict[str, Any]:
    """Return the values that the templates show."""
    errors = found.reports["errors"]
    return {
        "found": found,
        **found.reports,
        "metrics": found.metrics,
        "labels": METRIC_LABELS,
        "shown": [name for name in SHOWN if name in found.reports["evaluation"]["finetuned"]],
        "scores": scores(),
        "groups": found.groups,
        "base": found.base,
        "base_card": base_card(found.base),
        "promoted": PROMOTED.exists(),
        "origin": found.origin,
        "screening": screening_said(),
        "conversion": measured.conversion(found),
        "entries": entries(found),
        "worse": [name for name, one in errors.get("categories", {}).items() if one["difference"]["low"] > 0],
        "taxonomy": len(OF_CATEGORIES),
        "records": errors["records"],
        "small": error_analysis.load().small_group_records,
        "language": data.load().language,
        "generation": generation.load(),
        "prompt": prompt.load(),
        "hyperparameters": {**train.load().model_dump(), "quantization": model.load().quantization},
        "hold_back": note.load().hold_back,
    }


def entries(found: Artefacts) -> list[Entry]:
    """Return the entries of the hazard log. The entries of the error taxonomy come first."""
    known, of_use = controls(), measured.of_use(found)
    all_entries = []
    for hazard in OF_CATEGORIES:
        assert hazard.category
        names = hazard.controls + (("gate",) if hazard.category in SAFETY else ())
        all_entries.append((
            hazard,
            f"{MEANINGS[hazard.category].capitalize()}.",
            measured.rate(found, hazard.category),
            [known[name] for name in names],
            measured.checker(found, hazard.category),
        ))  # fmt: skip
    for name, hazard in OF_USE.items():
        of_hazard = [known[control] for control in hazard.controls]
        all_entries.append((hazard, hazard.description, of_use[name], of_hazard, ""))
    return [Entry(f"H{number:02}", *entry) for number, entry in enumerate(all_entries, start=1)]


def write_all(folder: Path, texts: dict[str, str]) -> None:
    """Write the documents into a folder. If a person has edited a file there, write nothing and raise UserError."""
    for name in texts:
        _require_unedited(folder / name)
    for name, text in texts.items():
        write_text(folder / name, f"{SEAL}{_digest(text)} -->\n{text}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _require_unedited(path: Path) -> None:
    if not path.exists():
        return
    head, _, text = read_text(path, "delete it").partition("\n")
    if head != f"{SEAL}{_digest(text)} -->":
        raise UserError(
            f"{path} has been edited since this command wrote it, so this file is not replaced; choose another folder"
            " with --output FOLDER, and then copy the edits"
        )


def closing_lines(folder: Path, texts: dict[str, str]) -> str:
    """Return a line for each document with the number of places that a person must write, and the sum."""
    lines = [f"{(folder / name).as_posix()}: {places(text)} to be written by a person" for name, text in texts.items()]
    total = sum(map(places, texts.values()))
    return "\n".join([*lines, f"{total} places to be written by a person. The documents claim no conformity."])
