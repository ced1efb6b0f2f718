"""Read the output of a speech recogniser: its segments, and the log around them, such as `Performing alignment...`.

A segment has one line, which begins with a start and an end time: `[00:00.3 --> 00:02.8] [SPEAKER_01]: Any pain?`.
"""

import re

from medsum.dialogue.line_starts import begins_with_time, start_of
from medsum.dialogue.tag_forms import bracket_tag, colon_tag

_NOUN = (
    r"(?:model|audio|transcri\w+|diari[sz]ation|alignment|language|vad|cuda|gpu|cpu|segments?|checkpoint|wav|ffmpeg"
    r"|pyannote)"
)
_LOG = re.compile(
    r"\[?(?:INFO|WARN(?:ING)?|DEBUG|ERROR|TRACE)\b[\]: |-].{0,200}$"
    r"|(?:.{0,40}[ /])?\w[\w.-]{0,80}\.py:\d+.{0,200}$"
    r"|.{0,80}\b(?:User|Future|Deprecation|Runtime)Warning\b.{0,200}$"
    r"|(?:Detect(?:ed|ing)|No) (?:the )?(?:spoken )?language\b.{0,100}$"
    rf"|(?:Load|Perform|Run|Transcrib|Align|Diari[sz]|Sav|Writ|Process|Finish|Complet|Download|Initiali[sz]|Us|Upgrad)"
    rf"(?:e?d|n?ing|ten)\b(?=[^?!]{{0,80}}\b{_NOUN}\b)[^?!]{{0,160}}$"
    rf"|(?:(?:Sav|Writ)(?:ed|ing|ten)|Wrote|Output|Done)\b[^?!]{{0,80}}\.(?:txt|json|srt|vtt|tsv|docx?|csv)\W*$"
    r"|\d{1,3} ?% ?\|.{0,120}$"
)
# Such a line may be speech. Therefore it belongs to the log only above the first segment.
_ABOVE = re.compile(
    r"[A-Z][a-z]+(?:ing|ed)\b[^?!]{0,60}\.\.\.$"
    r"|(?:Model|Device|Duration|Elapsed|Real-?time factor|RTF|Language) ?[:=] ?.{1,60}$"
)
_DONE = re.compile(r"(?:Done|Finished|Completed?)[.!]?$")  # this belongs to the log only if another line does
_CLOCK = r"(?:\d{1,2}:){0,2}\d{1,5}(?:[.,]\d{1,3})? ?s?"
_SEGMENT = re.compile(rf"[\[(]? ?{_CLOCK} ?-{{1,3}}> ?{_CLOCK} ?[\])]? ?\S")
_STAMP = "[00:00:00]"  # a line with only a time is no speech
_FEWEST = 2  # a transcript of a recogniser has at least this number of lines with a time


def log_lines(lines: list[str]) -> set[int]:
    """Return the indices of the lines of the log above the first and below the last line that begins with a time.

    At least half of the lines between them must begin with a time. Otherwise return no indices.
    """
    timed = [place for place, line in enumerate(lines) if begins_with_time(line)]
    if len(timed) < _FEWEST or len(timed) * 2 < sum(map(bool, lines[timed[0] : timed[-1]])):
        return set()
    above, below = range(timed[0]), range(timed[-1] + 1, len(lines))
    texts = {place: lines[place].lstrip("> ") for place in (*above, *below)}
    found = {place for place, text in texts.items() if _LOG.match(text)}
    found |= {place for place in above if _ABOVE.match(texts[place])}
    return found | {place for place in below if found and _DONE.match(texts[place])}


def joined_segments(lines: list[str]) -> list[str]:
    """Return the lines with the speech of consecutive segments of one speaker in one line."""
    kept = [[line] for line in lines]
    last, speaker = -1, ""
    for place, line in enumerate(lines):
        if not line:
            continue
        bare = start_of(line).bare if _SEGMENT.match(line) else ""
        found = bracket_tag(bare) or colon_tag(bare)
        if found and speaker == found.tag:
            kept[last].append(found.said.lstrip(": "))
            kept[place] = [_STAMP]
        else:
            last, speaker = place, found.tag if found else ""
    return [" ".join(parts) for parts in kept]
