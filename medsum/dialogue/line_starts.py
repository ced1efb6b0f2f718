"""Remove text that nobody says before and after a speaker's tag: time stamps, bullets, numbers and `>` of mail.

A tag is the text at the start of a turn that names the speaker, such as `Doctor` in `Doctor: Any pain?`. A cue is an
entry of a subtitle file. A cue has a number or a name, a line with its start and end time (the timing), and its text.
"""

import re
from dataclasses import dataclass

from medsum.dialogue import pages
from medsum.dialogue.stage_directions import without_directions

_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,:]\d{1,3})?(?: ?[AaPp]\.?[Mm]\b\.?)?"
_DATE = r"(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4})"
_TIME = (
    rf"(?:{_DATE}[ T,]*{_CLOCK}(?:Z|[+-]\d\d:?\d\d)?|\d{{1,2}}[:.]?\d{{2}} ?(?:h|hrs?|hours)\b\.?|{_CLOCK}"
    rf"|(?:\d{{1,2}}h ?)?\d{{1,2}}m ?\d{{1,2}}s|\d{{1,6}}(?:\.\d{{1,3}})? ?s(?:ec(?:onds)?)?\b"
    rf"|(?:\d{{1,2}} ?h(?:rs?|ours?)?,? ?)?\d{{1,3}} ?min(?:utes?|s)?\b\.?,? ?\d{{1,2}} ?s(?:ec(?:onds?)?)?\b\.?)"
)
_TO = r" ?(?:-{1,3}>?|to|/|~) ?"
_RANGE = rf"{_TIME}(?:{_TO}{_TIME})?"
_BARE_NUMBERS = rf"\d{{1,6}}(?:\.\d+)?(?:{_TO}\d{{1,6}}(?:\.\d+)?)?"
_MARKED_TIME = rf"# ?{_CLOCK}(?:-\d{{1,2}})? ?#"  # the program f4transkript writes this form
BRACKETED_TIME = re.compile(rf"(?:{_MARKED_TIME}|\[ ?{_RANGE} ?\]|\( ?{_RANGE} ?\)|\{{ ?{_RANGE} ?\}}|< ?{_RANGE} ?>)")
_IN_BRACKETS = rf"\[ ?(?:#|t=)?{_BARE_NUMBERS} ?\]|\( ?{_BARE_NUMBERS} ?\)|<{_BARE_NUMBERS}>"
_BRACKETED = re.compile(rf"(?:{BRACKETED_TIME.pattern}|{_IN_BRACKETS}) ?[:,-]? ?")
_TIME_AT_START = re.compile(rf"(?:{BRACKETED_TIME.pattern}|{_RANGE})[ |]{{1,3}}(?=\S)")
_BARE_TIME = re.compile(rf"{_RANGE}(?: ?[|,;:-]+)? (?=\S)")
_MIN = r"\d{1,3} ?min(?:utes?|s)?"
# A time such as `12 min` may also be speech.
_MINUTES = re.compile(rf"(?:\[ ?{_MIN} ?\]|\( ?{_MIN} ?\)|(?:at )?{_MIN}\b\.?)[ :,|-]+(?=\S)")
_COUNT = re.compile(r"(?:(?:#|[Ll]ine |[Tt]urn |[Uu]tterance |L|T|U)?\d{1,6}(?:[.):|-]+ ?| )|[A-Za-z]\) )(?=[^\d\s])")
_BULLET = re.compile(r"(?:[-*\u00b7\u2022\u2023\u2190-\u27bf\U0001f000-\U0001faff\ufe0f>|~+]|&gt;|>>+)+ ?(?=\S)")
_CUE_CLOCK = r"(?:\d{1,2}:){1,2}\d{1,2}(?:[.,]\d{1,3})?"  # for example 0:0:4.35, which Teams writes
_YOUTUBE_CLOCK = r"\d{1,2}:\d{2}:\d{2}\.\d{1,3}"
_CUE_SETTINGS = r"(?: (?:align|position|line|size|region|vertical|[XY][12]):\S+)*"
TIMING_LINE = re.compile(rf"{_CUE_CLOCK} ?--+> ?{_CUE_CLOCK}{_CUE_SETTINGS}$|{_YOUTUBE_CLOCK},{_YOUTUBE_CLOCK}$")
_ONLY_TIME = re.compile(rf"{BRACKETED_TIME.pattern}[ :,-]*$")
_ONLY_BARE_TIME = re.compile(rf"{_RANGE}[ :,-]*$")
_RULE = re.compile(r"[-=_*~#\u2500-\u257f.\u2022]{3,}$|(?:[-=_*~#] ?){2,}$")
_RULED_PAGE = re.compile(rf"[-=_*~]+ ?(?:{pages.NUMBER}|\d*) ?[-=_*~]+$", re.IGNORECASE)
_RULED_TIME = re.compile(rf"[-=*_~#\u2500-\u257f]{{2,}} ?{_RANGE} ?[-=*_~#\u2500-\u257f]{{2,}}$")
_SURE_TIME = r"(?:\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,3})?|0\d:\d{2}(?:[.,:]\d{2,3})?)"
# `10:30 - 11:30` does not match this pattern, because such a range may be an answer.
_ONLY_RANGE = re.compile(rf"{_SURE_TIME}{_TO}{_SURE_TIME}[ :,-]*$")
_ONLY_SECONDS = re.compile(r"\d{2}:\d{2}:\d{2}(?:[.,]\d{1,3})?$")  # nobody says a time with seconds
_NOISE = (TIMING_LINE, _ONLY_TIME, _ONLY_RANGE, _ONLY_SECONDS, _RULED_TIME, _RULED_PAGE)
_SURE_START = re.compile(rf"{_SURE_TIME}(?:{_TO}{_SURE_TIME})?(?: ?[|,;:-]+)? ?")
# This pattern matches a time within a line. In square brackets, every time matches. In other brackets, a time matches
# only if it certainly is the time of a recording, such as `00:12` or `1:02:03`.
INSIDE = re.compile(rf" ?(?:{_MARKED_TIME}|\[ ?{_RANGE} ?\]|[(<{{] ?{_SURE_TIME}(?:{_TO}{_SURE_TIME})? ?[)>}}])")
_DAY_OF_CHAT = re.compile(
    r" [-|] (?:Today|Yesterday)(?: at)? (?=\d{1,2}:\d{2}(?: ?[AaPp]\.?[Mm]\b\.?)?$)"
)  # the program Discord writes this text before the time of a message
# Telegram writes the speaker and the time of a message on a separate line. Such a line is not speech.
_NAME_AND_TIME = re.compile(rf"(?:(?:Dr|Mr|Mrs|Ms)\. )?[^\W\d_][^.?!:]{{0,36}}, \[{_DATE},? {_CLOCK}\]$")
# A remark is a note in brackets that nobody says. A remark may have a time, as in `[inaudible 00:00:08]`.
_REMARK = (
    r"inaudible|unintelligible|indiscernible|crosstalk|overlapping|unclear|laughter|silence|pause|phonetic|music|noise"
)
_OF_REMARK = re.compile(rf"([\[(](?:{_REMARK})\b[^\[\]()\d]{{0,20}}?),? {_RANGE}(?= ?[\])])", re.IGNORECASE)
_SURE_END = re.compile(rf"(?:^|(?<=[.?!\u2026\"') ])){_SURE_TIME}(?:{_TO}{_SURE_TIME})?$")
_END_STAMP = re.compile(r" ?\(\d{1,2}:\d{2}(?::\d{2})?\)$")
_AFTER_TAG = re.compile(rf"[ ,@|\u00b7\u2022-]*(?:{BRACKETED_TIME.pattern}|(?:at )?{_RANGE}) ?$")
LONGEST_PREFIX = 80  # the largest number of characters before a tag


