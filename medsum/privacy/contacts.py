"""Find telephone and fax numbers, e-mail, web and IP addresses, and social security numbers."""

import re
from collections.abc import Iterator

from medsum.privacy.span import Span

_NOT_IN_NUMBER = r"(?<![\w.$/-])"
_ENDS = r"(?![\w/]|[-.]\d)"
_AREA = r"(?:\(\d{3}\) ?|\d{3}[-. ])"
_EXTENSION = r"(?:,? ?(?:ext|extension|extn|x|option|#)\.?:? ?\d{1,6})?"
_PHONE = re.compile(
    rf"{_NOT_IN_NUMBER}(?:\+?1[-. ]?)?{_AREA}\d{{3}}[-. ]\d{{4}}{_EXTENSION}{_ENDS}"
    rf"|{_NOT_IN_NUMBER}\+\d{{1,3}}(?:[-. ]?\(?\d{{1,5}}\)?){{2,5}}{_EXTENSION}{_ENDS}"
    rf"|{_NOT_IN_NUMBER}\d{{3}}[-.]\d{{4}}{_EXTENSION}{_ENDS}"
    rf"|{_NOT_IN_NUMBER}(?:\(?0\)?\d{{1,4}}\)?|1)[ -]\d{{3,4}}[ -]\d{{3,4}}(?:[ -]\d{{2,4}})?{_ENDS}"
    rf"|{_NOT_IN_NUMBER}\d{{3}}[-./ ]\d{{3}}[-./ ]\d{{4}}{_EXTENSION}{_ENDS}"
    rf"|{_NOT_IN_NUMBER}\d{{3}}, ?(?:(?:uh|um|er|then),? ?)?\d{{4}}{_ENDS}"
    rf"|{_NOT_IN_NUMBER}\d{{3}}, ?\d{{3}}, ?\d{{4}}{_ENDS}"
    rf"|{_NOT_IN_NUMBER}0\d{{9,10}}{_ENDS}"
    rf"|{_NOT_IN_NUMBER}00\d{{1,3}}(?:[-. ]?\(?\d{{1,5}}\)?){{2,5}}{_ENDS}",
    re.IGNORECASE,
)
_TRUNK = re.compile(  # examples: `07700 900418`, `(020) 7946 0018`, `0412 555 019`, `01 23 45 67 89`
    rf"(?<![\w.$/+-])(?<!\+\d )\(?0\d{{1,5}}\)?(?:[ .-]{{1,2}}\d{{2,8}}){{1,5}}{_EXTENSION}(?!\w|[-./]\d)",
    re.IGNORECASE,
)
_TOLL_FREE = re.compile(
    r"(?<![\w-])(?:1[-. ])?8(?:00|33|44|55|66|77|88)[-. ][A-Z\d]{2,8}(?:-[A-Z\d]{2,8}){0,3}(?![\w-])"
)
_PHONE_WORD = r"(?:phones?|telephone|tel|cell|mobile|pager|beeper|call(?:ed|ing)?|reach(?:ed)?|text(?:ed)?|dial|ring)"
_SLASHED_DATE = re.compile(r"\d\d[-. ]\d\d[-. ](?:19|20)\d\d(?!\d)|0\d[-. ]\d\d[-. ]\d\d(?!\d)[ ]\d\d[.:]")
_PHONE_AFTER = re.compile(
    rf"\b{_PHONE_WORD}\b[^\n\d]{{0,40}}?(?<!\d)((?:\+?\d[-. ]?)?\d{{10}}|\d{{7}}|\d{{3}} \d{{4}}"
    rf"|\d{{5}} \d{{5,6}})(?![\w%])",
    re.IGNORECASE,
)
_EXTENSION_ALONE = re.compile(
    r"\b(?:ext|extension|bleep|pager|page|beeper|beep)\b\.?:? ?(?:number |no\.? |on |is |him on "
    r"|her on )?#?(\d{3,6})\b",
    re.IGNORECASE,
)
_FAX_BEFORE = re.compile(r"\b(?:fax|faxed|facsimile)\b[^\n\d]{0,40}$", re.IGNORECASE)
_FAX_AFTER = re.compile(r"[ ,]{0,2}\(?(?:fax|is (?:the|our) fax)\b", re.IGNORECASE)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+%'-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24}\b")
_HIDDEN_EMAIL = re.compile(  # examples: `ward7(at)hospital.example.org`, `tina [at] example [dot] com`
    r"(?<![\w.+-])[\w.+%'-]{1,64} ?[(\[{<] ?at ?[)\]}>] ?[\w-]{1,63}(?:(?:\.| ?[(\[{<] ?dot ?[)\]}>] ?"
    r"| dot )[\w-]{1,63}){1,6}"
    r"|(?<![\w.+-])[\w+-]{1,30}[._][\w.+-]{1,30} at (?:[\w-]{1,63}\.){1,4}[a-z]{2,24}\b"
    r"|\b[\w'-]{1,30}(?: (?:dot|underscore|dash|hyphen|plus) [\w-]{1,30}){0,5} at (?:gmail|hotmail|yahoo|outlook"
    r"|icloud|aol"
    r"|btinternet|protonmail|live|comcast|googlemail)\b(?: dot [\w-]{2,30}){0,2}",
    re.IGNORECASE,
)
_SAID_NUMBER = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|\w{3,5}teen|\w{3,5}ty)(?:-\w{3,5})?"
_SAID_PART = (  # a part of a spoken address after its first word
    r"(?:(?:dot|point|period|full stop|underscore|under score|dash|hyphen|plus)(?: sign)?,? [\w'-]{1,30}"
    r"|the (?:number|digit|letter|word|figure) [\w'-]{1,12}|(?:capital|upper ?case|lower ?case|double"
    r"|triple) [\w'-]{1,12}"
    rf"|{_SAID_NUMBER}|[a-z]|\d{{1,8}}|all (?:one word|lower ?case|together)|(?:all )?one word|no (?:spaces?|gaps?)"
    rf"|then|and)"
)
_SAID_DOMAIN = (
    r"(?:the )?[\w-]{1,30}(?: (?:dash|hyphen) [\w-]{1,30}){0,2}(?:,? (?:dot|point) [\w-]{2,30}){0,3},? (?:dot|point)"
    r" (?:com|org|net|edu|gov|io|co|uk|us|ca|de|info|health|ie|au|nz|za|eu|fr|me|biz|mil|nhs|test|example|ac|scot"
    r"|wales)\b"
    r"(?:,? (?:dot|point) (?:uk|au|nz|za|in)\b)?"
)
_SPOKEN_EMAIL = re.compile(
    r"\b(?:(?:(?<=it's )|(?<=its )|(?<=is )|(?<=: )|(?<=\n))[\w'-]{2,20} )?"
    r"(?:[\w'-]{1,20}(?: [\w'-]{1,20})?, ){0,4}[\w'-]{1,30}"
    rf"(?:,? {_SAID_PART}){{0,12}},? at(?: sign)?,? {_SAID_DOMAIN}",
    re.IGNORECASE,
)
_URL = re.compile(
    r"(?:\b(?:https?|ftp|sftp)://|\bwww\.)[^\s<>\"')\]]{2,2000}[^\s<>\"')\].,;:!?]"
    r"|(?<![\w@.-])(?:[A-Za-z0-9-]{1,63}\.){1,4}(?:com|org|net|edu|gov|io|info|health|clinic|me|app|dev|co\.uk)"
    r"(?:/[^\s<>\"')\],;]{0,500}[\w/-])?(?![\w@-]|\.\w)",
    re.IGNORECASE,
)
_URL_PATH = re.compile(  # matches a host before a path, a host of three parts, and `//host/path`
    r"(?<![\w@.-])(?:[A-Za-z0-9-]{2,63}\.){1,4}[A-Za-z]{2,24}/[^\s<>\"')\],;]{0,500}[\w/-]"
    r"|(?<![\w@.-])(?:[A-Za-z0-9][A-Za-z0-9-]{1,62}\.){1,4}(?:example|test|blog|site|online|page|care|social|life"
    r"|live|tv"
    r"|world|help|support|family|chat|video|cloud|link|xyz|uk|us|ca|au|ie|de|fr|es|nl|nz|in)(?![\w@-]|\.\w)"
    r"|(?<![\w:/])//[A-Za-z0-9-]{2,63}(?:\.[A-Za-z0-9-]{2,63}){1,4}(?:/[^\s<>\"')\],;]{0,500}[\w/-])?",
    re.IGNORECASE,
)
_SPOKEN_PATH = (  # example: `slash sign up slash four four`
    r"(?: (?:forward )?(?:slash|tilde) [\w-]{1,30}(?:(?: [\w-]{1,30}){0,2}(?= (?:forward )?slash)"
    r"|(?: (?:dash|hyphen|underscore|dot) [\w-]{1,30}"
    r"| (?:oh|zero|one|two|three|four|five|six|seven|eight|nine|\d{1,4}|[b-hj-z])(?![\w'])){0,8})){0,8}"
)
_SPOKEN_URL = re.compile(
    r"\b[\w-]{1,30}(?: (?:dash|hyphen|underscore) [\w-]{1,30}){0,3}(?: dot [\w-]{2,30}){0,3}"
    rf" dot (?:com|org|net|edu|gov|io|co dot uk|uk|co|me|info|health)\b{_SPOKEN_PATH}"
    r"|\b(?:www|w w w"
    rf"|double you double you double you) dot (?:[\w-]{{1,30}}(?: [\w-]{{1,30}}){{0,2}} dot ){{1,3}}\w{{2,8}}"
    rf"{_SPOKEN_PATH}",
    re.IGNORECASE,
)
_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_IP_4 = re.compile(
    rf"(?<![\w.])(?<!ection )(?<!ersion )(?<!hapter )(?<!aragraph ){_OCTET}(?:\.{_OCTET}){{3}}(?::\d{{1,5}}"
    rf"|/\d{{1,2}})?(?![\w]|\.\d)"
)
_IP_6 = re.compile(
    r"(?<![\w:.])(?:(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}"
    r"|(?:[0-9a-f]{1,4}:){2,7}:)(?![\w:])",
    re.IGNORECASE,
)
_SPOKEN_OCTET = (
    r"(?:(?:oh|zero|one|two|three|four|five|six|seven|eight|nine|ten|\w{3,5}teen|\w{3,6}ty|hundred"
    r"|and|\d{1,3})[ -]){1,5}"
)
_SPOKEN_IP = re.compile(
    rf"\b(?:{_SPOKEN_OCTET}(?:dot|point) ){{3}}(?:one|two|three|four|five|six|seven|eight|nine|zero|oh"
    rf"|\w{{3,6}}ty|\w{{3,5}}teen"
    r"|\d{1,3})(?:[ -](?:one|two|three|four|five|six|seven|eight|nine|zero|oh|hundred|and|\w{3,6}ty)){0,4}\b",
    re.IGNORECASE,
)
_SSN = re.compile(
    r"(?<![\w-])(?:\d{3}-\d{2}-\d{4}|\d{3} \d{2} \d{4}|[X*]{3}[- ][X*]{2}[- ]\d{4})(?![\w-])", re.IGNORECASE
)
_SSN_AFTER = re.compile(
    r"\b(?:ssn|soc sec|social(?: security)?(?: (?:number|no|num))?|last (?:four|4)(?: digits)?(?: of (?:my|his"
    r"|her|the|your) "
    r"(?:social|ssn)[\w ]{0,20})?)\b[^\n\d]{0,25}?(?<![\d.])(\d{3}[-. ]?\d{2}[-. ]?\d{4}|\d{4})(?![\w%]|[-./]\d)",
    re.IGNORECASE,
)


