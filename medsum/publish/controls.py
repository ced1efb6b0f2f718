"""List the controls against wrong notes, with their state in this run and the tests that verify them.

A control is a function of the software that prevents or shows a hazard. The list has only controls that the code has.
`state` is "always", "on", "off", or the condition under which the control works.
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
    return f"on, for {share:.0%} of the calibration notes" if share else "off"


def controls() -> dict[str, Control]:
    """Return every control by name. The states come from params.yaml."""
    writing, reading = generation.load(), prompt.load()
    ngram = writing.no_repeat_ngram_size
    return {
        "evidence": Control(
            "For each sentence of a note, the turns that support it are shown, or that no turn supports it.",
            "on the page, with --json or --marked, and in the endpoint's extension fields",
            "tests/faithfulness/test_evidence.py",
        ),
        "hold_back": Control(
            "Notes with the highest estimated risk are held back for a person to write (note.hold_back)."
            " The risk does not see what a note leaves out.",
            _hold_back(),
            "tests/serve/test_holding.py",
        ),
        "gate": Control(
            "`make promote` serves a new model only if no more test summaries than before have a major error of this"
            " kind.",
            "used: a promoted model is there" if PROMOTED.exists() else "not used: no model has been promoted here",
            "tests/review/test_promote.py",
        ),
        "guided": Control(
            "If a number, a drug or a side is not in the dialogue, the model writes again from this place"
            " (generation.guided).",
            _on(writing.guided),
            "tests/generation/test_guidance.py",
        ),
        "rerank": Control(
            "Of several candidates, the one that the dialogue supports best is taken (generation.rerank).",
            _on(writing.rerank != "none"),
            "tests/faithfulness/test_reranking.py",
        ),
        "signs": Control(
            "Signs that the tokenizer would lose (such as `<` or `½`) are written out in words. For other lost signs,"
            f" prompt.unknown_signs is `{reading.unknown_signs}`.",
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
            else "No sequence of tokens is forbidden to occur twice (generation.no_repeat_ngram_size).",
            _on(ngram),
            "tests/generation/test_summarizer.py",
        ),
        "merging": Control(
            "If two sections or windows of a long dialogue clearly contradict each other, the sentence with less"
            " support is left out and listed, and the other sentence is flagged.",
            "for dialogues of several windows",
            "tests/generation/test_merging.py",
        ),
        "long": Control(
            "Dialogues longer than the prompt are read in overlapping windows, or refused"
            f" (generation.long_dialogues: {writing.long_dialogues}).",
            "always",
            "tests/generation/test_windows.py",
        ),
        "sections": Control(
            "The user names the sections; a guessed section is shown with the note.",
            "always",
            "tests/generation/test_visit_sections.py",
        ),
        "reading": Control(
            "The page and summarize.py show the number of turns and the speakers, so that a person can see a mistake.",
            "always",
            "tests/serve/test_dialogue_input.py",
        ),
        "one_visit": Control(
            "A file with more than one record is refused as one visit. The server keeps no dialogue between requests.",
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
            " (privacy.action). Screening misses some.",
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
            "whenever this command runs",
            "tests/publish/test_subgroups.py",
        ),
    }
