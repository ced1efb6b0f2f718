"""Remove HTML, XML, BBCode, Markdown, wiki markup and WebVTT's voice tags. Put each turn on a separate line."""

import re

from medsum.dialogue.tag_forms import SURE

_VOICE = re.compile(r"(^[ \t]{0,8}(?:- ?)?)?<v(?:\.[\w.]+)?[ \t]+([^<>\n]{1,60})>", re.MULTILINE)
_INLINE = re.compile(r"</?(?:v|c|i|b|u|font|span|strong|em|ruby|lang)(?:[. ][^<>\n]{0,80})?>", re.IGNORECASE)
_BREAK = re.compile(r"<br ?/?>|</?(?:p|div|li|s)>|(?:\\r)?\\n|\\r", re.IGNORECASE)
_SPEAKER = re.compile(
    r"<\w+\b[^<>]{0,200}?\b(?:speaker|who|role|participant)\s*=\s*[\"']#?([^\"'<>]{1,60})[\"'][^<>]{0,200}>"
)
_TERM = re.compile(r"\s*</(?:dt|th|speaker)>\s*", re.IGNORECASE)
_CELLS = re.compile(r"\s*</t[dh]>\s*<t[dh][^<>]{0,80}>\s*", re.IGNORECASE)
_ANY = re.compile(r"<[/!?]?[A-Za-z][^<>]{0,200}>")
_BBCODE = re.compile(r"\[/?(?:b|i|u|s|color|size|quote|code)(?:=[^\[\]\n]{0,40})?\]", re.IGNORECASE)
_TABLE_ROW = re.compile(r"\s*\|(.*)\|\s*")
_TABLE_RULE = re.compile(r"\s*\|(?:\s*:?-{3,}:?\s*\|)+\s*")
# The beginning of a message in a Zoom chat.
_CHAT = re.compile(r"^(\d\d:\d\d:\d\d)\s+From\s+(.{1,40}?)\s+to\s+.{1,40}?:[ \t]*", re.MULTILINE)
_WIKI_BOLD = re.compile(r"^'''[^'\n]{1,60}'''", re.MULTILINE)
_WIKI = re.compile(r"'{3}|^\[\[[A-Za-z ]{1,20}:[^\[\]\n]{0,80}\]\][ \t]*$", re.MULTILINE)
_NOTHING_SAID = re.compile(r"\s*(?:```\w*|'''\w*|~~~\w*|(?:>\s*)+)\s*")


def without_markup(text: str) -> str:
    """Return the text without markup. If the markup shows where turns begin, put each turn on a separate line."""
    text = text.replace(SURE, "")
    text = _BREAK.sub("\n", text) if "\\" in text or "<" in text else text
    text = _CHAT.sub(r"\1 \2: ", text) if "From" in text else text
    if "<v" in text:
        text = _VOICE.sub(lambda found: f"{'' if found[1] is not None else chr(10)}{found[2]}{SURE} ", text)
    is_document = text.lstrip()[:1] == "<" and "</" in text
    if is_document:
        text = _SPEAKER.sub(r"\n\1: ", text)
    text = _INLINE.sub("", text) if "<" in text else text
    if is_document:
        text = _of_document(text)
    text = _BBCODE.sub("", text) if "[/" in text else text
    if "'''" in text and len(_WIKI_BOLD.findall(text)) > 1:
        text = _WIKI.sub("", text)
    if "|" in text or "```" in text or "\n>" in text:
        text = _of_markdown(text)
    return text


def _of_document(text: str) -> str:
    """Return the lines of HTML or XML. A table cell or a term (`<dt>`) before the speech names the speaker."""
    text = _CELLS.sub(": ", _TERM.sub(": ", text))
    return _ANY.sub("\n", re.sub(r": \s*<dd[^<>]{0,80}>", ": ", text))


def _of_markdown(text: str) -> str:
    """Return the lines without code fences and empty quotes. For a table, keep only the cells below the header."""
    lines = text.split("\n")
    kept: list[str] = []
    for place, line in enumerate(lines):
        following = lines[place + 1] if place + 1 < len(lines) else ""
        if _NOTHING_SAID.fullmatch(line) or _TABLE_RULE.fullmatch(line) or _TABLE_RULE.fullmatch(following):
            kept.append("")  # an empty line replaces this line, so that the other lines keep their numbers
            continue
        row = _TABLE_ROW.fullmatch(line)
        kept.append(row[1].strip() if row else line)
    return "\n".join(kept)
