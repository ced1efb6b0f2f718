"""Remove the codes of CHAT, the format of TalkBank and of its program CLAN, from the speech of a transcript.

In CHAT, a line with a turn begins with `*`, a header with `@`, and a remark on a turn with `%`. A tab continues a line.
"""

import re

_HEAD = 9  # `@Begin` is one of the first lines
_CODES = (
    (re.compile(r"\x15[^\x15\n]{0,60}\x15"), " "),  # the times of a turn in the recording
    (
        re.compile(r"\[(?:[/:=%*?!+<>\"^-]|x )[^\[\]\n]{0,120}\]"),
        " ",
    ),  # a remark on the words before it, such as `[//]` or `[: going to]`
    (re.compile(r"&[=+~][\w:*-]{1,60}"), " "),  # a sound or a gesture, or a part of a word: `&=laughs`, `&+fri`
    (re.compile(r"&-(?=\w)"), ""),  # a filled pause: `&-um`
    (re.compile(r"&\*\w{1,8}[:=][\w:.'-]{1,60}"), " "),  # a short word of the listener
    (re.compile(r"\((?:\.{1,3}|\d{0,3}[.:]\d{0,3}\.?\d{0,3})\)"), " "),  # a pause
    (re.compile(r"(?<=\w)\(([a-z]{1,12})\)|\(([a-z]{1,12})\)(?=\w)"), r"\1\2"),  # letters that are not heard
    (re.compile(r"(?:^|(?<=\s))\+(?:\"/?\.|\"|/{1,2}\?|/{1,2}\.|\.\.\?|\.\.\.?|!\?|[<^,+])(?=\s|$|\w)"), " "),
    (
        re.compile(r"(?<!\S)<(?=\S)|(?<=\S)>(?!\S)|[\u2021\u201e\u21ab\u2191\u2193]"),
        " ",
    ),  # `<...>` has the words of a remark
)
_BEFORE_STOP = re.compile(r"\s+(?=[.?!](?:\s|$))")
_TURN = re.compile(r"(\*[^:\n]{1,30}:)(.*)", re.DOTALL)


def without_chat_codes(text: str) -> str:
    """Return a transcript in CHAT without codes and without remarks. Return any other text unchanged."""
    lines = text.split("\n")
    if "@Begin" not in [line.strip() for line in lines[:_HEAD]]:
        return text
    last = ""
    for place, line in enumerate(lines):
        last = line[:1] if line[:1] in ("*", "@", "%") else last
        if last == "%" or (last == "@" and line[:1] != "@"):
            lines[place] = ""
        elif last == "*":
            found = _TURN.match(line)
            lines[place] = f"{found[1]}\t{_plain(found[2])}" if found else _plain(line)
    return "\n".join(lines)


def _plain(said: str) -> str:
    """Return the words of a line without codes."""
    for code, instead in _CODES:
        said = code.sub(instead, said)
    return _BEFORE_STOP.sub("", " ".join(said.split()))
