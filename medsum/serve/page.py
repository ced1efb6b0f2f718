"""The page: a view over the same summariser as the command line. Nothing typed is kept: no state, no file, no log."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import gradio as gr

from medsum.data.sections import NAMES
from medsum.errors import UserError
from medsum.model.choice import open_summarizer
from medsum.model.generation import Summarizer
from medsum.quality.reranking import faithfulness
from medsum.serve import render
from medsum.serve.check import check
from medsum.serve.dialogue import read_dialogue
from medsum.serve.files import as_csv, dialogue_in
from medsum.serve.lines import text_lines
from medsum.serve.notes import write_notes
from medsum.serve.sections import SectionChoice

ASSETS = Path(__file__).parent / "assets"
MAX_ROWS = 500  # of a batch on the page; more is the command line's work
ROWS_AT_ONCE = 8  # between two looks at the stop button
QUEUE = 40  # requests that may wait; one more is told that the server is busy
ONE_AT_A_TIME: dict[str, Any] = {"concurrency_limit": 1, "concurrency_id": "model"}
PRIVATE: dict[str, Any] = {"api_visibility": "private"}
BANNER = (
    '<h1>Medical dialogue summaries</h1><div class="banner" role="note"><strong>Not for diagnosis.</strong> A draft'
    " written by a machine: it leaves facts out and invents others. Read and correct it before you use it.</div>"
)
SECTIONS = [("guess it", "auto"), ("no section", "any"), *sorted((words, header) for header, words in NAMES.items())]
EXAMPLES = [
    "Doctor: What brings you in today?\nPatient: I've had headaches for about two weeks now, mostly in the morning.\n"
    "Doctor: Any fever or vomiting?\nPatient: No fever. I threw up once, last Tuesday.",
    "Doctor: Are you allergic to anything?\nPatient: Penicillin, I get hives from it.\nDoctor: And what do you take?\n"
    "Patient: Lisinopril, ten milligrams, once a day.",
    "Doctor: Does anything run in the family?\nPatient: My mother has diabetes.\nDoctor: Do you smoke?\n"
    "Patient: I quit ten years ago. It was half a pack a day before that.",
]


@cache
def baseline() -> Summarizer:
    """The base model, loaded when it is first asked for."""
    return open_summarizer("baseline", faithfulness)


def file_picker(name: str, label: str, into: str, name_into: str, kinds: str) -> str:
    """An input that page.js reads in the browser."""
    return (
        f'<div class="filepick"><label for="{name}">{label}</label> <input type="file" id="{name}" accept="{kinds}"'
        f' data-into="{into}" data-name="{name_into}"> <span id="{name}-note" role="status"></span></div>'
    )


def open_file(text: str, name: str) -> tuple[Any, str]:
    """For the page: the dialogue in a file that was chosen, and a status."""
    try:
        return dialogue_in(text, name), render.message("The dialogue was read from the file.")
    except UserError as error:
        return gr.skip(), render.message(str(error), "error")


def theme() -> gr.Theme:
    """Fonts of the reader's own machine, and colours of contrast AA (text 4.5 to 1, borders 3 to 1), light and dark."""
    return gr.themes.Default(
        primary_hue="blue", font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]
    ).set(
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_700",
        color_accent="*primary_700",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
        block_label_text_color="*neutral_700",
        block_title_text_color="*neutral_700",
        button_large_text_size="*text_md",
        input_placeholder_color="*neutral_600",
        input_placeholder_color_dark="*neutral_300",
        input_border_color="*neutral_500",
        input_border_color_dark="*neutral_400",
    )


