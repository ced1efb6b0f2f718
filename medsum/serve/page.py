"""The web page. The page and the command line use the same summariser.

The server does not write the texts that a visitor types to a file or a log. It keeps them in memory only until the
answer is sent. There is one exception: if `kept` is given, the server stores the notes that a visitor signs.
"""

import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import gradio as gr

from medsum.core.errors import UserError
from medsum.generation.model_choice import open_summarizer
from medsum.generation.summarizer import Summarizer
from medsum.metrics.names import NOT_CHECKED
from medsum.review.model_hash import model_hash
from medsum.serve import quality_tab, render
from medsum.serve.audit_log import AuditError, Entry, Uses
from medsum.serve.batch_input import Line
from medsum.serve.checking import checked, read_note_text
from medsum.serve.chosen_file import lines_of
from medsum.serve.dialogue_input import is_english_asked, read_dialogue
from medsum.serve.dialogue_input import told as told_of_reading
from medsum.serve.downloads import as_csv
from medsum.serve.identifiers import NOT_SCREENED, notice
from medsum.serve.keeping import Corrections, signed_note
from medsum.serve.note_sections import heading, instructions
from medsum.serve.notes import write_notes
from medsum.serve.one_note import draft_of, noted, write_draft, write_note
from medsum.serve.opening import as_texts, opened, sections_of, wishes_of
from medsum.serve.section_choice import choice_of
from medsum.serve.section_fields import section_fields
from medsum.serve.sign_messages import told
from medsum.serve.turns_at_the_model import Report, Runs, StoppedError, quietly
from medsum.serve.visit import edited, names_of
from medsum.serve.visit import told as told_of_visit
from medsum.serve.widgets import (
    EDIT_DIALOGUE,
    MARK_EARLIER,
    NOTHING,
    PLAIN_INPUT,
    READABLE,
    SAVE_NOTE,
    SAVE_TABLE,
    SAVE_TEXT,
    SIGN,
    file_picker,
    hidden,
)

ASSETS = Path(__file__).parent / "assets"
MAX_ROWS = 500  # the page accepts at most this number of rows; larger batches need the command line
ROWS_AT_ONCE = 8  # the Stop button is checked after every 8 rows
QUEUE = 40  # the number of requests that may wait; a further request gets the message that the server is busy
# Gradio starts at most 20 checks of each kind at the same time. check_workers.py decides which of these checks run.
CHECKS_AT_ONCE = 20
ONE_AT_A_TIME: dict[str, Any] = {"concurrency_limit": 1, "concurrency_id": "model"}
PRIVATE: dict[str, Any] = {"api_visibility": "private"}
BANNER = (
    '<h1>Medical dialogue summaries</h1><div class="banner" role="note"><strong>Not for diagnosis.</strong> A machine'
    " writes these drafts. They leave out facts and invent others. Read and correct them before you use them.</div>"
)
STOPPED = render.message("Stopped.")
KEEPS = (
    '<div class="banner" role="note">When you press “Sign and copy”, this server keeps the dialogue, the draft, your'
    " summary and the time that you took. They are used to measure and train the model.</div>"
)
EXAMPLES = [
    "Doctor: What brings you in today?\nPatient: I've had headaches for about two weeks now, mostly in the morning.\n"
    "Doctor: Any fever or vomiting?\nPatient: No fever. I threw up once, last Tuesday.",
    "Doctor: Are you allergic to anything?\nPatient: Penicillin, I get hives from it.\nDoctor: And what do you take?\n"
    "Patient: Lisinopril, ten milligrams, once a day.",
    "Doctor: Does anything run in the family?\nPatient: My mother has diabetes.\nDoctor: Do you smoke?\n"
    "Patient: I quit ten years ago. It was half a pack a day before that.",
]
EXAMPLE_LABELS = ["Headaches", "Allergy and medication", "Family and smoking"]


@cache
def baseline() -> Summarizer:
    """Return the base model. Only the first call loads the model."""
    return open_summarizer("baseline", instructions=instructions())


