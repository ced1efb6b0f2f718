"""The two fields of the page that ask for sections: one section, or the sections of a whole visit."""

import gradio as gr

from medsum.dialogue.section_headers import SECTION_HEADERS
from medsum.serve.note_sections import heading, templates

SEVERAL = "Or several sections, for the note of a whole visit"


def section_fields(label: str, name: str) -> tuple[gr.Dropdown, gr.Dropdown]:
    """Return the field for one section and the field for several sections.

    If the field for several sections is filled, the field for one section is ignored.
    """
    one = gr.Dropdown(
        [("guess it", "auto"), ("no section", "any"), *offered()], value="auto", label=label, elem_id=name
    )
    several = gr.Dropdown(
        [("guess them", "auto"), *offered()], value=[], multiselect=True, label=SEVERAL, elem_id=f"several-{name}"
    )
    return one, several


def offered() -> list[tuple[str, str]]:
    """Return the heading and the header of each known section, including the sections of params.yaml."""
    return sorted((heading(header).lower(), header) for header in {*SECTION_HEADERS, *templates()})
