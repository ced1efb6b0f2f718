"""Find names in letters and forms: under `Yours sincerely`, after roles such as `Scrub nurse:`, and initials."""

import re
from collections.abc import Iterator

from medsum.privacy.clerical_names import EXAMINED
from medsum.privacy.lexicon import eponyms, given_names, places, surnames, word_names
from medsum.privacy.name_patterns import CONTRACTED, PARTICLES
from medsum.privacy.roles import ROLE
from medsum.privacy.span import Span
from medsum.privacy.word_endings import is_ordinary

_CAP = r"[A-ZÀ-Þ][^\W\d_]{0,30}(?:['’-][^\W\d_]{1,30}){0,3}"
_PARTICLE = rf"(?:{'|'.join(sorted(PARTICLES, key=len, reverse=True))}|al-|el-|d['’]|o['’])"
_NAME = rf"(?:{_PARTICLE}[ -]?){{0,2}}{_CAP}(?:(?:(?<=\b[A-ZÀ-Þ])\. ?|[ -])(?:{_PARTICLE}[ -]?){{0,2}}{_CAP}){{0,4}}"
_TITLE = r"(?:(?:Dr|Mr|Mrs|Ms|Miss|Mx|Prof|Professor|Doctor|Nurse|Sister|Sir|Dame|Rev|Fr)\.? ){0,2}"
_CLOSED = re.compile(
    r"(?:^|\n|[.!?] )[ \t]{0,3}(?i:(?:yours|with|very|most|warm|kind|best|many|all|please|electronically|digitally"
    r"|e-?|letter"
    r"|note|report|best and warm)?[ -]?"
    r"(?:sincerely|faithfully|truly|respectfully|cordially|regards|wishes|thanks|thank you|the best|best|yours"
    r"|cheers|love"
    r"|signed|sign-off|signature|kindly|sincerely yours|respectfully yours|respectfully submitted"
    r"|dictated|transcribed|typed|prepared|authored|authenticated|verified|reviewed|approved)"
    r"(?: (?:but not read|on behalf of|and signed|and read|as ever|in advance|for your help|again|electronically|by"
    rf"|from|pp|p\.p\.)){{0,3}})[,.:!-]{{0,2}}\s{{0,2}}\n{{1,3}}[ \t]{{0,4}}{_TITLE}({_NAME})(?=[ \t]{{0,3}}(?:\n|$"
    rf"|,|\(|[-–|/] ?))"
)
_SIGNER = (
    r"(?i:dictated|transcribed|typed|signed|countersigned|witnessed|authenticated|verified|checked|consented|scribed)"
)
_BY = re.compile(
    rf"\b{_SIGNER}(?i: electronically| digitally)?(?i: by| for| on behalf of|:| p\.?p\.?"
    rf"| but not read by){{1,2}}:? {_TITLE}({_NAME})"
)
_IN_A_FIELD = re.compile(
    rf"(?<![\w-])(?i:{ROLE})(?i: name)?s? ?[:=] ?{_TITLE}({_NAME}(?:(?:, | and | & |/| / ){_TITLE}{_NAME}){{0,3}})"
    r"(?=[ \t]{0,3}(?:[.,;()\[\]|/\n•–-]|$|\d|and\b|with\b|[A-Z]\w{0,15}:))"
)
_SPEAKER = re.compile(r"(?:^|\n)[\w ]{1,30}: ?$")
_AFTER_A_ROLE = re.compile(
    rf"(?<![\w-])(?i:{ROLE}),? (?i:is |was |today |on call |on duty )?{_TITLE}((?:{_PARTICLE}[ -]?){{1,2}}{_CAP})"
)
_COPIED = re.compile(
    rf"(?:^|\n)[ \t]{{0,3}}(?i:cc|c\.c\.|bcc|attn|attention|fao|for the attention of|copies? to|dear|from|to|re"
    rf"|pp)[:.]? {_TITLE}({_NAME}(?:(?:, | and | & ){_TITLE}{_NAME}){{0,3}})"
)
_DOTTED = re.compile(
    r"(?:^|(?<=[.!?:] )|(?<=\n)|(?<=[Pp]atient )|(?<=[Cc]lient )|(?<=[Pp]t )|(?<=\b[Bb]aby )|(?<=\b(?:for|and|saw"
    r"|met) )|(?<=\b(?:with|told|that) ))"
    r"((?:[A-Z]\. ?){1,3}[A-Z]\.?)(?=, (?:an? |the |who |age|now |\d|\(?[MF]\b)| \(|,? \d{1,3}\b|(?:'s|’s)? (?:is"
    r"|was|has|had|presents"
    r"|presented|reports|reported|attended|attends|declined|denies|denied|states|stated|says|said|feels|felt"
    r"|complains|lives|came"
    r"|comes|seen|reviewed|wants|does|did|will|would|returns|returned|continues|remains|appears|agreed|mother|father|mum|mom|wife"
    r"|husband)\b)"
)
_UNDOTTED = re.compile(
    r"(?:^|(?<=[.!?] )|(?<=\n)|(?<=[Pp]atient )|(?<=[Cc]lient )|(?<=[Pp]t ))([A-Z]{2,3})"
    r"(?=, (?:an? |the )?\d{1,3}[- ]?(?:y|m|w)|(?:, an?| is an?) (?:\w{3,12} ){0,2}(?:man|woman|boy|girl|baby|child"
    r"|lady|gentleman|infant"
    r"|toddler|teenager|\d{1,3}[- ]year)\b)"
)
_NO_PATIENT = frozenset(
    ("is", "it", "he", "she", "the", "ct", "mri", "ecg", "gp", "us", "ed", "er", "icu", "ivf", "mdt", "bp", "who")
)


