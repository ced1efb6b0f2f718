"""From text as a person gives it to a dialogue that the model can read, or a kind sentence."""

import re

from medsum.core.errors import UserError
from medsum.corpus.cleaning import clean_text
from medsum.dialogue.turns import normalise_dialogue

MAX_CHARACTERS = 200_000  # some ten hours of talk
MAX_BYTES = 4 * MAX_CHARACTERS
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# The same speakers in the middle of a line, written as no training record has them.
_INLINE_CAPITALS = re.compile(r"(?<=\S)\s+(?=(?:DOCTOR|PATIENT|GUEST_FAMILY|GUEST_CLINICIAN)(?:_\d+)?:\s)")
# Words that make up about 40 % of spoken English, and few of other languages.
_ENGLISH = (
    "a about all and any are at be been but can did do doctor does don't feel for from had has have he her here hi"
    " how i i'm i've if in is it it's just know like me my no not of okay on or out patient she so some that that's"
    " the them then there they this to up was we well what when which with would yeah yes you your"
)
_ENOUGH_WORDS = 15  # to judge a language by
_LEAST_ENGLISH = 0.15


def read_dialogue(text: str) -> str:
    """The dialogue, one turn a line; raises UserError that says what is wrong with it, without quoting it."""
    if not text.strip():
        raise UserError("there is no dialogue yet; paste or name one with turns such as 'Doctor: ...', 'Patient: ...'")
    check_length(text)
    if _CONTROL.search(text) or has_surrogate(text):
        raise UserError("this is no readable text; give plain text in UTF-8, not a document or an image")
    dialogue = normalise_dialogue(_INLINE_CAPITALS.sub("\n", clean_text(text)))
    if not dialogue:
        raise UserError(
            "nobody is named as speaking; begin each turn with its speaker, as in 'Doctor: ...' and 'Patient: ...'"
        )
    if not _looks_english(dialogue):
        raise UserError("the dialogue does not look like English, the only language that the model has learnt")
    return dialogue


def has_surrogate(text: str) -> bool:
    """Whether a character is cut in half, as in what was no UTF-8."""
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def check_length(text: str) -> None:
    """Raises UserError for a dialogue that is too long."""
    if len(text) > MAX_CHARACTERS:
        raise UserError(
            f"the dialogue has {len(text):,} characters, {MAX_CHARACTERS:,} are allowed; divide it into visits"
        )


def decode(content: bytes) -> str:
    """Text of a file; raises UserError where it is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError("this is no readable text; give plain text in UTF-8, not a document or an image") from None


def _looks_english(dialogue: str) -> bool:
    english = frozenset(_ENGLISH.split())
    words = [word.lower() for word in _WORD.findall(dialogue)]
    latin = sum(word.isascii() for word in words)
    if not words or latin < len(words) / 2:
        return False
    return len(words) < _ENOUGH_WORDS or sum(word in english for word in words) >= _LEAST_ENGLISH * len(words)