class Page:
    """The handlers of one server; `summarizer` is shared by all visitors and used by one at a time."""

    def __init__(self, model: str) -> None:
        self.summarizer = open_summarizer(model, faithfulness)

    def note(self, text: str, wish: str) -> dict[str, Any]:
        """Summary, section, evidence and flags of a dialogue; raises UserError."""
        dialogue = read_dialogue(text)
        section = SectionChoice(wish).section(dialogue)
        [summary] = self.summarizer.summarize([dialogue], [section])
        return {"summary": summary, "section": section, **check(dialogue, summary)}

    def summarize(self, dialogue: str, section: str = "auto") -> dict[str, Any]:
        """Summarise one dialogue: summary, section, evidence and flags, or error with a sentence."""
        try:
            if not (isinstance(dialogue, str) and isinstance(section, str)):  # whatever came over HTTP
                raise UserError("dialogue and section must be texts; write section as HPI, any or auto")
            return self.note(dialogue, section)
        except UserError as error:
            return {"error": str(error)}

    def generate(self, text: str, wish: str) -> Iterator[tuple[Any, ...]]:
        """For the page: status, summary, flags, evidence, note as JSON, baseline; what stood there goes at once."""
        nothing = ("", "", "", "", gr.Textbox(value="", visible=False))
        yield render.message("Writing …"), *nothing
        try:
            note = self.note(text, wish)
        except UserError as error:
            yield render.message(str(error), "error"), *nothing
            return
        words = {header: words for words, header in SECTIONS}.get(note["section"], note["section"] or "no section")
        status = render.message(f"Done, as {words}. Now read it against the dialogue.")
        yield status, note["summary"], *self.views(text, note), gr.skip()

    def views(self, text: str, note: dict[str, Any]) -> tuple[str, str, str]:
        """Flags, evidence and JSON of a note."""
        saved = json.dumps(note, ensure_ascii=False, indent=2)
        return render.flags_html(note), render.evidence_html(read_dialogue(text), note), saved

    def check_again(self, text: str, summary: str, saved: str) -> tuple[str, str, str]:
        """The views of an edited summary; none of an empty one."""
        if not summary.strip():
            return "", "", ""
        try:
            section = json.loads(saved)["section"] if saved else None
            return self.views(text, {"summary": summary, "section": section, **check(read_dialogue(text), summary)})
        except UserError as error:
            return render.message(str(error), "error"), "", ""

    def compare(self, text: str, wish: str) -> Any:
        """What the baseline writes."""
        try:
            dialogue = read_dialogue(text)
            [summary] = baseline().summarize([dialogue], [SectionChoice(wish).section(dialogue)])
        except UserError as error:
            summary = str(error)
        return gr.Textbox(value=summary, visible=True)

    def batch(self, text: str, wish: str, progress: gr.Progress = gr.Progress()) -> Iterator[tuple[str, str, str]]:  # noqa: B008
        """For the page: status, table, CSV; a few rows at a time, so that what is done is there when it is stopped."""
        try:
            lines, choice = list(text_lines(text)), SectionChoice(wish)
            if not lines or len(lines) > MAX_ROWS:
                raise UserError(f"the file has {len(lines)} rows; 1 to {MAX_ROWS} are taken here, more by summarize.py")
        except UserError as error:
            yield render.message(str(error), "error"), "", ""
            return
        rows: list[dict[str, Any]] = []
        for start in range(0, len(lines), ROWS_AT_ONCE):
            progress((start, len(lines)), unit="dialogues")
            rows += write_notes(lines[start : start + ROWS_AT_ONCE], self.summarizer, choice)
            yield render.message(f"{len(rows)} of {len(lines)} rows"), render.rows_html(rows), as_csv(rows)
        bad = sum("error" in row for row in rows)
        status = f"Summaries: {len(rows) - bad}." + (f" Rows that could not be summarised: {bad}." if bad else "")
        yield render.message(status, "error" if bad else "info"), render.rows_html(rows), as_csv(rows)

    def build(self) -> gr.Blocks:
        """The page itself."""
        blocks: gr.Blocks
        with gr.Blocks(title="Medical dialogue summaries", analytics_enabled=False) as blocks:
            gr.HTML(BANNER)
            with gr.Tab("One dialogue"):
                self._one()
            with gr.Tab("Many dialogues"):
                self._many()
            with gr.Tab("How good is it?"):
                quality = gr.HTML()
                blocks.load(render.quality_html, None, quality, **PRIVATE)
            gr.api(self.summarize, api_name="summarize", **ONE_AT_A_TIME)  # type: ignore[attr-defined]
        blocks.queue(max_size=QUEUE, default_concurrency_limit=4)
        return blocks

    def _one(self) -> None:
        dialogue = gr.Textbox(label="Dialogue", lines=10, max_lines=24, elem_id="dialogue", html_attributes=PLAIN_INPUT,
                              placeholder="Doctor: What brings you in?\nPatient: ...")  # fmt: skip
        gr.HTML(file_picker("pick-one", "or a file (.txt, .json, .csv):", "picked", "picked-name", ".txt,.json,.csv"))
        picked, name = hidden("picked"), hidden("picked-name")
        gr.Examples([[text] for text in EXAMPLES], [dialogue], cache_examples=False, label="Examples",
                    example_labels=["Headaches", "Allergy and medication", "Family and smoking"])  # fmt: skip
        with gr.Row(elem_classes="line"):
            section = gr.Dropdown(SECTIONS, value="auto", label="Section", elem_id="section")
            write = gr.Button("Summarise", variant="primary", elem_id="write")
            stop = gr.Button("Stop", elem_id="stop")
        status = gr.HTML(elem_id="status")
        summary = gr.Textbox(label="Summary, to be corrected", lines=4, elem_id="summary", interactive=True,
                             buttons=["copy"], html_attributes=PLAIN_INPUT)  # fmt: skip
        with gr.Row():
            text_out = gr.Button("Download text", elem_id="save-text")
            json_out = gr.Button("Download JSON", elem_id="save-json")
            beside = gr.Button("Compare with baseline", elem_id="compare")
        other = gr.Textbox(label="Baseline, untrained", lines=3, elem_id="other", interactive=False, visible=False)
        flags, evidence, saved = gr.HTML(elem_id="flags"), gr.HTML(elem_id="evidence"), hidden("saved")

        picked.change(open_file, [picked, name], [dialogue, status], show_progress="hidden", **PRIVATE)
        checked = [dialogue, summary, saved]
        checking = summary.blur(self.check_again, checked, [flags, evidence, saved], show_progress="hidden", **PRIVATE)
        comparing = beside.click(self.compare, [dialogue, section], other, **ONE_AT_A_TIME, **PRIVATE)
        running = write.click(self.generate, [dialogue, section], [status, summary, flags, evidence, saved, other],
                              show_progress="minimal", cancels=[checking, comparing],  # of another dialogue, perhaps
                              **ONE_AT_A_TIME, **PRIVATE)  # fmt: skip
        stop.click(lambda: render.message("Stopped."), None, status, cancels=[running], queue=False, **PRIVATE)
        text_out.click(None, [summary], None, js="(text) => window.medsumSave('summary.txt', 'text/plain', text)")
        json_out.click(self.check_again, checked, [flags, evidence, saved], **PRIVATE).then(
            None, [saved], None, js="(text) => text && window.medsumSave('note.json', 'application/json', text)"
        )

    def _many(self) -> None:
        gr.HTML(
            "<p>A CSV with a column <code>dialogue</code> and, if you like, <code>id</code> and <code>section</code>;"
            f" at most {MAX_ROWS} rows.</p>" + file_picker("pick-many", "File:", "rows", "", ".csv")
        )
        rows, result = hidden("rows"), hidden("result")
        with gr.Row(elem_classes="line"):
            section = gr.Dropdown(SECTIONS, value="auto", label="Section, if a row has none")
            write = gr.Button("Summarise all", variant="primary", elem_id="write-all")
            stop = gr.Button("Stop")
            save = gr.Button("Download CSV", elem_id="save-csv")
        status, table = gr.HTML(elem_id="batch-status"), gr.HTML(elem_id="table")
        running = write.click(self.batch, [rows, section], [status, table, result], **ONE_AT_A_TIME, **PRIVATE)
        stop.click(lambda: render.message("Stopped."), None, status, cancels=[running], queue=False, **PRIVATE)
        save.click(None, [result], None, js="(text) => window.medsumSave('summaries.csv', 'text/csv', text)")


PLAIN_INPUT = gr.InputHTMLAttributes(autocomplete="off", spellcheck=False)  # a browser's spelling service may be remote


def hidden(name: str) -> gr.Textbox:
    """A field for page.js to write to or read from."""
    return gr.Textbox(elem_id=name, elem_classes="unseen", show_label=False, container=False)
