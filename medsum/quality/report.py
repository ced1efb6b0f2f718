"""The error report as Markdown and as one self-contained, printable HTML page."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).parent / "templates"


def render(kind: str, summary: dict[str, Any], sections: dict[str, Any], worst: list[dict[str, Any]]) -> str:
    """The report as `md` or `html`; text of dialogues is escaped in HTML."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=kind == "html",  # noqa: S701 - Markdown has nothing to escape
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(f"report.{kind}.j2").render(summary=summary, sections=sections, worst=worst)
