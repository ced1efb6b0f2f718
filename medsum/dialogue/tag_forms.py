"""Find the text at the start of a line that may be a speaker's tag, in one of several forms.

A tag is the text at the start of a turn that names its speaker. Examples of the forms are `Doctor:`, `[Doctor]`,
`Doctor -` and a line with the tag alone.
"""

import re
from dataclasses import dataclass

from medsum.dialogue.line_starts import without_time_after
from medsum.dialogue.roles import ANONYMOUS, CLINICIAN, DOCTOR, FAMILY, LONGEST_TAG, OTHER, PATIENT, person, unbracketed

TAB = "\ue000"  # this character replaces a tab, because a tab may separate a tag from the speech
SURE = "\ue001"  # this character follows a tag that the format of a file marks, such as `<v Tobias>` in WebVTT
OPENERS, CLOSERS = "[({<", "])}>"
_ABBREVIATED = r"(?<!\b[A-Za-z]\.)(?<!\b[DMJSPdmjsp][rstRST]\.)(?<!\b[Mm][Rr][Ss]\.)(?<!\b[Pp][Rr][Oo][Ff]\.)"
_NOT_IN_TAG = re.compile(rf"[?!\"=@%;]|(?<![A-Za-z])\d{{3,}}|\.(?! ?$)(?!\w){_ABBREVIATED}")
_CHAT_NUMBER = re.compile(  # programs for chats on web pages name people so, as in `Visitor 48213377`
    r"(?:visitor|guest|user|customer|member|anonymous|agent|caller) ?#?\d{3,12}$", re.IGNORECASE
)
_DASHED = re.compile(
    rf"([^:{TAB}]{{1,{LONGEST_TAG}}}?)(?: ?{TAB}[ {TAB}]*| (?:--?|\||=|~|>+) | ?(?:>+|;|\|) "
    r"|(?<=[A-Za-z])-{1,2} (?=[A-Z]))(?=\S)"
)
BRACKETED = re.compile(rf"[\[({{<] ?([^\[\](){{}}<>]{{1,{LONGEST_TAG}}}?) ?[\])}}>] ?[:-]? ?")
_STAGE = re.compile(
    r"(?:laugh|pause|inaudible|unintelligible|crosstalk|cough|sigh|cry|noise|music|background|door|phone|typing|nod|shak"
    r"|point|chuckl|sniff|end|start|beep|unclear|overlap|whisper|foreign|speaks?\b|sound|clear|breath|examin|recording"
    r"|gestur|silence|redacted|applause|blank).*|(?:doctor |patient )?name|date|location|pii|phi|in spanish|hospital",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"((?:speaker|spk|doctor|patient)[ _]?\d{1,2}) (?=\w)", re.IGNORECASE)


@dataclass(frozen=True)
class Tagged:
    """A tag without brackets and times, the speech after it, and the form of the tag."""

    tag: str
    said: str
    form: str  # `sure`, `colon`, `bracket`, `dash`, `alone`, `alone timed` (alone with a time) or `space`


def colon_tag(line: str) -> Tagged | None:
    """Return the tag before the first colon, as in `Doctor (Lee): Any pain?`, or None. Ignore the colon of a time.

    If the format of the file marks the tag, return this tag.
    """
    if SURE in line:
        marked, _, said = line.partition(SURE)
        return Tagged(unbracketed(marked) or marked.strip(), said.strip(), "sure")
    place = line.find(":", 0, LONGEST_TAG + 24)
    while 0 < place < len(line) - 1 and line[place - 1].isdigit() and line[place + 1].isdigit():
        place = line.find(":", place + 1, LONGEST_TAG + 24)
    if place < 1:
        return None
    written = line[:place].replace(TAB, " ").strip()
    tag, timed = without_time_after(written)
    tag = unbracketed(tag)
    if timed and written[-1:].isdigit() and not person(tag).known:  # for example `Around 10:30: ...`
        return None
    said = line[place + 1 :].lstrip(" *_:" + TAB)
    return Tagged(tag, said.removeprefix("- "), "colon") if may_be_tag(tag) else None


def may_be_tag(tag: str) -> bool:
    """Return whether a text may be a tag. A tag has only a few words and no end of a sentence."""
    return (
        0 < len(tag) <= LONGEST_TAG
        and (tag[0].isalpha() or tag[0] == "_")
        and len(tag.split()) <= 5
        and ":" not in tag
        and (not _NOT_IN_TAG.search(tag) or _CHAT_NUMBER.match(tag) is not None)
        and sum(tag.count(mark) for mark in OPENERS) == sum(tag.count(mark) for mark in CLOSERS)
    )


def bracket_tag(line: str) -> Tagged | None:
    """Return the tag in brackets at the start of a line, as in `[Doctor] Any pain?`, or None."""
    found = BRACKETED.match(line)
    if not found or line[:1] not in OPENERS or _STAGE.fullmatch(found[1]):
        return None
    tag, _ = without_time_after(found[1])
    return Tagged(unbracketed(tag), line[found.end() :], "bracket") if may_be_tag(tag) else None


def dash_tag(line: str) -> Tagged | None:
    """Return the tag before a dash, a tab or a similar sign, as in `Doctor - Any pain?`, or None."""
    found = _DASHED.match(line)
    if not found:
        return None
    tag, _ = without_time_after(found[1].strip())
    return Tagged(unbracketed(tag), line[found.end() :], "dash") if may_be_tag(unbracketed(tag)) else None


def alone_tag(line: str) -> Tagged | None:
    """Return the tag of a line that has only a tag and perhaps a time, such as `Dr. Lee  0:03` or `### Patient`.

    Return None for any other line.
    """
    if len(line) > LONGEST_TAG + 30:
        return None
    tag, timed = without_time_after(line.replace(TAB, " "))
    tag = unbracketed(tag)
    if not may_be_tag(tag) or (line.rstrip().endswith((".", "?", "!", ",")) and not timed):
        return None
    return Tagged(tag, "", "alone timed" if timed else "alone")


def is_strong(tag: str) -> bool:
    """Return whether a tag before a colon is so clear that it names a speaker at any place in a text."""
    who = person(tag)
    if who.role in (DOCTOR, PATIENT, CLINICIAN):
        return True
    if who.role == ANONYMOUS:
        return bool(who.number)
    lower = tag.lower()
    if who.role == FAMILY:
        return lower.startswith(("guest", "gest"))
    return who.role == OTHER and lower.startswith(("nurse", "interpreter", "paramedic", "pharmacist", "medical "))


def spaced_tag(line: str) -> Tagged | None:
    """Return the tag of a line in which only a space follows the role, such as `doctor any pain`, or None."""
    line = line.replace(TAB, " ")
    numbered = _NUMBERED.match(line)
    tag, _, said = (numbered[1], " ", line[numbered.end() :]) if numbered else line.partition(" ")
    known = (numbered or (person(tag).role in (DOCTOR, PATIENT) and tag.isalpha())) and said[:1].isalnum()
    return Tagged(tag, said, "space") if known else None
