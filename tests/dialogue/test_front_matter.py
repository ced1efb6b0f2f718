"""Pages in Markdown: the front matter and the line about the last edit are not spoken."""

import pytest

from medsum.core.errors import UserError
from medsum.dialogue.reader import read

CHAT = "**Doctor** *(00:03)*: Any pain?\n\n**Patient** *(00:07)*: In my hip.\n\n**Doctor** *(00:09)*: I see."
SAID = ["Any pain?", "In my hip.", "I see."]
FRONT = {
    "keys": "title: Mock visit 4 - hip\ntags: [simulated, hips]\ndate: 2024-05-02\nauthor: Ines Low\n",
    "lists": "title: Hip\ntags:\n  - pain\n- hips\n# a remark\n\nabstract: >\n  Two lines\n  of text.\n",
    "people": "doctor: Ines Low\npatient: simulated\n",
}
LAST = ["*Last edited by the pilot team*", "_Page last updated on 3 May 2024_", "[Last saved: 10:04]"]


@pytest.mark.parametrize("name", FRONT)
@pytest.mark.parametrize("mark", ["", "\ufeff", "\n"])
def test_front_matter_is_not_spoken(name: str, mark: str) -> None:
    found = read(f"{mark}---\n{FRONT[name]}---\n\n# Mock visit\n\n> A simulated consultation.\n\n## History\n\n{CHAT}")
    assert [turn.said for turn in found.turns] == SAID


def test_turns_between_rules_are_spoken() -> None:
    text = "---\nDoctor: Any pain?\nPatient: In my hip.\n---\nDoctor: I see."
    assert [turn.said for turn in read(text).turns] == SAID


@pytest.mark.parametrize("line", LAST)
def test_a_line_about_the_last_edit_is_not_spoken(line: str) -> None:
    assert [turn.said for turn in read(f"{CHAT}\n\n---\n{line}").turns] == SAID


@pytest.mark.parametrize("line", ["*Plan: tablets.*", "Last edited it on Monday."])
def test_other_lines_below_the_rule_are_refused(line: str) -> None:
    with pytest.raises(UserError, match="seems to begin a note"):
        read(f"{CHAT}\n\n---\n{line}")


def test_bold_words_have_no_marks_and_bold_names_are_speakers() -> None:
    text = "**Patient**: It is **much worse** now.\n**Doctor**: Take **10 mg**. **Patient:** How **many**?\n"
    assert [turn.said for turn in read(text).turns] == ["It is much worse now.", "Take 10 mg.", "How many?"]


@pytest.mark.parametrize("quote", ["Is it your hip?", "Doctor: Hello to you.", "I have pain in the hip."])
def test_a_quote_that_may_be_speech_is_not_left_out(quote: str) -> None:
    assert quote.split(": ")[-1] in f"{_read_or_refused(quote)}"


def _read_or_refused(quote: str) -> str:
    try:
        return read(f"# Hip\n\n> {quote}\n\n{CHAT}").text
    except UserError:
        return quote
