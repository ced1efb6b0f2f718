"""Find numbers and codes that identify people. Their form or a word near them shows them.

A context word is a word that shows the kind of a number near it, such as `policy` (contexts.py).
"""

import re
from collections.abc import Iterator

from medsum.privacy.contexts import Contexts
from medsum.privacy.kinds import Kind
from medsum.privacy.labelled_codes import UNIT, labelled_codes
from medsum.privacy.span import Span
from medsum.privacy.spoken import Run, runs

_CODE = re.compile(
    r"(?<![\w.,$£€/@-])(?=[A-Za-z]{0,12}[-_/#]?[A-Za-z]{0,6}[-_/#]?\d)[A-Za-z0-9]{1,30}"
    r"(?:[-_/#][A-Za-z0-9]{1,30}){0,6}(?![\w@]|[-/]\w|\.\d|,\d{3})"
)
_GROUPS = re.compile(
    r"(?<![\w.,$£€/-])(?:[A-Z]{1,4} ?)?\d[A-Z\d]{0,6}(?:(?: | dash | - |[-/])[A-Z\d]{1,8}){1,6}(?![\w]|[-/.]\w)"
    r"|(?<![\w.,-])[A-Z](?: (?:dash )?[A-Z\d]{1,6}){2,7}(?!\w)"
    r"|(?<![\w.,-])[A-Z]{2,4}\d{0,2}(?: \d{1,6}[A-Z]{0,3}| [A-Z]{2,3}(?=[ .,;\n]|$)){1,5}(?!\w)"
)
_PLATE = re.compile(
    r"(?<![\w-])(?:[A-Z]{2}\d{2} ?[A-Z]{3}|[A-Z]{3} \d{3}[A-Z]?|[A-Z]\d{1,3} [A-Z]{3}|\d[A-Z]{3}\d{3}"
    r"|(?=[A-Z ]{0,4}\d)(?=[\d ]{0,4}[A-Z])[A-Z\d]{2,4}[ -][A-Z\d]{2,4})(?![\w-])"
)
_COUNTED = re.compile(
    r"\b(?:platelets?|wbc|white (?:cell )?count|white count|rbc|ck|bnp|pro-?bnp|ferritin|troponin|d-?dimer"
    r"|count|cpt|icd-?(?:9|10)?|snomed|loinc|ndc|hcpcs"
    r"|drg|rs|isbn|titre|titer|load|steps|calories|glucose|volume|dose|mg|total|weigh[ts]?|cost|\$|£|€|aldolase"
    r"|section|protocol"
    r"|guideline|version|year|hcg|crp|esr|psa|ldl|hdl|alt|ast|amylase"
    r"|lipase|ldh|tsh|b12|igg|iga|igm|ige|cd4|afp|cea|ca|fev1|fvc|peak flow)[ :,(=]{1,3}(?:of |was |is |about "
    r"|nearly |over )?$",
    re.IGNORECASE,
)
_PLAIN_AMOUNT = re.compile(r"\d+(?:st|nd|rd|th|s|[a-z]{1,5})?$|\d+[-/]\d+[a-z]{0,4}$|\d+x\d+\w*$", re.IGNORECASE)
_YEARS = re.compile(r"(?:19|20)\d\d(?:[-/](?:(?:19|20)?\d\d))?s?$")
_TAIL = re.compile(
    r" (?:[A-Z]{0,2}\d{1,8}|[A-Z]{1,2})(?=[.,;:)\n]|$| (?:and|is|was|on|for|in|with|to|has|but|withdrawn|expires"
    r"|of)\b)"
)
_HEAD = re.compile(r"\b[A-Z]{2,5}-?\d{0,2} $")
_CODED = re.compile(r"(?:CPT|ICD|HCPCS|DRG|SNOMED|LOINC|OPCS|READ|NDC|ATC)\b")
_EMERGENCY = frozenset(("111", "112", "101", "999", "911", "000", "988"))
_FORMS: list[tuple[Kind, re.Pattern[str]]] = [
    ("SSN", re.compile(r"(?<!\w)(?:[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]|QQ) ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)")),
    (
        "HEALTH_PLAN",
        re.compile(
            r"\b[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}\b"
        ),
    ),
    ("ACCOUNT", re.compile(r"(?<![\w-])\d{4}[- ]\d{4}[- ]\d{4}[- ]\d{1,4}(?![\w-])")),
    ("ACCOUNT", re.compile(r"(?<!\w)[A-Z]{2}\d{2} ?(?:[A-Z0-9]{4} ?){2,7}[A-Z0-9]{1,4}(?!\w)")),
    ("ACCOUNT", re.compile(r"(?<![\w-])\d{2}-\d{2}-\d{2}(?:[ ,]{1,2}\d{8})(?![\w-])")),
    ("VEHICLE", re.compile(r"\b(?=[A-Z]*\d)(?=\w*[A-Z])(?=(?:[A-Z]*\d){4})[A-HJ-NPR-Z0-9]{17}\b")),
    ("VEHICLE", re.compile(r"(?<![\w-])[A-Z]{2}\d{2} ?[A-Z]{3}(?![\w-])")),
    ("DEVICE", re.compile(r"(?<![\w:-])[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}(?![\w:-])")),
    ("DEVICE", re.compile(r"\(01\)\d{14}(?:\(\d{2}\)[A-Za-z0-9]{1,20}){0,4}")),
    ("OTHER_ID", re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE)),
    ("OTHER_ID", re.compile(r"\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{32,64}\b")),
    ("OTHER_ID", re.compile(r"(?<![\w@.])@(?=[A-Za-z_.]{0,30}[A-Za-z_])[\w.]{3,30}\b")),
    (
        "PHOTO",
        re.compile(
            r"\b[\w&-]{1,80}\.(?:pdf|jpe?g|png|hei[cf]|gif|bmp|tiff?|webp|dcm|raw|mp4|m4v|mpe?g|3gp|jfif|webm|wmv|mov"
            r"|avi|nef|cr2|arw|dng|psd)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "PHOTO",
        re.compile(
            r"\b(?:19|20)\d\d-\d\d-\d\d[ _](?:at )?\d\d?[.:_-]\d\d(?:[.:_-]\d\d)?\.(?:jpe?g|png|heic|mp4|mov)\b"
            r"|\b(?:see|called|named|titled|file|attached|uploaded|saved as"
            r"|labelled) ((?:[\w-]{1,20} ){1,4}[\w-]{1,40}\."
            r"(?:jpe?g|png|heic|gif|bmp|tiff?|webp|dcm|mp4|mov|avi))\b"
            r"|\b(?:(?:called|named|file|as|it's|see) )?((?:[\w'-]{1,20} ){1,4}dot (?:j ?p ?e? ?g|jpeg|png|heic"
            r"|gif|tiff?|mp4|mov))\b",
            re.IGNORECASE,
        ),
    ),
    (
        "PHOTO",
        re.compile(
            r"\b(?:[\w-]{1,20} ){0,2}underscore (?:[\w-]{1,12} ){1,8}dot (?:j ?p ?e? ?g|jpeg|png|heic|gif|tiff?"
            r"|mp4|mov)\b",
            re.IGNORECASE,
        ),
    ),
    ("OTHER_ID", re.compile(r"\b0x[0-9a-fA-F]{4,64}\b")),
    ("PHOTO", re.compile(r"\bdata:image/[a-z+]{2,10};base64,[A-Za-z0-9+/=]{8,}")),
]


