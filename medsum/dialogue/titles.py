"""Recognise titles of visits and lines about a visit: `Visit 2`, `Date: 5 March 2026`, `MRN: 4711`, `Mrs Low, 34`."""

import re

from medsum.dialogue import pages


def _any_of(words: str) -> str:
    """Return a pattern that matches any of the words. Commas separate the words. A word may be a pattern."""
    return f"(?:{'|'.join(word.strip() for word in words.split(','))})"


_PARTS = _any_of(
    """visit, encounter, case(?: study| report)?, consult(?:ation)?, appointment, transcript, dialogue, conversation,
    recording, interview, session, record, tape, scenario, vignette, example, sample, patient, pt, client, subject,
    participant, file, audio, track, clip, scene, role ?play, (?:osce )?station, simulation, dialog, chat"""
)
_COUNT = _any_of(r"#? ?\d[\w-]*, one, two, three, four, five, six, [ivx]+, [a-h]")
_ORDER = _any_of(r"first, second, third, fourth, fifth, \d+(?:st|nd|rd|th)")
_NEXT = "(?:next|another|new|other) (?:patient|client|case|subject|participant|interview|transcript|recording|record)"
_REST = r"(?: ?(?:of|/) ?\d+)?(?: ?(?:[-:|,(]+|\.(?= )) ?[^?!]{1,60})?[\W_]*$"  # for example ` - Mrs Joan Whitlock, 34`
_NUMBERED = rf"{_PARTS}(?: (?:no\.?|number|id|nr\.?))? ?[:#._-]? ?#?{_COUNT}{_REST}"
_ORDERED = rf"(?:{_ORDER} {_PARTS}|{_NEXT}){_REST}"
_ID = _any_of("id, no[.]?, nr[.]?, number, #, code, initials?")
_OF_PATIENT = _any_of(  # names of fields that identify the patient
    rf"""(?:patient|pt|client|subject|participant)(?:'s)? ?(?:name|id|code|initials?|dob|mrn|details|information),
    (?:full |last |first )?name, surname, mrn, m[.]r[.]n[.]?, dob, d[.]o[.]b[.]?, date of birth, birth ?date, born,
    csn, id,
    (?:dialogue|visit|encounter|patient|record|note|doc)_id,
    (?:medical |hospital |health |patient )?record ?{_ID}, uhid, ssn, chart, file ?name, source(?: file)?,
    (?:nhs|chi|hospital|chart|account|acct|unit|health card|insurance|member|policy|medicare|study|case|file) ?{_ID}"""
)
_OF_VISIT = _any_of(  # names of fields that identify the visit
    rf"""(?:visit|encounter|appointment|session|interview|consultation|recording|transcript) ?(?:{_ID}|date|started),
    date(?: ?/ ?time| and time)?, date of (?:the )?(?:{_PARTS}|service|exam(?:ination)?|admission), dos,
    (?:service|exam|admission|meeting) date, recorded(?: on| at)?"""
)
_LABELLED = rf"(?:{_OF_PATIENT}|{_OF_VISIT})[*_]*\s?(?:[:=#|\ue000]|\s?-\s|(?=\s?\d))[\W_]*\w.*"
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = (
    rf"(?:\d{{4}}[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.]\d{{2,4}}"
    rf"|\d\d?(?:st|nd|rd|th)? {_MONTH},? \d{{4}}|{_MONTH} \d\d?(?:st|nd|rd|th)?,? \d{{4}})"
)
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?"
_DATED = rf"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?{_DATE}(?:[ ,T-]+(?:at )?{_CLOCK})?[\W_]*$"
_MARKS = r"[\W_]*"
_DAY = rf"(?:{_DATE}|\d\d?(?:st|nd|rd|th)? (?:of )?{_MONTH}|{_MONTH} \d\d?(?:st|nd|rd|th)?)"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?"
_MEETING = "(?:visit|appointment|encounter|consult(?:ation)?|session|interview)"
_FORM = _any_of(  # words before `visit` that give the order or the place of the visit
    rf"""{_ORDER}, follow[- ]?up, initial, return, repeat, next, final, last, routine, annual, baseline, clinic,
    hospital, office, ward, outpatient, home, telephone, phone, video, virtual, online, remote, urgent,
    emergency, gp, therapy"""
)
_WHEN = rf"(?:of|on|from|dated|no\.?|number|at)? ?[-:,(#|]* ?{_WEEKDAY}(?:{_DAY}|{_COUNT})"
_PLACED = re.compile(  # for example `Follow-up visit, 24 January 2025` or `Visit of 3 May`, with a capital at the start
    rf"{_MARKS}(?-i:(?=[A-Z]))(?:(?:{_FORM} ){{0,2}}(?:{_MEETING})|(?:{_FORM} )?(?:follow[- ]?up|review)|{_FORM} call)"
    rf"[ :,(-]+{_WHEN}(?:(?: \d{{4}})?(?:,? (?:at )?{_CLOCK})?(?: ?[-:|,()@]+ ?[^?!.]{{1,60}})?)?[^\w.]*$",
    re.IGNORECASE,
)
_MARKED_VISIT = re.compile(  # a title after `##` or between signs such as `===` needs neither a number nor a date
    rf"(?:#{{1,6}} |[=*_-]{{2,}} ?)[*_]*(?:(?:(?!(?:for|of|to|before|after|during|about|this|the)\b)[\w'-]+ ){{1,2}}"
    rf"{_MEETING}{_REST}|{_WEEKDAY}{_DAY}{_REST}|(?:day|week|month) {_COUNT}{_REST}|(?:[\w-]+ ){{1,4}}later[\W_]*$)",
    re.IGNORECASE,
)
_LINE = re.compile(rf"{_MARKS}(?:{_NUMBERED}|{_ORDERED}|{_LABELLED}$|{_DATED})", re.IGNORECASE)
_LABEL = re.compile(rf"{_MARKS}{_LABELLED}$", re.IGNORECASE)
_RULED = re.compile(rf"[=#*_-]{{2,}} ?(?:{_PARTS})\b[^?!]{{0,60}} ?[=#*_-]{{2,}}$", re.IGNORECASE)
_HONORIFIC = r"(?:Mr|Mrs|Ms|Miss|Mx|Master)\b\.? [A-Z][\w'-]+(?: [A-Z][\w'-]+){0,2}"
_AGE = r"(?:,? \(?(?:aged? )?\d{1,3}(?: ?(?:y/?o|yrs?|years?(?: old)?|[MFmf]))?\)?)?"
_PERSON = re.compile(
    rf"{_MARKS}(?:(?:R[Ee]|REGARDING|Regarding|Subject|SUBJECT)\s*:\s*)?{_HONORIFIC}{_AGE}[\W_]*$"
    rf"|{_MARKS}(?:R[Ee]|REGARDING|Regarding)\s*:\s*(?:[Pp]atient |[Pp]t )?[A-Z][\w'-]+,? [A-Z][\w'-]+.{{0,60}}$"
)
_FILE = re.compile(
    rf"{_MARKS}(?:(?:file|source|recording|audio|transcript)\s*[:=]\s*)?(?:[\w-]+[/\\])*[\w-]+"
    r"\.(?:txt|vtt|srt|docx?|json|wav|mp3|m4a|mp4)[\W_]*$|==> .+ <==$|WEBVTT\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\W*(?:patient|pt|client|name)\b[\w ]{0,6}[:*]+ \W*(?-i:[A-Z])[\w'-]+,? (?!MRN|DOB|NHS)(?-i:[A-Z])"
    r"(?:[^.?!]|(?<=\b[A-Za-z])\.){0,60}\b(?:MRN|DOB|D\.O\.B\.?|NHS(?: no| number)?|date of birth|page)[:#. ]*\d",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"(?:hello|hi|hey|bye|goodbye|yes|yeah|yep|no|nope|ok|okay|thanks?|good|great|sure|right|oh|uh|um|well|i|not|so|and|but"
    r"|please|sorry|maybe|just|only|every|all|the|a|an|it|in|on|at|my|very|really|dear|dr|doctor|nurse|doc)\b"
    r"|.*\b(?:doctor|dr|nurse|doc|you|please|sir|ma'am)\b",
    re.IGNORECASE,
)
_NAME_ALONE = re.compile(rf"(?:{_HONORIFIC}|[A-Z][\w'-]+,? [A-Z][\w'.-]*(?: [A-Z][\w'-]+)?){_AGE}[ ,)*_=-]*$")
_MARKED = re.compile(r"(#{1,6}) +(.+)")
_PAGE_NUMBER = re.compile(rf"\W{{0,6}}\b{pages.NUMBER}\W{{0,6}}", re.IGNORECASE)
_ENDING = rf"(?:(?:video|phone|telephone|zoom|teams) )?(?:{_PARTS}|call|meeting|dictation|document|transcription)"
_AFTER_END = (
    rf"(?: by (?-i:[A-Z])[\w.' -]{{1,30}}|,? ?(?:at|on|after|[-:(@|]) ?(?=[^?!]{{0,20}}\d)[^?!]{{1,60}}|,? {_CLOCK})?"
)
_END = re.compile(
    rf"{_MARKS}(?:end(?:ed|s)?|stop|close) (?:of )?(?:the )?{_ENDING}\b[^?!]{{0,20}}$"
    rf"|[-=*_#\[(]{{1,10}} ?end of (?:the )?{_ENDING}\b[^?!]{{0,80}}[-=*_#\])]$"
    rf"|{_MARKS}{_ENDING} (?:(?:has |was )|\w{{1,3}} )?(?:ended|ends|concluded|completed?|closed){_AFTER_END}{_MARKS}$",
    re.IGNORECASE,
)
_MAY_BE_SPOKEN = re.compile(r"[a-z]|.*\w\.$")
_AT_END = re.compile(
    rf"(?<=[.?!\"')|/>-] )(?:{_PARTS}) ?(?:no\.? ?|number |id )?#? ?\d[\w-]{{0,11}}[\W_]*$"
    rf"|(?<=[.?!\"')|/>-] )(?:{_OF_PATIENT}|{_OF_VISIT})\s?[:=#] ?[^.?!]{{1,60}}(?<![.?!])$",
    re.IGNORECASE,
)
_SCENE = re.compile(r"(?:INT|EXT|INT\.?/EXT|I/E)\. ?[A-Z0-9][A-Z0-9 .,'/&()-]{1,80}$")  # a scene of a screenplay
_LONGEST_TITLE = 120  # the largest number of characters in a title


