"""What the model reads."""

from medsum.model.prompt import render

TEMPLATE = "Summarize as {section}:\n{dialogue}"


def test_section_headers_are_put_in_plain_words() -> None:
    assert render(TEMPLATE, "Doctor: Hi.", "GENHX") == "Summarize as history of present illness:\nDoctor: Hi."


def test_an_unknown_section_is_read_out_as_it_is() -> None:
    assert render("{section}|{dialogue}", "Doctor: Hi.", "SOCIAL_WORK") == "social work|Doctor: Hi."


def test_a_dialogue_without_section_becomes_a_clinical_note() -> None:
    assert render("{section}|{dialogue}", "Doctor: Hi.", None) == "clinical note|Doctor: Hi."


def test_braces_in_a_dialogue_are_only_text() -> None:
    dialogue = "Patient: {section} {0} {{x}} {unclosed {dialogue.__class__}"
    assert render("{dialogue}", dialogue, "GENHX") == dialogue


def test_a_template_may_leave_the_section_out() -> None:
    assert render("Note: {dialogue}", "Doctor: Hi.", "GENHX") == "Note: Doctor: Hi."
