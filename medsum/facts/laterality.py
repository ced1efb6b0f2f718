"""Find the sides of the body that a text names: left, right or bilateral (both), each with its part of the body."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from medsum.facts.lexicon import Term


class Side(NamedTuple):
    """A side (left, right or bilateral), its part of the body (or an empty string), and the start and end of both."""

    side: str
    site: str
    start: int
    end: int


_SIDE = re.compile(
    r"\b(?:left|right|bilateral(?:ly)?|both|bilat\b\.?|b/l|either(?=[ \t]+(?:eye|ear|side|leg|arm|hand|foot|"
    r"knee|hip)))\b|"
    r"(?<![\w/'’.])(?:(?<!\d )L|R)(?=[ \t]+(?:[a-z]|\d(?:st|nd|rd|th)\b|[A-Z]{2,}\b))",
    re.IGNORECASE,
)
_SIDES = {"l": "left", "left": "left", "r": "right", "right": "right"}
# Abbreviations for sides of the eyes, ears and limbs. They count only in capitals.
_ABBREVIATED = {
    "OD": ("right", "eye"), "OS": ("left", "eye"), "OU": ("bilateral", "eye"),
    "AD": ("right", "ear"), "AS": ("left", "ear"), "AU": ("bilateral", "ear"),
    "RLE": ("right", "leg"), "LLE": ("left", "leg"), "BLE": ("bilateral", "leg"),
    "RUE": ("right", "arm"), "LUE": ("left", "arm"), "BUE": ("bilateral", "arm"),
    "RUQ": ("right", "upper quadrant"), "LUQ": ("left", "upper quadrant"),
    "RLQ": ("right", "lower quadrant"), "LLQ": ("left", "lower quadrant"),
}  # fmt: skip
_ABBREVIATION = re.compile(rf"(?<![\w/])(?:{'|'.join(_ABBREVIATED)})(?![\w/])")
_OF_DOSE = re.compile(
    r"(?:\b(?:mg|mcg|micrograms?|g|ml|units?|tabs?|tablets?|capsules?|puffs?|sachets?)|\dmg)[ \t]+$", re.I
)
_OF_EYE = re.compile(
    r"\b(?:eyes?|OS|OU|V/?A|IOP|vision|visual|pupil\w*|conjunctiv\w*|cornea\w*|retin\w*|macula\w*|cataract\w*|lens|"
    r"fund(?:us|oscopy)|eyelid\w*|ocular|intraocular|glaucoma|drusen|drops?)\b",
    re.IGNORECASE,
)  # `OD` means `once daily` in a text without any of these words
_LETTER_AFTER = re.compile(r"(?<![\w/'’.])(?<!\d )[LR](?=[ \t]*(?:[.,;)]|$))")  # a letter after the part: `forearm L`
_ON = re.compile(r"\b(?:on|to)[ \t]+(?:the[ \t]+)?$")  # a letter after `on`: `weaker on L`
# If this text follows the word, the word is not a side of the body: `left the house`, `right away`, `both parents`.
_NO_SIDE_AFTER = {
    "left": re.compile(
        r"-?[ \t]?(?:hand(?:ed| dominant)|over|out|off|behind|alone|home|work|for|me|him|her|them|us|it|early|school|"
        r"town|the|my|his|a|an|because|when|from|since|without|there|here|nursing|with)\b",
        re.IGNORECASE,
    ),
    "right": re.compile(
        r"-?[ \t]?(?:hand(?:ed| dominant)|away|now|here|there|after|before|then|thing|direction|amount|when|track|"
        r"around|behind|across|under|up|out|down|about|where|this|i|so|but|time|way|medications?|dose|decision|"
        r"answer|"
        r"place|person|idea|choice|call|in|at|above|below|as|above|next|on top|off|back|through|over|into|"
        r"people|kind|"
        r"foods?)\b",
        re.IGNORECASE,
    ),
    "bilateral": re.compile(r"(?!)"),
}
_NO_BOTH = re.compile(
    r"[ \t]*(?:of[ \t]+)?(?:my[ \t]+|our[ \t]+|the[ \t]+)?(?:sisters|brothers|parents|grand\w+|times|days|sons|"
    r"daughters|uncles|aunts|kids)\b",
    re.IGNORECASE,
)
# This text may stand between a side and its part of the body: `left great toe`, `both of your`, `right outer upper
# arm`.
_BETWEEN = re.compile(
    r"[ \t-]*(?:(?:of|my|your|his|her|the|their|lower|upper|inner|outer|great|big|anterior|posterior|lateral|medial|"
    r"distal|proximal|front|top|side|sided|sides|dominant|total|partial|acute|chronic|severe|mild|recurrent|new|"
    r"old|artificial|main|little|small|whole|entire|third|"
    r"\d(?:st|nd|rd|th)|s|maxillary|frontal|middle|index|ring)[ \t-]+){0,4}",
    re.IGNORECASE,
)
_ALONE_BEFORE = re.compile(
    r"\b(?:on|to|in|at|than|the|my|his|her|your|a|of|with|worse|lower|upper|just|only|mostly|mainly|is|"
    r"was)[ \t]+(?:whole[ \t]+)?$|(?:^|[.?!:\n,(])[ \t]*$|(?:\d\.\d{1,3}|\d[ \t]?(?:%|dB|mm|cm))[ \t]+$",
    re.IGNORECASE,
)
_ALONE_AFTER = re.compile(
    r"[ \t]+(?:ones?)\b|[ \t]*(?:[.,;?!\n)]|$)|[ \t]+(?:and|or|but|worse|more|greater|than|is|was|goes|hurts|"
    r"has|gets|"
    r"with|for|started|feels|fell)\b|[ \t]+(?:retro-?|peri-?)?(?:orbital|temporal|frontal|parietal|occipital|lumbar|"
    r"cervical|thoracic|inguinal|axillary|ventricular|atrial|femoral|tibial|basal|adnexal|renal|carotid)\b",
    re.IGNORECASE,
)
_NOT_THIS = re.compile(
    r"\bnot[ \t]+(?:(?:on|in|of|at)[ \t]+)?(?:the[ \t]+)?$", re.IGNORECASE
)  # in `the right, not the left`, left is denied
_CORRECTED = re.compile(
    r"(?:[ \t]+\w+)?[ \t]*[,;–-]+[ \t]*(?:correction|no,? wait|wait,? no|I mean|scratch that|sorry|strike that)\b",
    re.IGNORECASE,
)
_DOMINANT = re.compile(r"[ \t-]*dominant\b", re.IGNORECASE)  # the dominant hand is not the side of a complaint
_SIDED = re.compile(r"[ \t-]+side(?:s|d)?\b", re.IGNORECASE)
_OF_FAMILY = re.compile(r"[ \t]+sides?[ \t]+of[ \t]+(?:the|my|your|his|her|our)[ \t]+family\b", re.IGNORECASE)
_DETERMINED = re.compile(r"\b(?:the|a|an|my|his|her|your|of|with|new|old|had)[ \t]+$", re.IGNORECASE)
_AGREES = re.compile(
    r"(?:^|[.?!,:\n])[ \t]*$|\b(?:all|that['’]s|is that|is|you['’]re|exactly|am i|yeah)[ \t]+$", re.IGNORECASE
)
_AGREED = re.compile(r"[ \t]*(?:[.,?!;\n]|$)")


def sides(
    text: str, parts: list[Term], sentence_starts: list[int], asked_site: str = "", asked_side: bool = False
) -> Iterator[Side]:
    """Yield sides with their parts of the body.

    A side without a part of the body (`on the right`, `the left one`) belongs to the last part of the body before the
    side in the sentence. If there is none, the side belongs to `asked_site`, the part of the body in the previous
    question. `left-sided` belongs to no part. If `asked_side` is true, the previous question asked which side, so the
    answers `Right.` and `Both.` are sides.
    """
    for match in _ABBREVIATION.finditer(text):
        if match[0] != "OD" or _is_of_eye(text, match.start()):
            yield Side(*_ABBREVIATED[match[0]], match.start(), match.end())
    for match in _LETTER_AFTER.finditer(text):
        near = [part for part in parts if 0 <= match.start() - part.end <= 1 and part.name != "side"]
        if near:
            yield Side(_SIDES[match[0].lower()], near[-1].name, near[-1].start, match.end())
        elif _ON.search(text[max(0, match.start() - 8) : match.start()]):
            yield Side(_SIDES[match[0].lower()], "", match.start(), match.end())
    for match in _SIDE.finditer(text):
        side = _SIDES.get(match[0].lower(), "bilateral")
        before = text[max(0, match.start() - 16) : match.start()]
        if _NOT_THIS.search(before) or _CORRECTED.match(text, match.end()):
            continue
        part = next((part for part in parts if _joined(text, match.end(), part)), None)
        if part is not None and _DOMINANT.match(text, part.end):
            continue
        if part is not None:
            yield Side(side, part.name, match.start(), part.end)
        elif len(match[0]) > 1 and _is_side(text, match, side, before, asked_side):
            sided = _SIDED.match(text, match.end())
            sentence = max((start for start in sentence_starts if start <= match.start()), default=0)
            earlier = [part.name for part in parts if sentence <= part.start < match.start() and part.name != "side"]
            site = earlier[-1] if earlier else asked_site
            if sided and sided[0].lower().endswith("sided"):
                site = ""
            yield Side(side, site, match.start(), sided.end() if sided else match.end())


def _is_of_eye(text: str, start: int) -> bool:
    """Return whether `OD` means the right eye and not `once daily`, because the text is about the eyes."""
    return bool(_OF_EYE.search(text)) and not _OF_DOSE.search(text[max(0, start - 14) : start])


def _joined(text: str, end: int, part: Term) -> bool:
    return part.start >= end and part.name != "side" and bool(_BETWEEN.fullmatch(text, end, part.start))


def _is_side(text: str, match: re.Match[str], side: str, before: str, asked: bool) -> bool:
    """Return whether a word such as `right` is a side of the body if no part of the body follows the word."""
    if _OF_FAMILY.match(text, match.end()):
        return False
    if match[0].lower() == "both":
        sided = _SIDED.match(text, match.end()) or (asked and _AGREED.match(text, match.end()))
        return bool(_ALONE_BEFORE.search(before) and sided and not _NO_BOTH.match(text, match.end()))
    if _NO_SIDE_AFTER[side].match(text, match.end()):
        return False
    if side == "right" and not asked and _AGREES.search(before) and _AGREED.match(text, match.end()):
        return False  # `Right.`, `, right?` and `that's right` mean `correct`
    if side == "bilateral" or _SIDED.match(text, match.end()) or _DETERMINED.search(before):
        return True
    return bool(_ALONE_BEFORE.search(before) and _ALONE_AFTER.match(text, match.end()))
