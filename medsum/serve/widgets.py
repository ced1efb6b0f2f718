"""Make parts of the page: the theme, the fields that page.js uses, and the JavaScript of the buttons."""

import json

import gradio as gr

from medsum.serve.render import message

# Without these attributes, a browser may send the text to another server to check the spelling.
PLAIN_INPUT = gr.InputHTMLAttributes(autocomplete="off", spellcheck=False)
EARLIER = message(
    "The summary below belongs to an earlier version of the dialogue and cannot be downloaded. Copy what you want to"
    " keep and summarise again, or undo the change.",
    "error",
)
MARK_EARLIER = f"(dialogue, source) => window.medsumEarlier(dialogue, source) ? {json.dumps(EARLIER)} : ''"
NOTHING = "() => ['', '', '', '', '', '', '', {__type__: 'update', value: '', visible: false}]"
SAVE_TEXT = (
    "(text, dialogue, source) => window.medsumEarlier(dialogue, source)"
    " || window.medsumSave('summary.txt', 'text/plain', text)"
)
SAVE_NOTE = (
    "(note, dialogue, source) => !note || window.medsumEarlier(dialogue, source)"
    " || window.medsumSave('note.json', 'application/json', note)"
)
SAVE_TABLE = "(text) => text && window.medsumSave('summaries.csv', 'text/csv', text)"
READABLE = ".txt,.vtt,.srt,.docx,.json,.csv,.TextGrid"  # types of files that have one dialogue
EDIT_DIALOGUE = '<button type="button" id="edit-dialogue">Edit the dialogue</button>'
SIGN = (  # `execCommand` also works without TLS; the element `#status` contains the model's draft
    "(summary, drafted, source) => { document.querySelector('#summary textarea').select();"
    " document.execCommand('copy'); const draft = document.querySelector('#status [data-draft]');"
    " const at = draft && Number(draft.dataset.at); return [summary,"
    " draft ? JSON.stringify({at, note: JSON.parse(draft.dataset.draft)}) : '', source,"
    " String(draft ? (Date.now() - at) / 1000 : 0)]; }"
)


def hidden(name: str) -> gr.Textbox:
    """Return an invisible field that page.js writes or reads."""
    return gr.Textbox(elem_id=name, elem_classes="unseen", show_label=False, container=False)


def file_picker(name: str, label: str, into: str, name_into: str, kinds: str) -> str:
    """Return a file input. page.js reads the file in the browser."""
    return (
        f'<div class="filepick"><label for="{name}">{label}</label> <input type="file" id="{name}" accept="{kinds}"'
        f' data-into="{into}" data-name="{name_into}"> <span id="{name}-note" role="status"></span></div>'
    )


def theme() -> gr.Theme:
    """Return a theme with the fonts of the reader's system. Its contrast is WCAG level AA (text 4.5:1, borders 3:1)."""
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
