"""Make flags for errors in the form of a summary: repetition, truncation, length, headers and degenerate text."""

import re
from collections import Counter
from collections.abc import Iterator

from medsum.dialogue.section_headers import SECTION_HEADERS, normalise
from medsum.dialogue.sentences import sentences
from medsum.faithfulness.flags import Flag

_WORD = re.compile(r"[A-Za-z0-9]+")
_END = re.compile(r"[.!?:;)\]\"”’'%]\s*$")
_DANGLING = re.compile(
    r"\b(?:a|an|and|are|as|at|because|but|by|for|from|has|have|her|his|if|in|is|of|on|or|that|the|to|was|were|which|"
    r"while|who|with)[.,]?\s*$",
    re.IGNORECASE,
)
_HEADER = re.compile(r"(?:^|(?<=[.!?\n] )|(?<=\n))([A-Z][A-Za-z/ ]{2,40}):(?=\s)")
_TAG = re.compile(r"(?:^|\n| )(?:Doctor|Patient|Guest_family|Guest_clinician): ")
_ITEM = re.compile(r"\s*(?:[-*•–]|\d{1,2}[.)])\s")
_LOOP = 3  # if the same three words in a row occur more than three times, this is a loop
_LONG_RATIO = 2.0  # a summary with more than twice the words of the reference is too long
_LONG_WORDS = 25  # it must also have 25 words more than the reference, because a short text is easily doubled


def form_flags(summary: str, reference: str | None = None, section: str | None = None) -> Iterator[Flag]:
    """Yield the flags of form. The length flag needs a reference, and the section flag needs the record's section."""
    degenerate = _degenerate(summary)
    if degenerate:
        yield Flag("degenerate", "major", 0, len(summary), degenerate)
        return
    yield from _repeated(summary)
    if _DANGLING.search(summary) or (
        not _END.search(summary) and len(summary.split()) > 3 and not _without_stops(summary)
    ):
        start = len(summary.rstrip()) - len(summary.split()[-1])
        reason = "the summary ends in the middle of a sentence"
        yield Flag("truncation", "major", start, len(summary.rstrip()), reason)
    if reference is not None:
        words, wanted = len(summary.split()), len(reference.split())
        if words > _LONG_RATIO * wanted and words > wanted + _LONG_WORDS:
            yield Flag("length", "minor", 0, len(summary), f"{words} words, but the reference has {wanted}")
    if section is not None:
        yield from _other_headers(summary, section)


def _without_stops(summary: str) -> bool:
    """Return whether the last line needs no full stop: it is a list item, or an earlier line has no full stop."""
    lines = [line for line in summary.splitlines() if line.strip()]
    return bool(_ITEM.match(lines[-1])) or any(not _END.search(line) for line in lines[:-1])


def _degenerate(summary: str) -> str:
    """Return the reason why a text is not a summary. Return an empty string if the text is a summary."""
    words = [word.lower() for word in _WORD.findall(summary)]
    if not words:
        return "the summary is empty"
    if _TAG.search(summary):
        return "the summary is a transcript: it names the speakers of the dialogue"
    if len(words) >= 8 and Counter(words).most_common(1)[0][1] > len(words) / 2:
        return "one word makes up more than half of the summary"
    letters = sum(character.isalnum() or character.isspace() for character in summary)
    return "more than half of the characters are neither letters nor digits" if letters < len(summary) / 2 else ""


def _repeated(summary: str) -> Iterator[Flag]:
    """Yield a flag for each repeated sentence. If there is none, yield a flag for words in a loop."""
    seen: set[str] = set()
    for start, end in sentences(summary):
        said = " ".join(_WORD.findall(summary[start:end].lower()))
        if said in seen and len(said.split()) > 1:
            yield Flag("repetition", "minor", start, end, "the summary already has this sentence")
            return
        seen.add(said)
    words = list(_WORD.finditer(summary))
    runs = Counter(tuple(match[0].lower() for match in words[i : i + 3]) for i in range(len(words) - 2))
    for index in range(len(words) - 2):
        run = tuple(match[0].lower() for match in words[index : index + 3])
        again = tuple(match[0].lower() for match in words[index + 3 : index + 6])
        if run == again or (runs[run] > _LOOP and not any(word.isdigit() for word in run)):
            yield Flag("repetition", "minor", words[index].start(), words[index + 2].end(), "words run in a loop")
            return


def _other_headers(summary: str, section: str) -> Iterator[Flag]:
    """Yield a flag for each header that names a section other than the record's section."""
    for match in _HEADER.finditer(summary):
        named = normalise(match[1])
        if named in SECTION_HEADERS and section in SECTION_HEADERS and named != section:
            yield Flag("section", "minor", match.start(1), match.end(1), f"the header names {named}, not {section}")
