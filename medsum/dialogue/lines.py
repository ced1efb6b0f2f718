"""Split a text into the lines that may be speech. Remove markup, mail, timings, horizontal rules and stage directions.

A cue is an entry of a subtitle file. A cue has a number or a name, a line with its start and end time (the timing), and
its text.
"""

import re
from itertools import pairwise

from medsum.dialogue.around_turns import ends_recording, is_system_line, people_listed, unquoted
from medsum.dialogue.characters import clean_lines
from medsum.dialogue.chat_files import without_chat_codes
from medsum.dialogue.chat_notices import without_notices
from medsum.dialogue.cues import with_voices
from medsum.dialogue.front_matter import of_page
from medsum.dialogue.learnt_prefix import with_standard_prefix
from medsum.dialogue.legend import with_names_of_legend
from medsum.dialogue.line_starts import (
    TIMING_LINE,
    Line,
    Start,
    are_timed,
    begins_with_time,
    is_noise,
    is_rule,
    start_of,
    without_end_stamps,
    without_start_time,
    without_times,
)
from medsum.dialogue.mail import without_quotes
from medsum.dialogue.markup import without_markup
from medsum.dialogue.numbered_lines import without_line_numbers, without_number_column
from medsum.dialogue.page_furniture import with_page_numbers_only
from medsum.dialogue.pages import new_documents
from medsum.dialogue.recogniser import joined_segments, log_lines
from medsum.dialogue.screenplay import without_script_marks
from medsum.dialogue.service_text import ends_call, is_service_text
from medsum.dialogue.stage_directions import is_direction
from medsum.dialogue.tag_forms import SURE, TAB
from medsum.dialogue.tag_marks import with_colons_after_tags
from medsum.dialogue.text_columns import with_colons
from medsum.dialogue.titles import is_about_visit, is_end_of_visit, is_message_of_end
from medsum.dialogue.unspoken import is_event

_CUE_BLOCK = re.compile(r"(?:NOTE|STYLE|REGION)\b")
_COUNT_AND_TAB = re.compile(rf"^([^A-Za-z{TAB}]{{1,40}}) {TAB} ")
_STRAY = re.compile(r"^(?:[.,;^~|] )+(?=[a-z])")  # specks that a scanner took for signs
# A break of a recording is no title of a visit: `*** tape turned over ***`.
_BREAK = re.compile(r"^[^\d]*\b(?:turned over|changed|paused|resumed|interrupted|stopped|side [b-d])\b[^\d]*$", re.I)
# Columns of times at the beginning of a line. The programs ELAN and Audacity export such columns.
_TIME_COLUMNS = re.compile(rf"(?:(?<={TAB} )|^)(?:\d[\d:.,]* {TAB} ){{2,}}")


def lines_of(text: str) -> list[Line]:
    """Return the cleaned lines that may be speech."""
    cleared = without_notices(with_voices(without_chat_codes(of_page(text))))
    cleaned = unquoted(
        clean_lines(with_colons(without_markup(without_number_column(cleared))).replace("\t", f" {TAB} "))
    )
    cleaned = without_quotes(cleaned)
    if "@Begin" in cleaned[:9]:  # in CHAT, the format of TalkBank, lines that are not turns begin with @ or %
        cleaned = ["" if line[:1] in ("@", "%") else line for line in cleaned]
    cleaned = with_page_numbers_only(with_colons_after_tags(with_names_of_legend(cleaned)))
    cleaned = without_end_stamps(with_standard_prefix(without_line_numbers(joined_segments(cleaned))))
    cleaned = without_script_marks(cleaned)
    lines: list[Line] = []
    is_vtt = any(line.startswith("WEBVTT") for line in cleaned[:3])
    timed = are_timed(cleaned)
    documents = new_documents(cleaned)
    unspoken = people_listed(cleaned) | log_lines(cleaned)
    skipping = False
    blank_before = True
    below = above = ""
    for number, line in enumerate(cleaned, start=1):
        line = _TIME_COLUMNS.sub("", line.strip(TAB + " "))
        line = _STRAY.sub("", line)
        line = _COUNT_AND_TAB.sub(r"\1 ", line, count=1)
        if not line:
            blank_before, skipping, below = True, False, below or "blank"
            continue
        if number - 1 in documents or is_end_of_visit(line) or (is_vtt and lines and line.startswith("WEBVTT")):
            below = "end"
        elif below != "end" and is_rule(line):
            below = "rule"
        skipping |= is_vtt and (line.startswith("WEBVTT") or (blank_before and _CUE_BLOCK.match(line) is not None))
        if TIMING_LINE.match(line):
            if lines and lines[-1].number == number - 1 and _is_cue_name(lines[-1].start.text, cleaned, number):
                lines.pop()
        elif not skipping and number - 1 not in unspoken and not is_noise(line, timed):
            start = _marked(line) if SURE in line else start_of(without_times(line))
            if is_message_of_end(start.bare) or ends_call(start.bare) or ends_recording(line):
                below = "end"
            if (start.text or start.bare) and not any(_is_unspoken(part) for part in _forms(line, start)):
                lines.append(Line(number, start, below, begins_with_time(line), TIMING_LINE.match(above) is not None))
                below = ""
        blank_before, above = False, line
    _mark_removed(lines, text.splitlines())
    return lines


def _mark_removed(lines: list[Line], written: list[str]) -> None:
    """Set `removed` of each line: whether the text has a line between this line and the line above it."""
    for above, line in pairwise(lines):
        line.removed = any(map(str.strip, written[above.number : line.number - 1]))


def _marked(line: str) -> Start:
    """Return the start of a line in which the format of the file marks the tag. A tag has no time before it."""
    tag, _, said = line.partition(SURE)
    said = without_times(said.strip())
    text = f"{tag}{SURE} {'' if _is_unspoken(said) else said}".strip()
    return Start(text, text, stamped=False)


def _is_unspoken(line: str) -> bool:
    """Return whether a line is a stage direction or the message of a program.

    Return False for the title of a visit, because one_visit.py checks titles later.
    """
    if is_system_line(line) or is_service_text(line) or is_message_of_end(line) or _is_event(line):
        return True
    return is_direction(line) and not is_about_visit(line)


def _forms(line: str, start: Start) -> tuple[str, ...]:
    """Return a line as it is, without a time before marks such as `--`, and without anything before a tag."""
    return (line, without_start_time(line), start.bare)


def _is_event(line: str) -> bool:
    return is_event(line) and (not is_about_visit(line) or _BREAK.search(line) is not None)


def _is_cue_name(line: str, cleaned: list[str], number: int) -> bool:
    """Return whether a line is the name or number of a cue. Line `number`, the next line, has the cue's timing."""
    return line.isdigit() or (" " not in line and (number < 3 or not cleaned[number - 3]))
