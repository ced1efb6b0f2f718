"""What the page is put together from: its look, fields that page.js knows, and the marks that only a browser draws."""

import json

import gradio as gr

from medsum.serve.render import message

PLAIN_INPUT = gr.InputHTMLAttributes(autocomplete="off", spellcheck=False)  # a browser's spelling service may be remote
EARLIER = message(
    "What stands below belongs to an earlier version of the dialogue and is not downloaded. Summarise again, having"
    " copied what you want to keep, or undo the change.",
    "error",
)
MARK_EARLIER = f"(dialogue, source) => window.medsumEarlier(dialogue, source) ? {json.dumps(EARLIER)} : ''"
NOTHING = "() => ['', '', '', '', '', '', {__type__: 'update', value: '', visible: false}]"
SAVE_TEXT = (
    "(text, dialogue, source) => window.medsumEarlier(dialogue, source)"
    " || window.medsumSave('summary.txt', 'text/plain', text)"
)
SAVE_NOTE = (
    "(note, dialogue, source) => !note || window.medsumEarlier(dialogue, source)"
    " || window.medsumSave('note.json', 'application/json', note)"
)
SAVE_TABLE = "(text) => text && window.medsumSave('summaries.csv', 'text/csv', text)"


def hidden(name: str) -> gr.Textbox:
    """A field for page.js to write to or read from."""
    return gr.Textbox(elem_id=name, elem_classes="unseen", show_label=False, container=False)


def file_picker(name: str, label: str, into: str, name_into: str, kinds: str) -> str:
    """An input that page.js reads in the browser."""
    return (
        f'<div class="filepick"><label for="{name}">{label}</label> <input type="file" id="{name}" accept="{kinds}"'
        f' data-into="{into}" data-name="{name_into}"> <span id="{name}-note" role="status"></span></div>'
    )


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