def is_about_visit(line: str) -> bool:
    """Return whether a whole line names a visit, or the date, the file or the patient of a visit."""
    if len(line) > _LONGEST_TITLE:
        return False
    patterns = (_LINE, _PLACED, _MARKED_VISIT, _RULED, _PERSON, _FILE, _NAMED, _SCENE)
    return any(pattern.match(line) for pattern in patterns)


def is_scene(line: str) -> bool:
    """Return whether a line names the place of a scene, as screenplays do: `INT. CONSULTING ROOM - DAY`."""
    return _SCENE.match(line[: _LONGEST_TITLE + 1]) is not None


def begins_like_turn(line: str) -> bool:
    """Return whether a line is about the visit but may look like a turn, as in `=== Patient: Joan Low ===`."""
    return any(pattern.match(line[:_LONGEST_TITLE]) for pattern in (_RULED, _NAMED, _LABEL))


def is_end_of_visit(line: str) -> bool:
    """Return whether a line says that the visit ends, as in `--- End of transcript ---`."""
    return _END.match(line) is not None


def is_message_of_end(line: str) -> bool:
    """Return whether a line is a message about the end of the visit, such as `Call ended 09:06`, and not a sentence."""
    return is_end_of_visit(line) and not _MAY_BE_SPOKEN.match(line)


def is_name_alone(text: str) -> bool:
    """Return whether a text is only a name, such as `Tom Bellamy, 34`.

    The name has two words, or a title such as Mrs. An age may follow the name.
    """
    return _NAME_ALONE.match(text) is not None and not _SPOKEN.match(text)


def marked_title(line: str) -> re.Match[str] | None:
    """Return the match of a Markdown title such as `## Examination`: group 1 has the marks, group 2 has the words."""
    return _MARKED.fullmatch(line)


def same_title(line: str) -> str:
    """Return a line without its page number and marks, so that page headers can be compared."""
    return _PAGE_NUMBER.sub("", line).strip(" -=_*#|").casefold()


def visit_at_end(said: str) -> bool:
    """Return whether a turn ends with a line about another visit, as in `Thank you. Patient name: Joan Low`."""
    return _AT_END.search(said[-_LONGEST_TITLE:]) is not None