@dataclass(frozen=True)
class Start:
    """A line in two forms. In each form, text at the beginning of the line that is not speech is removed.

    In `text`, only text that is certainly not speech is removed, such as `[00:12]`. In `bare`, all text that may come
    before a tag is removed, such as `10:42` or `1.`. `stamped` is true if the line begins with a time without brackets.
    Such a time counts as speech, unless at least half of the lines with a tag begin with such a time.
    """

    text: str
    bare: str
    stamped: bool


@dataclass
class Line:
    """A line of the text. `number` is its number, counted from 1.

    `below` says what is directly above the line: "rule" for a horizontal rule, "end" for a line that ends a visit or a
    document, and "blank" for an empty line. Otherwise `below` is an empty text. `timed` is true if the line begins with
    a time of any form. `in_cue` is true if the line is directly below the timing of a cue. `removed` is true if a line
    that nobody says, such as a page number, is between this line and the line above it.
    """

    number: int
    start: Start
    below: str = ""
    timed: bool = False
    in_cue: bool = False
    removed: bool = False


def start_of(line: str) -> Start:
    """Return the two forms of a line that `Start` describes."""
    place, stamped, sure = 0, False, 0
    for _ in range(6):
        if place > LONGEST_PREFIX:
            break
        for pattern in (_BRACKETED, _BARE_TIME, _MINUTES, _COUNT, _BULLET):
            found = pattern.match(line, place)
            if found and found.end() > place:
                is_time = pattern is _BARE_TIME or (
                    pattern is _BRACKETED and BRACKETED_TIME.match(line, place) is not None
                )
                stamped |= pattern is _BARE_TIME
                if pattern is _BRACKETED and is_time and sure == place:
                    sure = found.end()
                place = found.end()
                break
        else:
            break
    return Start(line[sure:].strip(), line[place:].strip(), stamped)


