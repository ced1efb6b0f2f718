"""Find text of a transcript that is not a turn, such as titles, notes, signatures and messages of programs.

A tag is the text at the start of a turn that names its speaker, such as `Doctor` in `Doctor: Any pain?`.
"""

import re

from medsum.core.errors import UserError
from medsum.dialogue.inner_tags import inner_tags
from medsum.dialogue.learnt_tags import Learnt
from medsum.dialogue.line_starts import Line
from medsum.dialogue.mail import introduces_mail, is_letter
from medsum.dialogue.not_speakers import is_heading
from medsum.dialogue.signed_note import begin_of_note, is_signature
from medsum.dialogue.tag_forms import Tagged
from medsum.dialogue.titles import is_scene
from medsum.dialogue.unspoken import is_unspoken

_HEADING_OF_DIALOGUE = re.compile(
    r"\W*(?:(?:ambient|visit|full|raw|verbatim) )?(?:dialogue|dialog|transcript(?:ion)?|conversation)\W*$",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"([\"'])(.+)\1,?")
_SYSTEM_LINE = re.compile(  # programs for meetings and chats write such lines between the turns
    r"(?!(?:I|We|You|He|She|They) )(?:[A-Z][\w.'-]*,? ){1,4}(?:\([^()]{1,30}\) )?(?:started|stopped) "
    r"(?:transcription|recording)\.?$"
    r"|Messages and calls are end-to-end encrypted\b|(?:Transcribed|Transcript provided) by \S+$"
    r"|[Ww]ord count: ?\d+$"
    r"|[*_(\[]{1,3}(?i:(?:this )?(?:page |document )?(?:was )?last) (?:edited|updated|modified|changed|saved)\b"
    r"[^?!*]{0,80}[*_)\]]{1,3}$"
    r"|(?!(?:I|We|You|He|She|They) )(?:[A-Z][\w.'-]*|<@\w{1,20}>),? (?:[A-Z\d][\w.'-]*,? ){0,3}"
    r"(?:\([^()]{1,30}\) )?(?:has )?"
    r"(?:(?:joined|left) the (?:chat|meeting|call|room|conversation|session|channel)"
    r"|rated the (?:chat|conversation|session|call) \w{1,12})\.?$"
    r"|\W*(?:\d{1,2}:\d{2}(?::\d{2})?(?: ?[AaPp][Mm])?\W+)?(?:(?:\*{3}|-!-|-->?|<--?) .{1,40}"
    r"\b(?:joined|quit|left|now known as)\b.{0,40}|\*{3} .{1,40} (?:has|have|was) (?:been )?"
    r"(?:rated|transferred|assigned|disconnected|added)\b[^*]{0,40} \*{3})$"
)
_LIST_OF_PEOPLE = re.compile(
    r"\W*(?:attendees|participants|invitees|(?:people )?(?:in attendance|present)|speakers)\W*$", re.IGNORECASE
)
_MOST_LINES_ABOVE = 15  # a list of people begins within this number of lines
_MARKED_TITLE = re.compile(r"#{1,6} .+|\*\*[^*.?!]{1,60}\*\*")
_SIGN_OFF = re.compile(
    r"(?:(?:best|kind|warm) (?:regards|wishes)|regards|(?:yours )?(?:sincerely|truly|faithfully)|respectfully)[,.]?$"
    r"|(?:confidentiality notice|disclaimer)\b|this (?:e-?mail|message) .{0,60}confidential|sent from my \w+"
    r"|this (?:transcript|document) (?:was|is|has been) (?:auto\w*[- ]?)?generated"
    r"|(?:(?:AI|auto)[\w-]* ?(?:generated )?)?(?:(?:visit|clinical|after[- ]visit) )?(?:summary|notes?|actions?):?$",
    re.IGNORECASE,
)
_NOTE_HEADING = re.compile(
    r"(subjective|objective|assessment|plan|hpi|history of present illness|chief complaint|review of systems"
    r"|physical exam(?:ination)?|impression|diagnos[ie]s)\b[ /&\w]{0,20}(?::|$)",
    re.IGNORECASE,
)
_OF_VISIT = re.compile(
    r"#|(?:date|language|interpreter|ward|queue|time|dob|mrn|age|sex|gender|id|duration|location|department|clinic"
    r"|hospital|facility|specialty|reason"
    r"|visit|encounter|appointment|chief complaint|patient (?:id|name|dob)|medical record|job|audio"
    r"|transcri(?:ber|ption)|typist|dictat(?:or|ion|ed)|turnaround|account|project)\b[\w /#.-]{0,24}[:*_]+",
    re.IGNORECASE,
)
_NAME = re.compile(  # a name, and perhaps other fields on the same line, as in `H. Low, MD  Visit type: OFFICE VISIT`
    r"(?:(?:[A-Z][\w.'-]*|\d{1,3}),? ?){1,6}(?: ?(?:[a-z]+ )?[A-Za-z]{2,12}: ?[^.?!:]{1,40}){0,3}$"
)
_ORGANISATION = re.compile(  # an organisation does not speak, so `Client: Westmoor Hospital` is not a turn
    r"\b(?:hospitals?|clinics?|trust|nhs|practice|surgery|centre|center|university|school|institute|ltd|inc|llc|health"
    r"|medical|medicine|group|department|foundation|associates|partners|county|council|hospice|infirmary)\b",
    re.IGNORECASE,
)
# A full stop in `H. Lee`, `v3.2`, `Dr. Low` or `Candidate no. 7` does not end a sentence.
_ABBREVIATED = re.compile(
    r"\b(?:[A-Z]|Dr|Mr|Ms|Mrs|Prof|No|Nr|St|Rd|Ave|Tel|Ext|Ref|Dept|Rev|Min|Max|Approx|Vol|Pp|Hosp|Jan|Feb|Mar|Apr"
    r"|Jun|Jul"
    r"|Aug|Sept?|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun|Incl|Est|Fig|Vs|Ca|Jr|Sr|Inc|Ltd|Co)\.",
    re.IGNORECASE,
)
_META = re.compile(r"(?:\[.*\]|\(.*\)|(?:[^.?!]|\.(?=\w)| \.$){1,120})$")
_ABOUT_TEXT = re.compile(
    r"\b(?:transcri\w+|verbatim|anonymi[sz]\w+|pseudonym\w*|de-?identified|"
    r"(?:conversation|dialogue|visit|interview|consultation|encounter|call) (?:between|with|took|was|is|follows))\b"
    r"|\b(?:rough draft|real-?time translation|(?:real-?time|live|open|closed) caption(?:s|ing)?)\b"
    r"|\b(?:present|in attendance) ?: | ?= ?\S",  # `Present: doctor, mother`, or a legend such as `(.) = short pause`
    re.IGNORECASE,
)