def contacts(text: str) -> Iterator[Span]:
    """Yield telephone, fax and social security numbers, and e-mail, web and IP addresses."""
    for found in _EMAIL.finditer(text):
        yield Span(found.start(), found.end(), "EMAIL")
    for pattern in (_SPOKEN_EMAIL, _HIDDEN_EMAIL):
        for found in pattern.finditer(text):
            yield Span(found.start(), found.end(), "EMAIL")
    for pattern in (_URL, _URL_PATH, _SPOKEN_URL):
        for found in pattern.finditer(text):
            yield Span(found.start(), found.end(), "URL")
    for pattern in (_IP_4, _IP_6, _SPOKEN_IP):
        for found in pattern.finditer(text):
            yield Span(found.start(), found.end(), "IP_ADDRESS")
    for found in _SSN.finditer(text):
        yield Span(found.start(), found.end(), "SSN")
    for found in _SSN_AFTER.finditer(text):
        yield Span(found.start(1), found.end(1), "SSN")
    yield from _phones(text)


def _phones(text: str) -> Iterator[Span]:
    for found in _TRUNK.finditer(text):
        digits = sum(map(str.isdigit, found[0]))
        if 9 <= digits <= 17 and not _SLASHED_DATE.match(found[0]):
            yield Span(found.start(), found.end(), "FAX" if is_fax(text, found.start(), found.end()) else "PHONE")
    for found in _TOLL_FREE.finditer(text):
        if len(re.sub(r"\W", "", found[0])) > 8:
            yield Span(found.start(), found.end(), "PHONE")
    for pattern, group in ((_PHONE, 0), (_PHONE_AFTER, 1), (_EXTENSION_ALONE, 1)):
        for found in pattern.finditer(text):
            start, end = found.span(group)
            yield Span(start, end, "FAX" if is_fax(text, start, end) else "PHONE")


def is_fax(text: str, start: int, end: int) -> bool:
    """Return whether the words around a number say that it is a fax number."""
    return bool(_FAX_BEFORE.search(text[max(0, start - 60) : start]) or _FAX_AFTER.match(text, end))