def numbers(text: str) -> Iterator[Span]:
    """Yield numbers and codes of all kinds. Other modules find most telephone numbers and dates."""
    for kind, pattern in _FORMS:
        for found in pattern.finditer(text):
            group = found.lastindex or 0
            yield Span(found.start(group), found.end(group), kind)
    yield from labelled_codes(text)
    contexts = Contexts(text)
    for found in _CODE.finditer(text):
        yield from _code(text, found, contexts)
    for found in _GROUPS.finditer(text):
        yield from _grouped(text, found, contexts)
    for found in _PLATE.finditer(text):
        if contexts.kind(found.start(), found.end(), 60, 30) == "VEHICLE":
            yield Span(found.start(), found.end(), "VEHICLE")
    yield from _spoken(text, contexts)


def _code(text: str, found: re.Match[str], contexts: Contexts) -> Iterator[Span]:
    """Yield a code without spaces if only codes have this form, or if a context word is near the code."""
    code, start, end = found[0], found.start(), found.end()
    if not _may_be_code(text, code, start, end):
        return
    digits = sum(character.isdigit() for character in code)
    letters = sum(character.isalpha() for character in code)
    parted = any(mark in code for mark in "-_/")
    kind = contexts.kind(start, end, 60, 25)
    strong = (
        letters and not code.islower() and (digits >= 4 or (digits >= 3 and sum(map(code.count, "-_/")) > 1))
    ) or digits >= 6
    if _PLAIN_AMOUNT.fullmatch(code) and digits < 6:
        near = contexts.kind(start, end, 28)
        if near and near != "PHONE" and digits >= 4 and code.isdigit():
            yield Span(start, end, near)
        return
    said = kind not in (None, "PHONE")
    booked = letters >= 2 and digits > 0 and code.isupper() and code.isalnum() and len(code) >= 6
    booked = booked and contexts.kind(start, end, 28) not in (None, "PHONE")
    if strong or booked or (said and digits >= 3 and (letters or parted)):
        start, end = _with_neighbours(text, start, end, contexts) if said else (start, end)
        yield Span(start, end, kind or "OTHER_ID")


