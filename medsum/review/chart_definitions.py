"""Read the definition of each chart from dvc.yaml, as `dvc plots` does: its file, title, columns and labels.

The colours and the order of the compared systems (models and baselines) come from the templates in .dvc/plots.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from medsum.core.errors import UserError

PIPELINE = Path("dvc.yaml")
TEMPLATES = Path(".dvc/plots")


class Chart(NamedTuple):
    """One plot of dvc.yaml. `x` and `y` are columns of its CSV file."""

    csv: Path
    template: str
    title: str
    x: str
    y: str
    x_label: str
    y_label: str


def charts_of_stages() -> list[Chart]:
    """Return the charts that stages write, in the order of dvc.yaml. Raise UserError if there is no dvc.yaml."""
    stages = _pipeline()["stages"].values()
    return [_chart(*one) for stage in stages for plot in stage.get("plots", []) for one in plot.items()]


def chart_of(csv: Path) -> Chart:
    """Return the chart of a CSV file. A stage writes the file, or the list at the end of dvc.yaml names it.

    Raise UserError if there is no dvc.yaml, or if dvc.yaml has no chart of this file.
    """
    others = [_chart(*one) for plot in _pipeline()["plots"] for one in plot.items()]
    found = next((chart for chart in [*charts_of_stages(), *others] if chart.csv == csv), None)
    if found is None:
        raise UserError(f"{PIPELINE} defines no chart for {csv}; restore dvc.yaml from Git")
    return found


def colours_of(template: str) -> dict[str, str]:
    """Return the colour of each system or split, in the order of the template."""
    scale = next(_found(_template(template), "color"))["scale"]
    return dict(zip(scale["domain"], scale["range"], strict=True))


def colours_by_sign(template: str) -> tuple[str, str]:
    """Return the colour of negative values and the colour of other values."""
    colour = next(_found(_template(template), "color"))
    return colour["condition"]["value"], colour["value"]


def _pipeline() -> Any:
    try:
        return yaml.safe_load(PIPELINE.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"{PIPELINE} is not there; run this from the root of the project") from None


def _template(name: str) -> Any:
    return json.loads((TEMPLATES / f"{name}.json").read_text(encoding="utf-8"))


def _chart(csv: str, settings: dict[str, Any]) -> Chart:
    shown = (settings[name] for name in ("title", "x", "y", "x_label", "y_label"))
    return Chart(Path(csv), settings.get("template", "linear"), *shown)


def _found(part: Any, key: str) -> Iterator[Any]:
    """Yield each value that has this key, at any depth. An outer value comes before the values inside it."""
    if isinstance(part, dict):
        if isinstance(part.get(key), dict):
            yield part[key]
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _found(inner, key)