def is_system_line(line: str) -> bool:
    """Return whether a program for meetings or chats wrote the line, as in `Ann Lee started transcription`."""
    return _SYSTEM_LINE.match(line) is not None


def ends_recording(line: str) -> bool:
    """Return whether a program wrote that the recording of a meeting ends, as in `Ann Lee stopped transcription`."""
    return is_system_line(line) and re.search(r" stopped (?:transcription|recording)\.?$", line[-30:]) is not None


def people_listed(lines: list[str]) -> set[int]:
    """Return the indices of the lines that list the people above the dialogue, such as `Attendees` and names below it.

    The list ends at the first empty line. If none of the next eight lines is empty, these lines may be the dialogue.
    In this case, return no indices.
    """
    for start, line in enumerate(lines[:_MOST_LINES_ABOVE]):
        if _LIST_OF_PEOPLE.match(line):
            end = next((at for at in range(start + 1, min(start + 9, len(lines))) if not lines[at]), start)
            return set(range(start, end))
    return set()


def is_title(line: str) -> bool:
    """Return whether a line without a tag is a title in Markdown: `## Examination` or `**Examination**`."""
    return _MARKED_TITLE.fullmatch(line) is not None


def is_of_head(line: str) -> bool:
    """Return whether a line has information about the visit or the patient, such as `Location: Ward 3`."""
    return _OF_VISIT.match(line) is not None


def unquoted(lines: list[str]) -> list[str]:
    """Remove quotation marks around the lines if each line has them. Otherwise return the lines unchanged."""
    found = [_QUOTED.fullmatch(line) for line in lines if line]
    if len(found) < 2 or not all(found):
        return lines
    return [_QUOTED.sub(r"\2", line) for line in lines]


def lines_of_head(lines: list[Line], tagged: list[Tagged | None]) -> int:
    """Return the number of lines in the head of a dialogue, or 0 if there is no head.

    The head is above the first turn. It has lines about the visit, such as `Date: ...`. It also has lines in the form
    of turns that only name a person, such as `Provider: Dr. Lee`.
    """
    last = heading = 0
    for index, (line, found) in enumerate(zip(lines[:12], tagged, strict=False), start=1):
        if found is None and _OF_VISIT.match(line.start.bare):
            heading = index
        elif found and found.form == "colon" and _NAME.match(found.said):
            last = index
            if _ORGANISATION.search(found.said):
                heading = index
        elif found or last or heading:
            break
    return max(last, heading) if last and heading else 0


def check_end(lines: list[Line], tagged: list[Tagged | None], learnt: Learnt) -> None:
    """Raise UserError if a note or a signature follows the last turn.

    Without this check, the note or the signature would become a part of the last turn. A line below a horizontal rule,
    or below the end of the visit, does not continue the last turn either.
    """
    last = max((index for index, found in enumerate(tagged) if found), default=len(lines))
    headings: dict[str, int] = {}
    note = begin_of_note(lines, tagged)
    for index, line in enumerate(lines[last + 1 :], start=last + 1):
        text = line.start.bare.strip(" *_#")
        found = _NOTE_HEADING.match(text)
        if found and not inner_tags(text, learnt):
            headings.setdefault(found[1].lower(), line.number)
        before = tagged[index - 1]
        begins_speech = before is not None and not before.said
        is_apart = line.below == "end" or (line.below == "rule" and not begins_speech)
        is_note = index == note or _SIGN_OFF.match(text) or is_signature(text)
        if is_note or len(headings) > 2 or is_apart:
            number = min([*headings.values(), line.number])
            raise UserError(
                f"line {number} seems to begin a note or a signature after the last turn; remove it, or begin the line"
                " with its speaker"
            )


def check_preamble(preamble: list[Line]) -> None:
    """Raise UserError if there is speech before the first tag.

    Text above a line such as `Dialogue`, directly above the first tag, is certainly not a part of the dialogue.
    """
    if preamble and _HEADING_OF_DIALOGUE.match(preamble[-1].start.text):
        return
    letter = is_letter([line.start.text for line in preamble])
    mails = [place for place, line in enumerate(preamble) if introduces_mail(line.start.text)]
    for line in preamble[max(mails, default=0) :]:  # above a forwarded mail, its sender writes
        text = line.start.text
        heading, _, _ = text.partition(":")
        about = (letter or introduces_mail(text) or _ABOUT_TEXT.search(text)) and "?" not in text
        if not (
            about
            or is_scene(text)
            or _META.match(_ABBREVIATED.sub(" ", text))
            or is_unspoken(text)
            or is_heading(heading)
        ):
            raise UserError(
                f"line {line.number}: no speaker is named before the first turn; begin this line with its speaker"
            )
