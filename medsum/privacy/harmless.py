"""Find words that look like names or places but are none: brands, dishes, genes, and terms with a surname in them."""

import re
from collections.abc import Iterator
from functools import cache

from medsum.privacy.lexicon import FOLDER, given_names
from medsum.privacy.span import Span

_AMINO = "Ala|Arg|Asn|Asp|Cys|Gln|Glu|Gly|His|Ile|Leu|Lys|Met|Phe|Pro|Ser|Thr|Trp|Tyr|Val|Ter"
_VARIANT = re.compile(
    rf"\bp\.\(?(?:{_AMINO})\d{{1,5}}(?:{_AMINO}|[A-Z*=]|fs|del|dup|ins)?|\b(?:{_AMINO})\d{{1,5}}(?:{_AMINO})?"
)
_EPONYM = r"[A-ZÀ-Þ][a-zà-ÿ]{2,20}(?:[ -][A-ZÀ-Þ][a-zà-ÿ]{2,20}){0,2}(?:['’]s?)?"
_SURE_NOUN = (
    r"(?:IgM|IgG|IgA|PCR|serology|antibod\w{1,4}|titres?|titers?|antigen|chromosomes?|translocation|mutation|variant"
    r"|incisions?|scars?|signs?|tests?|maneuvers?|manoeuvres?|phenomenon|syndrome|disease|reflex|classification"
    r"|criteria"
    r"|score|scale|grade|staging|index|equation|virus|position)"
)
_NOUN = (
    rf"(?:{_SURE_NOUN}|reflexes|gait|sutures?|forceps|retractors?|needle|stain|bodies|cells|nodules?|nodes?|rings?"
    rf"|lines|spots?"
    r"|grading|fracture|dislocation|procedure|operation|repair|technique|exercises|protocol|formula|rules?|triad"
    r"|law|tetrad|pouch"
    r"|brace|splint|collar|prosthesis|type|n[a]?evus|tumou?r|ulcer|hernia|palsy|an[a]?emia|cysts?|ducts?|ligament"
    r"|canal|graft|flap|murmur|posture|maneuver|point|contracture|deformity|malformation|melanoma)"
)
_BETWEEN = r"(?:positive |negative |type |like |B\d? )?"
_TERM = re.compile(  # examples: `West Nile IgM`, `Philadelphia chromosome`, `Coxsackie type`
    rf"(?<![\w-])({_EPONYM}) {_BETWEEN}{_NOUN}(?![\w-])"
)
_TERMS = re.compile(  # example: `Kocher, Lanz and midline scars`
    rf"(?<![\w-])({_EPONYM}(?:, {_EPONYM}){{0,3}},? (?:and|or) (?:{_EPONYM}|[a-z]{{4,12}})) {_NOUN}(?![\w-])"
)
_SURE_TERM = re.compile(rf"(?<![\w-])([A-ZÀ-Þ][a-zà-ÿ]{{2,20}}) {_BETWEEN}{_SURE_NOUN}(?![\w-])")
_ALONE = re.compile(
    r"(?<![\w-])([A-ZÀ-Þ][\w-]{3,20})(?:['’]s?)? (?:both |all )?(?:positive|negative|equivocal|absent"
    r"|bilaterally)(?![\w-])"
)
_BEFORE = (
    r"(?:at|from|to|the|an?|some|of|eat|ate|eating|had|have|like|love|got|get|into|near|outside|with|and|or|drink|drank"
    r"|for|via)"
)
_OWN = (  # before these words, a name with `'s` is a person's name, as in `Wendy's house`
    r"(?:mum|mom|mother|father|dad|wife|husband|son|daughter|brother|sister|house|place|room|bed|wound|appointment|chart"
    r"|birthday)"
)


_OF_A_PART = re.compile(  # examples: `circle of Willis`, `pouch of Douglas`
    r"\b(?i:circle|pouch|ampulla|sphincter|ligament|canal|loop|islets?|angle|crypts?|foramen|node|fascia|triangle"
    r"|fissure|bundle|valves?|duct|organ|torus|tract|tubercle|zone|fold|artery|vein|cave|plexus|antrum|apparatus"
    r"|corpuscles?|membrane|recess|fossa|tendon) of (?:the )?"
    r"([A-ZÀ-Þ][\w'’-]{2,20})(?![\w-])"
)


def harmless(text: str) -> Iterator[Span]:
    """Yield the spans of words that are never names or places."""
    for found in _brands().finditer(text):
        yield Span(found.start(), found.end(), "NAME")
    for found in _brands_after_words().finditer(text):
        yield Span(found.start(1), found.end(1), "NAME")
    for found in _VARIANT.finditer(text):
        yield Span(found.start(), found.end(), "NAME")
    for found in _SURE_TERM.finditer(text):
        yield Span(found.start(), found.end(), "NAME")
    for found in _OF_A_PART.finditer(text):
        yield Span(found.start(1), found.end(1), "NAME")
    for pattern in (_TERM, _TERMS, _ALONE):
        for found in pattern.finditer(text):
            if not any(word.lower() in given_names() for word in re.findall(r"[^\W\d_]{3,}", found[1])):
                yield Span(found.start(), found.end(), "NAME")


@cache
def _of_list() -> tuple[list[str], list[str]]:
    """Return the brands that are sure, and those that look like a person's name with `'s`, such as `Wendy's`."""
    lines = (FOLDER / "brands.txt").read_text(encoding="utf-8").splitlines()
    names = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    shops = [name for name in names if re.fullmatch(r"[\w.]+'s?", name)]
    return [name for name in names if name not in shops], shops


def _any(names: list[str]) -> str:
    return "|".join(re.escape(name).replace("'", "['’]?") for name in sorted(names, key=len, reverse=True))


@cache
def _brands() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{_any(_of_list()[0])})(?: I{{1,3}})?(?![\w-])", re.IGNORECASE)


@cache
def _brands_after_words() -> re.Pattern[str]:
    return re.compile(rf"\b(?i:{_BEFORE}) ({_any(_of_list()[1])})(?![\w-]| {_OWN}\b)")
