"""List the controls against wrong notes, with their state in this run and the tests that verify them.

A control is a function of the software that prevents a hazard or makes it visible. The list has only controls that are
in the code. `state` is "always", "on", "off", or the condition under which the control works.
"""

from pathlib import Path
from typing import NamedTuple

from medsum.params import generation, note, prompt

PROMOTED = Path("models/promoted/current.json")  # `make promote` writes this file


class Control(NamedTuple):
    """One control: what it does, its state in this run, and the file or folder of the tests that verify it."""

    text: str
    state: str
    verified_by: str


def _on(is_on: object) -> str:
    return "on" if is_on else "off"


def _hold_back() -> str:
    share = note.load().hold_back
    return f"on; the limit holds back {share:.0%} of the notes with which it was chosen" if share else "off"


def controls() -> dict[str, Control]:
    """Return every control by name. States that can change come from params.yaml and models/promoted."""
    writing, reading = generation.load(), prompt.load()
    ngram = writing.no_repeat_ngram_size
    return {
        "evidence": Control(
            "Each sentence of a note is shown with the turns that support it, or with the words `no turn`.",
            "always on the page and in the endpoint's extension fields; on the command line, with --json or --marked",
            "tests/faithfulness/test_evidence.py",
        ),
        "hold_back": Control(
            "Notes with the highest estimated risk are held back for a person to write (note.hold_back)."
            " The estimate of the risk does not consider what a note leaves out.",
            _hold_back(),
            "tests/serve/test_holding.py",
        ),
        "gate": Control(
            "`make promote` refuses a new model if it has a major error of this category in more test summaries than"
            " the earlier model.",
            "used: a promoted model is there" if PROMOTED.exists() else "not used: no model has been promoted here",
            "tests/review/test_promote.py",
        ),
        "guided": Control(
            "If the model writes a number, a drug or a side of the body that is not in the dialogue, it goes back to"
            " this word and writes something else (generation.guided).",
            _on(writing.guided),
            "tests/generation/test_guidance.py",
        ),
        "rerank": Control(
            "The model writes several candidates for a note. The candidate that the dialogue supports best becomes the"
            " note (generation.rerank).",
            _on(writing.rerank != "none"),
            "tests/faithfulness/test_reranking.py",
        ),
        "signs": Control(
            "Signs that the tokenizer would lose (such as `<` or `½`) are written out in words. What happens to lost"
            f" signs that have no words is set in prompt.unknown_signs (here `{reading.unknown_signs}`).",
            "always",
            "tests/model/test_prompt_signs.py",
        ),
        "loops": Control(
            "A text that repeats itself in a loop is cut before the loop, and repeated sentences are left out"
            " (generation.cut_loops).",
            _on(writing.cut_loops),
            "tests/generation/test_loops.py",
        ),
        "ngrams": Control(
            f"No sequence of {ngram} tokens occurs twice in a note (generation.no_repeat_ngram_size)."
            if ngram
            else "Sequences of tokens may occur twice in a note (generation.no_repeat_ngram_size is 0).",
            _on(ngram),
            "tests/generation/test_summarizer.py",
        ),
        "merging": Control(
            "If two sentences from two sections, or from two windows of a long dialogue, clearly contradict each other,"
            " the sentence with less support is removed from the note and shown in a list. The other sentence is"
            " flagged.",
            "for dialogues of several windows",
            "tests/generation/test_merging.py",
        ),
        "long": Control(
            "Dialogues that are too long for the prompt are read in overlapping windows, or refused"
            f" (generation.long_dialogues: {writing.long_dialogues}).",
            "always",
            "tests/generation/test_windows.py",
        ),
        "sections": Control(
            "The user can name the sections. If a section is guessed instead, it is shown with the note.",
            "always",
            "tests/generation/test_visit_sections.py",
        ),
        "reading": Control(
            "The page and summarize.py show the number of turns and the speakers, so that a person can see a mistake.",
            "always",
            "tests/serve/test_dialogue_input.py",
        ),
        "one_visit": Control(
            "If a file for one visit has more than one record, it is refused. The server keeps no dialogue between"
            " requests.",
            "always",
            "tests/serve/test_chosen_file.py",
        ),
        "preliminary": Control(
            "Notes in FHIR have the status preliminary and name a device as author.",
            "for POST /v1/fhir",
            "tests/api/test_fhir.py",
        ),
        "manifest": Control(
            "Each model file is compared with its recorded sha256 when the model is loaded.",
            "always",
            "tests/model/test_whole.py",
        ),
        "parity": Control(
            "Each export compares the converted model with the unconverted model and reports the difference. A"
            " difference does not stop the export.",
            "always",
            "tests/stages/test_export.py",
        ),
        "screening": Control(
            "Records are screened for the 18 kinds of identifiers of HIPAA's Safe Harbor before training"
            " (privacy.action). Screening misses some identifiers.",
            "always",
            "tests/privacy",
        ),
        "language": Control(
            "Dialogues that are not in English are refused (data.language: en).",
            "if data.language is en",
            "tests/dialogue",
        ),
        "subgroups": Control(
            "Scores by group of patients and dialogues are computed for each run ([subgroups.md](subgroups.md)).",
            "whenever `python -m medsum.publish --documents` runs",
            "tests/publish/test_subgroups.py",
        ),
    }