def letter_names(text: str) -> Iterator[Span]:
    """Yield names that stand where letters and forms have names."""
    for pattern in (_CLOSED, _BY, _IN_A_FIELD, _AFTER_A_ROLE, _COPIED):
        for found in pattern.finditer(text):
            for name in re.finditer(_NAME, found[1]):
                yield from _without_titles(text, found.start(1) + name.start(), found.start(1) + name.end())
    for pattern in (_DOTTED, _UNDOTTED):
        for found in pattern.finditer(text):
            if re.sub(r"[. ]", "", found[1].lower()) not in EXAMINED | _NO_PATIENT:
                yield Span(found.start(1), found.end(1), "NAME")


def _without_titles(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield a name up to its first ordinary word. A single word must not be an ordinary word, a place or a code."""
    spoken = bool(_SPEAKER.search(text[max(0, start - 33) : start]))
    parts = list(re.finditer(r"[^\W\d_]{1,40}(?:['’-][^\W\d_]{1,40}){0,4}", text[start:end]))
    kept = 0
    for part in parts:
        if _ends_name(part[0], first=kept == 0, alone=len(parts) == 1):
            break
        kept += 1
    if spoken and kept == 1 and not _is_listed(parts[0][0]):
        return
    while kept and parts[kept - 1][0].lower() in PARTICLES and parts[kept - 1][0].islower():
        kept -= 1
    if kept and (kept > 1 or len(parts[0][0]) > 2):
        yield Span(start, start + parts[kept - 1].end(), "NAME")


def _is_listed(word: str) -> bool:
    """Return whether a word is in the lists of names and has no other meaning."""
    lower = word.lower()
    return (lower in given_names() or lower in surnames()) and lower not in word_names() | eponyms() | places()


def _ends_name(word: str, *, first: bool, alone: bool) -> bool:
    """Return whether a word cannot be a part of the name in which it stands."""
    lower = word.lower()
    if (lower in PARTICLES and word.islower()) or lower in word_names():
        return False
    if len(word) == 1 or CONTRACTED.search(lower) or re.search(r"['’]s$", lower):
        return lower in ("a", "i") or len(word) > 1
    if word.isupper() and len(word) < 6 and lower not in given_names() | surnames():
        return True
    plain = is_ordinary(lower)
    if first:
        return plain or (alone and lower in eponyms() and lower not in surnames())
    return plain and lower not in surnames()