@cache
def baseline_hash() -> str:
    """Return the hash of the base model. Only the first call reads the files of the model."""
    return model_hash("baseline")


def open_file(text: str, name: str) -> tuple[Any, ...]:
    """Return new values for the page: the dialogue of the chosen file, a status, and empty values for all results."""
    try:
        [text, _] = as_texts(text, name)
        dialogue, said = opened(text)
    except UserError as error:
        return gr.skip(), render.message(str(error), "error"), *[gr.skip()] * len(nothing())
    return dialogue, render.message(said), *nothing()


def nothing() -> tuple[Any, ...]:
    """Return empty values for the page's results.

    The results are the summary, the flags, the evidence, the turns, the note as JSON, the note's dialogue and the base
    model's summary.
    """
    return "", "", "", "", "", "", gr.Textbox(value="", visible=False)


def chosen_lines(text: str) -> tuple[list[Line], str]:
    """Return the rows of the chosen file, and a message about how the file was read.

    Raise UserError if no file was chosen, or if the file has no rows or too many rows.
    """
    [text] = as_texts(text)
    if not text.strip():
        raise UserError("there is nothing to summarise yet; choose a file first")
    lines, said = lines_of(text)
    if not lines or len(lines) > MAX_ROWS:
        raise UserError(f"the file has {len(lines)} rows, but the page accepts 1 to {MAX_ROWS}; use summarize.py")
    return lines, said