def begins_with_time(line: str) -> bool:
    """Return whether a line begins with a time of any form: `[0:04]`, `10:42` or `12 min`."""
    return any(pattern.match(line) for pattern in (BRACKETED_TIME, _BARE_TIME, _MINUTES))


def without_start_time(line: str) -> str:
    """Return a line without the time at its start: `21:04:10 -- on hold --` → `-- on hold --`."""
    found = _TIME_AT_START.match(line)
    return line[found.end() :] if found else line


def is_noise(line: str, timed: bool) -> bool:
    """Return whether a whole line is a time, the timing of a cue, a horizontal rule or a page number.

    A time without brackets may be a spoken answer. If `timed` is true, the text writes times on separate lines. A line
    with only a time is then not an answer.
    """
    if is_rule(line) or pages.page_number(line) is not None or any(pattern.match(line) for pattern in _NOISE):
        return True
    return timed and _ONLY_BARE_TIME.match(line) is not None


def is_rule(line: str) -> bool:
    """Return whether a line is a horizontal rule without a page number."""
    return _RULE.match(line) is not None


def are_timed(lines: list[str]) -> bool:
    """Return whether the text writes times on separate lines.

    At least three lines must have only a time. These lines must be at least a sixth of all lines that are not empty.
    The line after each of these lines must have more than a time.
    """
    times = [_ONLY_BARE_TIME.match(line) is not None for line in lines if line]
    alone = sum(times)
    followed = sum(time and not after for time, after in zip(times, [*times[1:], True], strict=False))
    return alone > 2 and alone * 6 >= len(times) and followed == alone


def without_times(line: str) -> str:
    """Return the line without times in brackets and without stage directions such as `[laughs]`.

    If such a time is at the end of the line, also remove the comma before it. Remove no time from a line that has only
    a name, a date and a time.
    """
    line = _DAY_OF_CHAT.sub(" ", without_directions(line))
    if (":" not in line and "[" not in line) or _NAME_AND_TIME.match(line):
        return line
    kept = " ".join(INSIDE.sub(" ", _OF_REMARK.sub(r"\1", line)).split())
    return kept.removesuffix(",") if line.endswith(("]", ")")) else kept


def without_end_stamps(lines: list[str]) -> list[str]:
    """Return the lines without the clock time in parentheses at their end: `Any pain? (10:02)`.

    Such a time may be speech. Therefore it is removed only if at least three lines and half of all lines have it.
    """
    stamped = sum(_END_STAMP.search(line[-12:]) is not None for line in lines)
    if stamped < 3 or stamped * 2 < sum(map(bool, lines)):
        return lines
    return [line[:-12] + _END_STAMP.sub("", line[-12:]) for line in lines]


def starts_with_time(text: str) -> bool:
    """Return whether a text begins with the time of a recording, such as `00:12` or `1:02:03`."""
    return _SURE_START.match(text) is not None


def without_time_at_start(text: str) -> str:
    """Return the text without the time of a recording at its start."""
    return _SURE_START.sub("", text, count=1)


def ends_with_time(text: str) -> bool:
    """Return whether a text ends with the time of a recording. Such a time belongs to the next turn."""
    return _SURE_END.search(text[-24:].rstrip()) is not None


def without_time_at_end(text: str) -> str:
    """Return the text without the time of a recording at its end. Such a time belongs to the next turn."""
    begin = max(0, len(text) - 24)
    found = _SURE_END.search(text[begin:])
    return text[: begin + found.start()].rstrip() if found else text


def without_time_after(tag: str) -> tuple[str, bool]:
    """Return the tag without the time after it, and whether there was a time: `Doctor [00:12]` → `Doctor`, True."""
    found = _AFTER_TAG.search(tag)
    return (tag[: found.start()].rstrip(), True) if found and found.start() else (tag, False)
