"""Recognise lines of a transcription service that nobody says: its opening, its closing and the events of a call.

An example is `This editable transcript was computer generated and might contain errors.`.
"""

import re

_DONE = (
    r"(?:reviewed|checked|verified|approved|proofread|signed(?: off)?|dictated|typed|transcribed|edited|filed|printed"
    r"|exported|generated|downloaded|corrected|anonymi[sz]ed|archived|captioned|recorded)"
)
_WHO = r"(?-i:[A-Z0-9])(?!.*\b(?:was|were|is|are|it|he|she|has|had|I|you)\b)[^?!]{0,70}"
_MACHINE = r"(?:auto\w*|computer|machine|AI|software|electronically|digitally)"
_BOILERPLATE = re.compile(
    rf"(?:this|the) (?:\w+ )?(?:transcript(?:ion)?|document|file|captions?|subtitles?|recording|report|note) "
    rf"(?:was|is|has been|were) {_MACHINE}[- ]?(?:{_MACHINE}[- ]?)?"
    r"(?:generated|created|produced|transcribed|prepared|made)\b[^?!]{0,160}"
    r"|(?:this|the) (?:\w+ )?(?:transcript(?:ion)?|captions?|subtitles?) (?:was|is|has been|were)"
    rf" (?:generated|created|produced|transcribed|made) (?:by|with|using|on) {_WHO}"
    r"|people can also change the text\b[^?!]{0,60}"
    rf"|(?-i:(?=[A-Z])){_DONE}(?:,? (?:and )?{_DONE}){{1,2}}\b"
    rf"(?:(?: and \w+)? (?:by|on|at|with|from|using) {_WHO})?[.]?"
    rf"|(?-i:(?=[A-Z])){_DONE}(?: electronically)?"
    rf" (?:(?:by|with|from|using)(?: \w+)?:? {_WHO}|(?:on |at )?\d\d?[/.:-]\d[^?!]{{1,70}})"
    rf"|(?-i:(?=[A-Z])){_DONE}(?: by| on)? ?: {_WHO}"
    r"|(?:(?:\w+ )?(?:transcription|transcript|captions?|captioning|subtitles)|powered)(?: services?)?"
    rf"(?: provided)? by {_WHO}"
    r"|(?:\u00a9|\(c\) ?(?=(?:19|20)\d\d|copyright)|copyright\b(?=.{0,60}(?:\b(?:19|20)\d\d|reserved)))[^?!]{0,100}"
    r"|all rights reserved[^?!]{0,60}"
    r"|(?:audio quality|transcriber(?: id)?|typist|job (?:no\.?|number|id)|turnaround(?: time)?|file ?name"
    r"|recording length|(?:(?:total )?words?|word count|(?:mean |average |overall )?(?:accuracy|confidence)(?: score)?)"
    r"(?= ?[:=] ?\d)) ?[:=] ?[^?!]{1,60}",
    re.IGNORECASE,
)
_EVENT_TAG = r"(?:system|sys|event|log|ivr|pbx|status|switchboard|auto[- ]?attendant)"
_EVENT = re.compile(
    r"\b(?:hold|transfer(?:red|ring)?|(?:un)?muted?|dtmf|queued?|recording|(?:dis|re)?connect(?:ed|ing)?|joined|left"
    r"|ringing|answered|ended|started|conference|parked|resumed?|paused?|dial(?:led|ed|ling)?|hung up|hang ?up"
    r"|wrap[- ]?up|start|end|keypad|dropped|network|consent|session)\b",
    re.IGNORECASE,
)
_OF_SYSTEM = re.compile(rf"[\[(<*]*{_EVENT_TAG}[\])>*]*(?: ?[:|>\ue000]| -)[ \ue000]*(.{{1,80}})", re.IGNORECASE)
_SPOKEN = re.compile(r"[?!]|\.$|\b(?:I|I'm|me|my|we|our|you|your|please|thanks?|sorry)\b", re.IGNORECASE)
_OF_CALL = re.compile(
    r"\W*(?:CALL|SESSION|RECORDING|LINE|MUSIC ON)[ _-](?:START|END|HOLD|TRANSFER|RESUME|PAUSE|CONNECT|DISCONNECT)"
    r"(?:S|ED|RED)?:?(?: (?:AT|TO|BY) [^a-z=]{1,40})?"
    r"(?:[ ,|;@]+(?:[\w.-]{1,30}=[^\s,|;@]{1,40}|\d[\dTZ:.+/-]{3,40}))*\W*$"
    r"|\W*(?:(?:ON|OFF) HOLD|HOLD (?:OFF|START|END))[^\w.?!]*$|[*\[(<=-]+ ?HOLD(?: ON)? ?[*\])>=-]+$"
    r"|\W*(?:(?:Call|Line|Session|Caller|Agent|Operator|Participant) (?:(?:was|is|has been) )?"
    r"(?:transferred|disconnected|(?:re)?connected|dropped|queued|parked)"
    r"|(?:Call|Line|Caller|Agent|Operator|Participant|Patient|Nurse|Doctor|Clinician)"
    r" (?:(?:was|is|has been) )?(?:placed |put |taken )?(?:on hold|off hold|muted|unmuted|hung up))"
    r"(?: (?:to|by|from|at|for) [^.?!]{1,40})?[^\w.?!]*$"
    r"|(?:WARN(?:ING)?|ERROR|DEBUG|TRACE|FATAL)[\]:| -]+(?=[^a-z]{0,60}[a-z])[^?!]{1,200}$"
    r"|(?:(?:queue|ani|dnis|disposition|duration|agent|channel|wait|hold|codec|direction)=[^\s,;|=]{1,60}[ ,;|]*){1,8}$"
)
_LONGEST = 300  # the largest number of characters in a line of a service
_END_OF_CALL = re.compile(r"\W*(?:CALL|SESSION|RECORDING)[ _-](?:END|DISCONNECT)(?:S|ED)?\b")


def is_service_text(line: str) -> bool:
    """Return whether a transcription service or the system of a call wrote the whole line."""
    if len(line) > _LONGEST:
        return False
    text = line.strip(" _*#~=-")
    return _BOILERPLATE.fullmatch(text) is not None or _OF_CALL.match(line) is not None or _is_event(text)


def ends_call(line: str) -> bool:
    """Return whether the system of a call wrote that the call ends, as in `CALL END 21:17:02  duration=175s`."""
    return len(line) <= _LONGEST and _OF_CALL.match(line) is not None and _END_OF_CALL.match(line) is not None


def _is_event(text: str) -> bool:
    """Return whether a line with the tag of a system has an event, as in `SYSTEM | HOLD ON`, and not a sentence."""
    found = _OF_SYSTEM.fullmatch(text)
    return found is not None and _EVENT.search(found[1]) is not None and not _SPOKEN.search(found[1])