class Page:
    """The handlers of one server. All visitors share one `summarizer`. Only one visitor at a time uses the model."""

    kept: Corrections | None = None

    def __init__(
        self, model: str, summarizer: Summarizer, runs: Runs, uses: Uses, kept: Corrections | None = None
    ) -> None:
        self.model, self.summarizer, self.runs, self.uses, self.kept = model, summarizer, runs, uses, kept

    def note(self, text: str, wish: str, several: str | None, entry: Entry, report: Report = quietly) -> dict[str, Any]:
        """Return the note of a dialogue with evidence and flags.

        `report` is called after each batch and may raise StoppedError to stop the work. Raise UserError if the dialogue
        or the sections are wrong.
        """
        with self.uses.record(entry, self.uses.model) as use:
            draft = draft_of(self.summarizer, text, wish, several)
            use.note = write_note(self.summarizer, self.runs, draft, report)
        return use.note

    def summarize(self, dialogue: str, section: str = "auto") -> dict[str, Any]:
        """Summarise a dialogue. Return the summary, the section, the turns, the evidence and the flags.

        If this fails, return only the key `error` with one sentence.
        """
        try:
            if not (isinstance(dialogue, str) and isinstance(section, str)):  # HTTP clients may send any type
                raise UserError("dialogue and section must be texts; write section as 'HPI', 'any' or 'auto'")
            return self.note(dialogue, section, None, "summarize")
        except UserError as error:
            return {"error": str(error)}

    def summarize_visit(self, dialogue: str, sections: str = "auto") -> dict[str, Any]:
        """Write one note that has several sections. Return the keys that `summarize` returns, and the key `sections`.

        If this fails, return only the key `error` with one sentence.
        """
        try:
            if not (isinstance(dialogue, str) and isinstance(sections, str)):
                raise UserError("dialogue and sections must be texts; write sections as 'HPI,MEDICATIONS' or 'auto'")
            return self.note(dialogue, "auto", sections or "auto", "summarize_visit")
        except UserError as error:
            return {"error": str(error)}

    def check(self, dialogue: str, note: str) -> dict[str, Any]:
        """Check a note that a person or another model wrote. Return the note, the turns, the evidence and the flags.

        This check needs no model. If it fails, return only the key `error` with one sentence.
        """
        try:
            dialogue, note = as_texts(dialogue, note)
            with self.uses.record("check", None) as use:
                use.note = checked(read_dialogue(dialogue), read_note_text(note))
            return use.note
        except UserError as error:
            return {"error": str(error)}

    def generate(
        self,
        text: str,
        wish: str,
        several: list[str],
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008
    ) -> Iterator[tuple[Any, ...]]:
        """Write a note, and yield a status and new values for the page's results. `nothing` lists the results.

        The values that are yielded first are empty, so that the page no longer shows an earlier note.
        """
        yield render.message("Writing …"), *nothing()
        with self.runs.of(request.session_hash) as go_on:

            def report(done: int, windows: int) -> None:
                go_on()
                if windows > 1:
                    progress((done, windows), unit="parts of the dialogue")

            try:
                [text], (wish, sections) = as_texts(text), wishes_of(wish, several)
                yield render.message(f"{told_of_reading(read_dialogue(text))} Writing …"), *nothing()
                note = self.note(text, wish, sections, "page", report)
            except StoppedError:
                yield STOPPED, *nothing()  # the Stop button has already shown this message, and the message must stay
                return
            except UserError as error:
                yield render.message(str(error), "error"), *nothing()
                return
        words = ", ".join(heading(name).lower() for name in names_of(note)) or "no section"
        said = "".join(f" {sentence}" for sentence in (*told(note), *told_of_visit(note), notice(text)) if sentence)
        status = render.message(f"Done. Section: {words}. Now compare the summary with the dialogue.{said}")
        status += render.draft_html(note) if self.kept else ""
        yield status, note["summary"], *render.views(note), text, gr.skip()

    def stop(self, request: gr.Request) -> str:
        """Stop the run of the visitor who presses Stop."""
        self.runs.stop(request.session_hash)
        return STOPPED

    def leave(self, request: gr.Request) -> None:
        """Stop the run of the visitor who closes the page."""
        self.runs.stop(request.session_hash)

    def check_again(self, text: str, summary: str, saved: str, source: str) -> tuple[str, str, str, str, str]:
        """Check a summary that a person edited or wrote. Return its views (render.py) and its dialogue.

        Return empty texts if the summary is empty. `source` is the dialogue that the model summarised. `text` is the
        present content of the dialogue field. If the model wrote the summary, the check uses `source`. If a person
        wrote the summary, `source` is empty and the check uses `text`.
        """
        try:
            text, summary, saved, source = as_texts(text, summary, saved, source)
            if not summary.strip():
                return "", "", "", "", ""
            note = edited(sections_of(saved), summary)
            with self.uses.record("check", None) as use:
                use.note = noted(read_dialogue(source or text), note)
            return *render.views(use.note), source or text
        except UserError as error:
            return render.message(str(error), "error"), "", "", "", ""

    def sign(self, summary: str, drafted: str, source: str, seconds: str) -> str:
        """Store the signed summary with its dialogue and its draft, and return a message."""
        try:
            summary, drafted, source, seconds = as_texts(summary, drafted, source, seconds)
            if self.kept is None:
                raise UserError("this server keeps no corrections; start it with --keep-corrections")
            with self.uses.record("signature", self.uses.model) as use:
                correction, note = signed_note(summary, drafted, source, seconds, self.uses.model)
                use.note = noted(read_dialogue(source), note)
                self.kept.add(correction)
        except UserError as error:
            return render.message(str(error), "error")
        return render.message("Signed. The summary is copied, and the server keeps it with its dialogue and draft.")

    def compare(self, text: str, wish: str, several: list[str], source: str) -> Any:
        """Return the base model's summary of the dialogue whose summary the page shows."""
        try:
            [text, source], wishes = as_texts(text, source), wishes_of(wish, several)
            with self.uses.record("page", baseline_hash()) as use:
                draft = draft_of(baseline(), source or text, *wishes)
                use.note = write_draft(baseline(), self.runs, draft)
            summary = use.note["summary"]
        except UserError as error:
            summary = str(error)
        return gr.Textbox(value=summary, visible=True)

    def batch(
        self,
        text: str,
        wish: str,
        several: list[str],
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008
    ) -> Iterator[tuple[str, str, str]]:
        """Summarise a file, and yield a status, a table and a CSV after every few rows.

        If the visitor stops the run, the page keeps the rows that are already written.
        """
        yield render.message("Reading …"), "", ""
        try:
            (lines, said), choice = chosen_lines(text), choice_of(*wishes_of(wish, several))
        except UserError as error:
            yield render.message(str(error), "error"), "", ""
            return
        rows: list[dict[str, Any]] = []
        with self.runs.of(request.session_hash) as go_on:
            for start in range(0, len(lines), ROWS_AT_ONCE):
                progress((start, len(lines)), unit="dialogues")
                some, begin = lines[start : start + ROWS_AT_ONCE], time.monotonic()
                try:
                    with self.runs.model:
                        written = write_notes(some, self.summarizer, choice, report=lambda _: go_on())
                    self.uses.add_rows("page", written, time.monotonic() - begin)
                    rows += written
                except AuditError as error:
                    yield render.message(str(error), "error"), render.rows_html(rows), as_csv(rows)
                    return
                except StoppedError:
                    yield STOPPED, render.rows_html(rows), as_csv(rows)
                    return
                yield render.message(f"{len(rows)} of {len(lines)} rows"), render.rows_html(rows), as_csv(rows)
        bad = sum("error" in row for row in rows)
        notices = [said for line in lines if (said := notice(line.dialogue))]
        unscreened = notices.count(NOT_SCREENED)
        identified = len(notices) - unscreened
        status = f"Summaries: {len(rows) - bad}." + (f" Rows that could not be summarised: {bad}." if bad else "")
        status += f" Rows with text that may identify a person: {identified}." if identified else ""
        status += f" Rows that were not checked for such text: {unscreened}." if unscreened else ""
        status = " ".join(filter(None, [status, said, "" if is_english_asked() else NOT_CHECKED]))
        yield render.message(status, "error" if bad else "info"), render.rows_html(rows), as_csv(rows)

    def build(self) -> gr.Blocks:
        """Build the page."""
        blocks: gr.Blocks
        with gr.Blocks(title="Medical dialogue summaries", analytics_enabled=False) as blocks:
            gr.HTML(BANNER + (KEEPS if self.kept else ""))
            with gr.Tab("One dialogue"):
                self._one()
            with gr.Tab("Many dialogues"):
                self._many()
            with gr.Tab("How good is it?"):
                figures = gr.HTML(elem_id="figures")
                blocks.load(lambda: quality_tab.quality_html(self.model), None, figures, **PRIVATE)
            gr.api(self.summarize, api_name="summarize", **ONE_AT_A_TIME)  # type: ignore[attr-defined]
            gr.api(self.summarize_visit, api_name="summarize_visit", **ONE_AT_A_TIME)  # type: ignore[attr-defined]
            gr.api(self.check, api_name="check")  # type: ignore[attr-defined]
            blocks.unload(self.leave)
        # With `api_open=False`, HTTP clients cannot bypass the queue.
        blocks.queue(max_size=QUEUE, default_concurrency_limit=CHECKS_AT_ONCE, api_open=False)
        return blocks

    def _one(self) -> None:
        with gr.Row(elem_id="desk"):
            with gr.Column(min_width=400, elem_id="left"):
                dialogue = gr.Textbox(label="Dialogue", lines=14, max_lines=24, elem_id="dialogue",
                                      html_attributes=PLAIN_INPUT,
                                      placeholder="Doctor: What brings you in?\nPatient: ...")  # fmt: skip
                turns = gr.HTML(elem_id="turns")
                gr.HTML(EDIT_DIALOGUE + file_picker("pick-one", "or a file:", "picked", "picked-name", READABLE))
                picked, name = hidden("picked"), hidden("picked-name")
                examples = gr.Examples([[text] for text in EXAMPLES], [dialogue], cache_examples=False,
                                       label="Examples", example_labels=EXAMPLE_LABELS)  # fmt: skip
                with gr.Row(elem_classes="line"):
                    section, several = section_fields("Section", "section")
                with gr.Row(elem_classes="line"):
                    write_it = gr.Button("Summarise", variant="primary", elem_id="write")
                    stop = gr.Button("Stop", elem_id="stop")
            with gr.Column(min_width=400, elem_id="right"):
                status, earlier = gr.HTML(elem_id="status"), gr.HTML(elem_id="earlier")
                summary = gr.Textbox(label="Summary (please correct it)", lines=5, elem_id="summary", interactive=True,
                                     buttons=["copy"], html_attributes=PLAIN_INPUT)  # fmt: skip
                with gr.Row():
                    text_out = gr.Button("Download text", elem_id="save-text")
                    json_out = gr.Button("Download JSON", elem_id="save-json")
                    beside = gr.Button("Compare with baseline", elem_id="compare")
                sign = gr.Button("Sign and copy", elem_id="sign", variant="primary", visible=self.kept is not None)
                signed = gr.HTML(elem_id="signed")
                flags, evidence, saved = gr.HTML(elem_id="flags"), gr.HTML(elem_id="evidence"), hidden("saved")
                other = gr.Textbox(label="Baseline, untrained", lines=3, elem_id="other", interactive=False,
                                   visible=False)  # fmt: skip
        source, replaced = hidden("source"), gr.Button(elem_id="replaced", elem_classes="unseen")
        made = [status, summary, flags, evidence, turns, saved, source, other]

        name.change(open_file, [picked, name], [dialogue, *made], show_progress="hidden", **PRIVATE)
        # JavaScript clears the results in the browser. The server is not called.
        gr.on([examples.dataset.click, replaced.click], None, None, made, js=NOTHING)
        gr.on([dialogue.change, source.change], None, [dialogue, source], earlier, js=MARK_EARLIER)
        checked, views_of = [dialogue, summary, saved, source], [flags, evidence, turns, saved, source]
        checking = summary.blur(self.check_again, checked, views_of, show_progress="hidden", **PRIVATE)
        comparing = beside.click(self.compare, [dialogue, section, several, source], other, **ONE_AT_A_TIME, **PRIVATE)
        # A new run cancels a check and a comparison of an earlier dialogue.
        running = write_it.click(self.generate, [dialogue, section, several], made, show_progress="minimal",
                                 show_progress_on=summary, cancels=[checking, comparing],
                                 **ONE_AT_A_TIME, **PRIVATE)  # fmt: skip
        stop.click(self.stop, None, status, cancels=[running], queue=False, **PRIVATE)
        text_out.click(None, [summary, dialogue, source], None, js=SAVE_TEXT)
        json_out.click(self.check_again, checked, views_of, **PRIVATE).then(
            None, [saved, dialogue, source], None, js=SAVE_NOTE
        )
        if self.kept:  # the browser fills the fields `drafted` and `seconds` when a person signs
            drafted, seconds = hidden("drafted"), hidden("seconds")
            write_it.click(None, None, signed, js="() => ''")
            sign.click(self.sign, [summary, drafted, source, seconds], signed, js=SIGN, **PRIVATE)

    def _many(self) -> None:
        gr.HTML(
            "<p>Choose a CSV file or a workbook with the column <code>dialogue</code>. The columns <code>id</code>,"
            f" <code>section</code> and <code>sections</code> are optional. At most {MAX_ROWS} rows.</p>"
            + file_picker("pick-many", "File:", "rows", "", ".csv,.tsv,.xlsx")
        )
        rows, result = hidden("rows"), hidden("result")
        with gr.Row(elem_classes="line"):
            section, several = section_fields("Section, if a row has none", "section-of-rows")
            write_all = gr.Button("Summarise all", variant="primary", elem_id="write-all")
            stop = gr.Button("Stop")
            save = gr.Button("Download CSV", elem_id="save-csv")
        status, table = gr.HTML(elem_id="batch-status"), gr.HTML(elem_id="table")
        made = [status, table, result]
        running = write_all.click(self.batch, [rows, section, several], made, **ONE_AT_A_TIME, **PRIVATE)
        rows.change(None, None, made, js="() => ['', '', '']")
        rows.change(None, cancels=[running])
        stop.click(self.stop, None, status, cancels=[running], queue=False, **PRIVATE)
        save.click(None, [result], None, js=SAVE_TABLE)
