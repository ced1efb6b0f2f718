"""Turn a person's text into a dialogue that the model can read, or raise UserError with a clear sentence."""

from functools import cache
from pathlib import Path

from medsum.core.errors import UserError
from medsum.corpus.visits import dialogue_of
from medsum.dialogue.language import has_interpreter
from medsum.dialogue.reader import Dialogue
from medsum.dialogue.turns import spoken_text
from medsum.metrics.names import NOT_CHECKED
from medsum.params import data, model
from medsum.serve.check_workers import in_worker

MAX_CHARACTERS = 200_000  # about ten hours of speech
MAX_BYTES = 4 * MAX_CHARACTERS
LONG_WORDS = 400
FAIL_ON_LONG = ("smollm2-135m-notes", "smollm2-135m")  # base models that fail on long dialogues (docs/benchmarks.md)


@in_worker
def read_dialogue(text: str) -> Dialogue:
    """Return the dialogue in a text. Raise UserError if the text is wrong. The message does not quote the text."""
    check_length(text)
    return dialogue_of(text, english=is_english_asked())


def is_english_asked() -> bool:
    """Return whether `data.language` of params.yaml is English. The checkers read no other language."""
    return _is_english_asked(Path.cwd())


@cache
def _is_english_asked(_project: Path) -> bool:
    """Return the result of `is_english_asked`, but read params.yaml only once for all rows of a batch."""
    return data.load().language == "en"


def check_length(text: str, name: str = "dialogue") -> None:
    """Raise UserError if a text is too long. `name` is the word for the text in the message: `dialogue` or `note`."""
    if len(text) > MAX_CHARACTERS:
        raise UserError(
            f"the {name} has {len(text):,} characters, but only {MAX_CHARACTERS:,} are allowed; divide it into visits"
        )


def described(dialogue: Dialogue) -> dict[str, object]:
    """Return the keys `turn_count` and `speakers` of a result."""
    return {"turn_count": len(dialogue.turns), "speakers": dialogue.speakers}


def told(dialogue: Dialogue) -> str:
    """Return a sentence with the turns and speakers, such as `Read as 4 turns of Doctor and Patient.`."""
    names = dialogue.speakers
    shown = " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else f"only {names[0]}"
    turns = f"{len(dialogue.turns)} turn{'s' if len(dialogue.turns) != 1 else ''}"
    alone = " Only one person speaks: check that no speaker tag was missed." if len(names) == 1 else ""
    said = " An interpreter takes part, but the model reads only English." if has_interpreter(dialogue) else ""
    unchecked = "" if is_english_asked() else f" {NOT_CHECKED}"
    return f"Read as {turns} of {shown}.{alone}{said}{unchecked}{_said_of_note(dialogue)}{_said_of_length(dialogue)}"


def _said_of_note(dialogue: Dialogue) -> str:
    """Return a sentence about the text below the last turn that is left out, or an empty text."""
    if not dialogue.note:
        return ""
    first, last = dialogue.note[0], dialogue.note[-1]
    lines = f"lines {first} to {last}" if last > first else f"line {first}"
    return f" The text below the last turn ({lines}) is left out."


def _said_of_length(dialogue: Dialogue) -> str:
    """Return a warning if the base model fails on dialogues of this length. Otherwise return an empty text."""
    words = len(spoken_text(dialogue.text).split())
    if words <= LONG_WORDS or model.load().base not in FAIL_ON_LONG:
        return ""
    return (
        f" The dialogue has {words:,} words: if it has more than {LONG_WORDS}, the default base model leaves out most"
        " of what was said and invents facts. Use the note only as an outline, or use a larger base model."
    )
