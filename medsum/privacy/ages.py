"""Find ages over 89. In HIPAA's list of identifiers, these ages belong to the dates."""

import re
from collections.abc import Iterator

from medsum.privacy.anchors import RELATIVES
from medsum.privacy.dates import MONTHS
from medsum.privacy.lexicon import common_words, drugs, eponyms, given_names, surnames, word_names
from medsum.privacy.span import Span
from medsum.privacy.word_features import known_words

_SMALL = "one|two|three|four|five|six|seven|eight|nine"
_AGE = (
    rf"(?:9\d|1[01]\d|ninety(?:[- ](?:{_SMALL}))?|(?:a|one) hundred(?: (?:and )?(?:{_SMALL}|ten|eleven|twelve))?"
    rf"|hundred and (?:{_SMALL}|ten|eleven|twelve))"
)
_END = (
    r"(?![\w%/°]|[- ](?:one|two|three|four|five|six|seven|eight|nine)\b| and (?:a|one|two|three|four|five"
    r"|six|seven|eight|nine|ten|eleven|twelve)\b|[.:,]\d| ?(?:%|percent|over|mg|mcg|milligrams?|micrograms?"
    r"|millilit\w+|to start|last night|last time|ml|bpm|mmhg|kilos?|kg|pounds"
    r"|lbs?|degrees|minutes?|days?|hours?|weeks?|months?|miles|per|times|units|beats|cm|mm|out|point|on room"
    r"|on air|dollars|in the shade|systolic|diastolic)\b)"
)
_OF_AGE = re.compile(
    rf"(?<![\w./-])({_AGE})(?=[ -]?(?:year|yr)s?[- ]?olds?\b| ?(?:y\.?/?o\b|yo\b|yrs?\b)| years? (?:of age|young)\b"
    rf"|(?:yo)?[MF]\b| ?[MF]\b(?:[ ,.;:)\n]|$)| ?/ ?[MF]\b| ?y\b| ?(?:yr|year)[- ]?old|[- ]?(?:year|yr)s?[- ]olds?)"
    rf"|\b(?:aged?|ages|age of|age is|age was|age at death|age:?|turn(?:ed|s|ing)?|birthday,?) (?:about "
    rf"|nearly |almost |both )?({_AGE}){_END}"
    r"|\b(nonagenarians?|centenarians?)\b"
    rf"|(?<![\w./-])((?:9\d|1[01]\d)(?:st|nd|rd|th)) birthday|(?<![\w-])((?:ninet(?:y-(?:\w+)|ieth)"
    rf"|hundredth)) birthday",
    re.IGNORECASE,
)
_AFTER_A_VERB = re.compile(
    rf"(?:\b(?:is|was|am|are|be|being|becomes?|reach(?:ed|es)?|hit|lived (?:to|till|until)(?: be)?|died at"
    rf"|passed(?: away)? at|were|until|at|she|he)"
    rf"|['’](?:s|m|re)|['’]ll be|,)(?: (?:only|just|about|almost|now|nearly|both|over|already|still|going on"
    rf"|pushing|well over|all of))? ({_AGE}){_END}",
    re.IGNORECASE,
)
_OF_SOMEONE = re.compile(  # examples: `Mum, 91, ...`, `mother (93)`, `M91`
    rf"\b(?:{RELATIVES}|patient|pt|widow|widower|lady|man|woman|male|female|resident)s?(?:,| is| was| at| \()? "
    rf"?\(?(?:now |aged? )?({_AGE})(?=\)|,|;|\.(?!\d)|$| and\b| when\b| last\b| next\b| this\b| in (?:{MONTHS})\b)"
    rf"|(?-i:(?<![\w-])[MF] ?)(9\d|10\d)(?=[,.;:)]|$| (?:with|w/|admitted|presents|presenting|from)\b)"
    rf"|\b(?:in|into) (?:his|her|my|their|our) (?:early |mid[- ]?|late )?((?:ninetie|hundred)s|90s|90['’]s)\b"
    rf"|\b(?:made it to|got to|lives? to(?: be)?|live until|live past|lasted (?:to|until|till)|past|close to"
    rf"|near(?:ly|ing)"
    rf"|getting on for|knocking on|pushing|going on(?: for)?|coming up(?: to| on)?|approaching|rising) ({_AGE}){_END}"
    rf"|(?:^|[\n:] ?|, )({_AGE}),? (?:I am|he is|she is|he was|she was|last birthday|next birthday|next month"
    rf"|this (?:year|month|summer|spring|autumn|winter)|in (?:{MONTHS}))\b",
    re.IGNORECASE,
)
_APPOSED = re.compile(  # examples: `Eunice, 93, from Ballymena`, `Mrs Holt (97)`, `Oyelaran 92`
    rf"(?-i:([A-ZÀ-Þ][^\W\d_]{{1,20}}(?:['’-][^\W\d_]{{1,20}})?)),? \(?(?:aged? |now )?({_AGE})(?=, |\)|;|,?$|\.(?!\d)"
    rf"|,? (?:from|with|lives?|living|who|presents?|presented|admitted|attended|reports?|was|is|of|has|came|fell"
    rf"|found)\b)",
    re.IGNORECASE | re.MULTILINE,
)
_AT = re.compile(
    rf"\b(?:at|aged|age|past|only|just|nearly|almost) (ninety(?:[- ](?:{_SMALL}))?|(?:a"
    rf"|one) hundred(?: and (?:{_SMALL}|ten))?)"
    rf"(?=[.,;!?\n)]|$| (?:and|she|he|I|with|but|now|my|you|who|when|his|her|they|it|in)\b){_END}",
    re.IGNORECASE,
)
_AGES = re.compile(r"\bages?d?\b[^.\n]{0,60}", re.IGNORECASE)
_OLD = re.compile(r"(?<![\w./-])(?:9\d|10\d)(?=[,;)]| and\b|$)")
_ASKED = re.compile(
    rf"\b(?:how old|what age|(?:your|his|her|their|mother's|father's|patient's) age|age\?)[^\n]{{0,60}}\n"
    rf"(?:[^\n:]{{1,30}}: ?)?(?:[^\n\d]{{0,30}}?\b)({_AGE}){_END}",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b(?:he|she|I|who|they|we|my|mother|father|mom|mum|dad|gran\w*|nan\w*|aunt\w*|great-aunt|uncle"
    r"|great-uncle|neighbou?r|patient|husband|wife"
    r"|lady|gentleman|man|woman|brother|sister|sibling|twins?|cousin|friend|mr|mrs|ms|miss|died|death|passed"
    r"|lived|living|alive|widow\w*"
    r"|veteran|resident|relative|in-law|parents?|old|age)\b|(?-i:[A-ZÀ-Þ][\w'’-]+ [A-ZÀ-Þ][\w'’-]+),? ?$",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"\b(?:pulse|heart|rate|sats?|saturat\w*|spo2|oxygen|o2|pressure|systolic|diastolic|sugars?|glucose|temp\w*"
    r"|weigh\w*|score|level|fever|count"
    r"|room|page|creatinine|bp|hr|map|number|h[a]?emoglobin|ldl|cholesterol|flow|dose|ejection|iq|height"
    r"|percentile|sat|sitting|spO2|bsl|cbg|lactate|inr|crp|esr|qtc|peak|intensity|decibels?|hearing|db|speed"
    r"|highway|route|rest"
    r"|walk|stairs|bpm|units|ferritin|waist|bmi|lungs?|doing|running|ward|bed|house|flat|potassium|sodium|ck"
    r"|alt|ast|egfr|gfr|fasting|reading|readings"
    r"|diet|percent|hip|neck|circumference|index|minutes|seconds|miles|kilos)\b",
    re.IGNORECASE,
)


_ANOTHER = re.compile(
    rf"(?:,| and| or| &|, and)(?: the other)? ({_AGE})(?=[.,;)\n]|$| (?:respectively|when|years|but)\b)", re.IGNORECASE
)


def ages(text: str) -> Iterator[Span]:
    """Yield ages of 90 and more, and further ages after them, as in `at 91 and 94`."""
    for span in _single_ages(text):
        yield span
        another = _ANOTHER.match(text, span.end)
        if another:
            yield Span(another.start(1), another.end(1), "AGE")


def _single_ages(text: str) -> Iterator[Span]:
    """Yield ages of 90 and more. A pulse, an oxygen saturation or a weight of 90 or more is not an age."""
    for found in _OF_AGE.finditer(text):
        group = found.lastindex or 0
        yield Span(found.start(group), found.end(group), "AGE")
    for found in _AFTER_A_VERB.finditer(text):
        around = text[max(0, found.start(1) - 70) : found.start(1)]
        if _PERSON.search(around.rpartition("\n")[2]) and not _MEASURED.search(around):
            yield Span(found.start(1), found.end(1), "AGE")
    for listed in _AGES.finditer(text):
        for found in _OLD.finditer(text, listed.start(), listed.end()):
            yield Span(found.start(), found.end(), "AGE")
    for found in _APPOSED.finditer(text):
        if _is_person(found[1].lower()):
            yield Span(found.start(2), found.end(2), "AGE")
    for pattern in (_OF_SOMEONE, _ASKED, _AT):
        for found in pattern.finditer(text):
            group = found.lastindex or 0
            before = text[max(0, found.start(group) - 70) : found.start(group)].rpartition("\n")[2]
            if not _MEASURED.search(before):
                yield Span(found.start(group), found.end(group), "AGE")


def _is_person(word: str) -> bool:
    """Return whether a capitalised word before an age may be a name, and is no measured value such as Sats."""
    listed = word in given_names() or word in surnames() or word in word_names()
    plain = word in common_words() or word in known_words() or word in eponyms() or word in drugs()
    return (listed or not plain) and not _MEASURED.fullmatch(word) and (not plain or word in word_names())
