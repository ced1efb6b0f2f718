"""Remove what the program of a chat wrote into its export: notices, marks of edited messages, names of pictures.

WhatsApp and similar programs write each message as `[12/03/2024, 18:04:31] Name: words`, or with `-` after the time.
"""

import re

from medsum.core.errors import UserError
from medsum.dialogue.tag_forms import colon_tag

_MARKS = "\u200e\u200f\u202a\u202c\ufeff"  # WhatsApp writes such invisible marks before its own words
_STAMP = (
    r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?[ \u00a0]\d{1,2}[:.]\d{2}(?:[:.]\d{2})?"
    r"(?:[ \u00a0\u202f]?[AaPp]\.?[ \u00a0]?[Mm]\.?)?"
)
_STAMPED = re.compile(rf"[{_MARKS} ]{{0,4}}(?:\[{_STAMP}\]|{_STAMP} -) ")
_SENDER = re.compile(rf"[{_MARKS}~ \u00a0\u202f]{{0,4}}[^:\n\"\u201c]{{1,60}}:(?: |$)")
_NO_TAG = str.maketrans("<>", "  ")  # the senders are written as voice tags of WebVTT: `<v Name>`
_EDITED = re.compile(rf"[{_MARKS} ]{{0,4}}<This message was edited>[{_MARKS} ]{{0,4}}$")
_NOTICE = re.compile(
    r"<(?:attached: [^<>]{1,120}|[^<>:]{1,30} omitted)>$"
    r"|(?:image|video|audio|voice message|sticker|gif|document|contact card|media|video note)"
    r" (?:omitted|not included)$|[^?!]{1,120} (?:document|image|video|audio|sticker) omitted$"
    r"|[^\s?!]{1,120}\.\w{2,5} \(file attached\)$|this message was deleted\.?$|you deleted this message\.?$"
    r"|(?:missed|silenced) (?:(?:group|voice|video) ){1,2}call\b.{0,60}$|(?:voice|video) call[.,].{0,40}$"
    r"|messages and calls are end-to-end encrypted\b.{0,160}$|waiting for this message\b.{0,60}$"
    r"|messages to this (?:chat|group) and calls are now secured\b.{0,160}$"
    r"|(?:your )?security code (?:with .{1,60} )?(?:has )?changed\b.{0,80}$"
    r"|this (?:chat is with|business|chat uses)\b.{0,200}$|disappearing messages (?:were|have been)\b.{0,160}$",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"[^.?!]{1,80}\b(?:created (?:this |the )?group|added|left|joined|removed|changed|pinned a message|turned on"
    r"|turned off|updated the|set the|is now an admin"
    r"|are now an admin|are no longer|is a contact|blocked|unblocked)\b.{0,160}$",
    re.IGNORECASE,
)


def without_notices(text: str) -> str:
    """Return the export of a chat without the words of the program. Return any other text unchanged.

    The sender of a notice stays, because the next lines may belong to the same message. Raise UserError for a line of
    the program that is not known, and for a line with a time but without a sender.
    """
    if not any(mark in text for mark in ("] ", " - ")):
        return text
    lines = text.split("\n")
    starts = [_STAMPED.match(line) for line in lines]
    sent = [_SENDER.match(line, start.end()) if start else None for line, start in zip(lines, starts, strict=True)]
    if sum(map(bool, sent)) < 2 or sum(map(bool, sent)) * 2 < sum(map(bool, starts)):
        return text
    names = [_name(found[0]) for found in sent if found]
    unusual = all(names) and any(map(_is_unusual, names))
    for place, (line, start, sender) in enumerate(zip(lines, starts, sent, strict=True)):
        line = _EDITED.sub("", line)
        if start:
            line = _of_message(line, start.end(), sender.end() if sender else None, place + 1)
        if unusual and start and sender:
            line = f"<v {_name(sender[0])}>{line[sender.end() :]}"
        lines[place] = line
    return "\n".join(lines)


def _is_unusual(name: str) -> bool:
    """Return whether the reader does not take a sender for a speaker, such as a telephone number."""
    tag = colon_tag(f"{name}: -")
    return tag is None or tag.tag != name


def _name(sender: str) -> str:
    """Return the name of a sender without marks and without the colon."""
    return " ".join(sender.strip(_MARKS + "~ \u00a0\u202f").rstrip(": ").translate(_NO_TAG).split())


def _of_message(line: str, begin: int, said: int | None, number: int) -> str:
    """Return the first line of a message without a notice. `said` is the place of its words, if it has a sender."""
    words = line[begin if said is None else said :].strip()
    plain = words.strip(_MARKS + " ")
    if _NOTICE.match(plain):
        return "" if said is None else line[:said]
    if said is None and _EVENT.match(plain):
        return ""
    if plain and (said is None or words[:1] == "\u200e"):
        raise UserError(
            f"line {number} seems to be a notice of the chat program; remove it, or begin its words with the sender and"
            " a colon, without invisible marks"
        )
    return line