def _with_neighbours(text: str, start: int, end: int, contexts: Contexts) -> tuple[int, int]:
    """Return the start and end of a code with short groups before and after it, as in `ENG-1 009914 2`."""
    tail = _TAIL.match(text, end)
    head = _HEAD.search(text[max(0, start - 9) : start])
    first = max(0, start - 9) + head.start() if head else start
    return (start if contexts.begins(first) else first), (tail.end() if tail else end)


_LOCATED = re.compile(
    r"\b(?:room|ward|bay|bed|at|time|years?|since|from|until|to|between|in|by|of|for) $", re.IGNORECASE
)


def _may_be_code(text: str, code: str, start: int, end: int) -> bool:
    """Return whether a text may be a code and is not an amount, year, range, laboratory value, dose or time."""
    if _YEARS.fullmatch(code) or UNIT.match(text, end) or _COUNTED.search(text[max(0, start - 30) : start]):
        return False
    if code in _EMERGENCY:
        return False
    if len(code) < 6 and _LOCATED.search(text[max(0, start - 12) : start]):
        return False
    parts = re.split(r"[-/_]", code)
    if (
        len(parts) == 2
        and all(part.isdigit() for part in parts)
        and max(map(len, parts)) < 5
        and not parts[1].startswith("0")
    ):
        return False
    return not re.fullmatch(r"(?:g\d+p\d+\w*)|\d+(?:mg|ml|mcg|g|kg|iu|units?)(?:[/-]\w+)?", code, re.IGNORECASE)


def _grouped(text: str, found: re.Match[str], contexts: Contexts) -> Iterator[Span]:
    """Yield a code of several groups if a context word is near the code."""
    start, end = found.span()
    if contexts.begins(start):  # the match begins with a context word, as in `SSN 987 65 4321`
        start += len(found[0].partition(" ")[0]) + 1
    digits = sum(character.isdigit() for character in text[start:end])
    kind = contexts.kind(start, end, 40, 0)
    if re.search(r"\.$", text[max(0, start - 1) : start]) or text[end : end + 2] in ("/s", "/h"):
        return
    if _CODED.match(found[0]):
        return
    few = kind == "BIOMETRIC" and digits >= 2 and text[start:end].isupper()
    if found[0].rpartition(" ")[2] in _EMERGENCY and digits == 3:
        return
    if (
        kind
        and kind != "PHONE"
        and (digits >= 3 or few)
        and not UNIT.match(text, end)
        and not _COUNTED.search(text[max(0, start - 30) : start])
    ):
        letters = any(character.isalpha() for character in found[0])
        if digits >= 6 or (letters and digits >= 3) or few:
            yield Span(start, end, kind)


def _spoken(text: str, contexts: Contexts) -> Iterator[Span]:
    """Yield spoken numbers: at least six digits anywhere, or fewer digits near a context word."""
    for run in runs(text):
        kind = contexts.kind(run.start, run.end, 90, 25)
        if run.counts or UNIT.match(text, run.end):
            continue
        if run.digits >= 6 and run.digits > run.tens:
            yield Span(run.start, run.end, kind or "PHONE")
        elif kind and not run.amount and _is_enough(run, kind):
            yield Span(run.start, run.end, kind)


def _is_enough(run: Run, kind: Kind) -> bool:
    """Return whether a short run of spoken digits near a context word has enough digits or letters."""
    if kind == "PHONE":
        return run.digits >= 4
    few = run.digits >= 4 or (run.letters > 0 and run.digits >= 2) or (run.tens > 1 and run.digits + run.tens >= 4)
    return few or (kind == "SSN" and run.tens >= 1)
