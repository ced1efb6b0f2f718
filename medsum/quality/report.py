"""The error report as Markdown and as one self-contained, printable HTML page."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).parent / "templates"


def render(kind: str, summary: dict[str, Any], sections: dict[str, Any], worst: list[dict[str, Any]]) -> str:
    """The report as `md` or `html`; no tag in a dialogue becomes one of the report's."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=kind == "html",  # noqa: S701 - Markdown has its own, below
        finalize=_in_markdown if kind == "md" else None,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(f"report.{kind}.j2").render(summary=summary, sections=sections, worst=worst)


def _in_markdown(value: Any) -> Any:
    """Escape what would start a tag or end a cell; the rest stays as it is, for those who read the source."""
    return value.replace("<", "\\<").replace("|", "\\|") if isinstance(value, str) else value
