"""Read from params.yaml which sections a note has: their order, their headings, and the instructions for the model."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from medsum.dialogue.section_headers import in_words, normalise
from medsum.params import note
from medsum.params.note import SectionTemplate


def templates() -> dict[str, SectionTemplate]:
    """Return the sections of params.yaml in the order of the file. The key of a section is its normalised header."""
    return _templates(Path.cwd())


@cache
def _templates(_project: Path) -> dict[str, SectionTemplate]:
    """Return the result of `templates`, but read params.yaml only once for all rows of a batch."""
    return {normalise(section.name) or section.name: section for section in note.load().sections}


def instructions() -> dict[str, str]:
    """Return the instructions of the sections for which params.yaml has an instruction."""
    return {name: section.instruction for name, section in templates().items() if section.instruction}


def heading(section: str) -> str:
    """Return the heading of a section in a note: `GENHX` → `History of present illness`."""
    template = templates().get(section)
    words = in_words(section)
    return (template and template.heading) or words[:1].upper() + words[1:]


def ordered(sections: Iterable[str]) -> list[str]:
    """Return each section once, in the order of params.yaml. Sections that are not in params.yaml come last."""
    places = {name: place for place, name in enumerate(templates())}
    return sorted(dict.fromkeys(sections), key=lambda name: places.get(name, len(places)))
