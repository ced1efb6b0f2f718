"""Remove what is not spoken from a Markdown page: front matter, a remark below the title, and marks of bold words."""

import re

from medsum.dialogue.roles import person

_RULE = re.compile(r"\ufeff?---\s*$")
_KEY = re.compile(r"([A-Za-z][\w -]{0,39}):(?:\s+(.*))?$")
_ITEM = re.compile(r"\s*- \S.{0,200}$|\s{2,}\S.{0,200}$|\s*(?:#.*)?$")
_TITLE = re.compile(r"\ufeff?#{1,6} \S")
# A question, words of a person, or a speaker, perhaps in bold.
_SPOKEN = re.compile(r"[?:]|\b(?:I|I'm|I've|my|me|we|you|your|yes|no|hello|hi|okay|ok|thanks?)\b", re.IGNORECASE)
_BOLD_START = re.compile(r"^\*\*([^*\n]{1,60})\*\*", re.MULTILINE)
_BOLD = re.compile(r"(?<=[\w.,;?!] )\*\*([^*:\n]{1,80})\*\*(?=\s|[.,;?!)]|$)", re.MULTILINE)
_MOST_LINES = 40
_SENTENCE = re.compile(r"[?!]\s*$|\S\.\s*$")


def of_page(text: str) -> str:
    """Return the text of a Markdown page without front matter, remark below the title and marks of bold words."""
    if "\n**" in text:
        names = {match[1].strip(": ") for match in _BOLD_START.finditer(text)}
        text = _BOLD.sub(lambda found: found[0] if found[1].strip() in names else found[1], text)
    if text.lstrip("\ufeff\r\n \t")[:1] not in ("-", "#"):
        return text
    return "\n".join(_without_remark(_without_front_matter(text.split("\n"))))


def _without_front_matter(lines: list[str]) -> list[str]:
    """Return the lines with empty lines instead of front matter, so that the other lines keep their numbers.

    Return the lines unchanged if a line between the rules may be speech.
    """
    first = next((place for place, line in enumerate(lines) if line.strip()), 0)
    if not lines or not _RULE.match(lines[first]):
        return lines
    stop = min(len(lines), first + _MOST_LINES)
    end = next((place for place in range(first + 1, stop) if _RULE.match(lines[place])), first)
    inside = lines[first + 1 : end]
    if not any(map(_KEY.match, inside)) or any(map(_may_be_speech, inside)):
        return lines
    return ["" if first <= place <= end else line for place, line in enumerate(lines)]


def _without_remark(lines: list[str]) -> list[str]:
    """Return the lines with empty lines instead of a quoted remark below the title of the page.

    Return the lines unchanged if other lines are quoted too, or if the remark may be speech.
    """
    filled = [place for place, line in enumerate(lines) if line.strip()]
    quoted = [place for place in filled if lines[place].lstrip().startswith(">")]
    below_title = (
        len(filled) > 1 and _TITLE.match(lines[filled[0]]) is not None and quoted == filled[1 : len(quoted) + 1]
    )
    if not below_title or any(_SPOKEN.search(lines[place]) for place in quoted):
        return lines
    return ["" if place in quoted else line for place, line in enumerate(lines)]


def _may_be_speech(line: str) -> bool:
    found = _KEY.match(line)
    if found is None:
        return _ITEM.match(line) is None
    return person(found[1]).known and _SENTENCE.search(found[2] or "") is not None
