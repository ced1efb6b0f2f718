"""Write the error report as Markdown, and as one HTML page that needs no other files and no scripts."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from medsum.faithfulness.flags import MEANINGS
from medsum.faithfulness.marks import Segment
from medsum.metrics.names import FLOOR_MEANINGS, METRIC_LABELS, SYSTEM_LABELS

TEMPLATES = Path(__file__).parent / "templates"
EDITS = {
    "age": "another age",
    "sex": "the other sex, with its pronouns",
    "name": "another family name",
    "dose": "another dose",
    "drug": "another drug of the same class",
    "side": "the other side, left or right",
    "negation": "yes instead of no, or no instead of yes",
}


def render(kind: str, models: Sequence[str], view: Mapping[str, Any], page: str = "report") -> str:
    """Return the report as Markdown (`md`) or HTML (`html`). Characters with a special meaning are escaped.

    `view` has these keys:
    - `records`, `models`, `categories`, `sections`, `lengths`: the numbers of aggregate.py;
    - `difference` and `changes`, if there are two models: also numbers of aggregate.py;
    - `examples`: the examples of each category;
    - `better`, `worse` and `worst`: lists of records;
    - `floors`: the scores of trivial summaries, if known;
    - `counterfactual`: the result of counterfactual.py, or None.
    For the page `unchecked`, `view` has the keys that unchecked.py returns.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=kind == "html",  # noqa: S701 - `_in_markdown` escapes the text of the Markdown report
        finalize=_in_markdown if kind == "md" else None,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"marked": _marked, "percent": _percent, "signed": lambda value: f"{value:+.2f}"}
    labels = {name: SYSTEM_LABELS.get(name, name).capitalize() for name in models}
    return environment.get_template(f"{page}.{kind}.j2").render(
        labels=labels,
        first=models[0],
        last=models[-1],
        meanings=MEANINGS,
        edits=EDITS,
        trivial=FLOOR_MEANINGS,
        metrics=METRIC_LABELS,
        **view,
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"


def _in_markdown(value: Any) -> Any:
    """Escape Markdown's special characters, above all the characters of links.

    Join the lines, because a line break would end a cell of a table.
    """
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return re.sub(r"([\\`*_\[\]<|])", r"\\\1", " ".join(value.splitlines()) if "\n" in value else value)


def _marked(text: Sequence[Segment]) -> Markup:
    """Return a text in Markdown: flagged words in bold with their labels, and the turns after each sentence."""
    parts = []
    for segment in text:
        said = _in_markdown(segment.text)
        parts.append(f"**{said}**" if segment.severity else said)
        parts += [f" \\[{label}\\]" for label in segment.labels]
        if segment.turns is not None:
            parts.append(f" ({', '.join(map(str, segment.turns)) or 'no turn'})")
    return Markup("".join(parts))  # noqa: S704 - escaped above
