"""Find names whose place shows them: answers to a question for a name, name fields, and names before spelled letters.

Most of these names are in no list. Therefore a word counts as a name unless it is an ordinary word.
"""

import re
from collections.abc import Iterator
from functools import cache

from medsum.privacy.lexicon import (
    countries,
    drugs,
    eponyms,
    frequent_surnames,
    given_names,
    places,
    surnames,
    word_names,
)
from medsum.privacy.name_patterns import CONTRACTED, PARTICLES, SPELLED
from medsum.privacy.span import Span
from medsum.privacy.word_endings import is_ordinary
from medsum.privacy.word_features import known_words
from medsum.privacy.words import Word, has_capitals

_LONGEST = 5  # a name has at most 5 words
_ASKED = re.compile(
    r"\b(?:(?:sur|fore|nick)?names?\b(?! of (?:the|your|that|this|it)| (?:on|for) the (?!form|file|card|chart"
    r"|record|system))"
    r"|(?:who|whose)(?:'s|’s|s)? (?:is |are |was |am )?(?:(?:you|I|he|she|they|we|speaking|calling|this|that|your"
    r"|his|her|the"
    r"|(?:refer|brought|sent|saw|see[ns]?|put|told|did|do|does|should|can|could|will|shall|would|lives?|looks|is"
    r"|else)\w{0,6})\b)"
    r"|(?:next of kin|emergency contact|carer|proxy)\b"
    r"|spell\b|called\b|call you\b|known as\b|initials\b|speaking (?:to|with)\b"
    r"|mean by\b)[^\n?:]{0,60}\?[^\n?:]{0,20}?[ \t]{0,2}"
    r"(?:\n[^\n:]{1,30}: ?|\n)?",
    re.IGNORECASE,
)
_NO_PERSON = re.compile(
    r"\b(?:job|work|trade|test|tablets?|drug|medicine|cream|pill|condition|disease|scan|hospital|street|town|school)\b",
    re.I,
)
_NAME_ASKED = re.compile(
    r"names?\b|spell|speaking|\bcalled|call you|known as|(?:am I|are you)\b|is (?:this|that|calling|speaking)",
    re.IGNORECASE,
)
_FILLER_WORDS = """
yes yeah yep sure okay ok so well er um uh oh ah hi hello right certainly it's it’s its it is was that's that’s thats
this i'm i’m im i am my the name names surname last first maiden middle full given family they call me everyone
everybody people usually just still now actually he's he’s he she's she’s she would be that'd that'll that’ll be and
married but we are called by same as before dr doctor mr mrs ms miss professor prof nurse a an capital with officially
legally wife husband son daughter mother father mum mom dad brother sister partner neighbour neighbor friend niece
nephew aunt uncle carer our your his her their of course please thanks spelled spelt goes
"""
_FILLERS = frozenset(_FILLER_WORDS.split())
_NO_NAME_WORDS = """
no not none nobody no-one nothing never i you we they what why when where how who which don't can't can there there's
any all both me myself him them us nope pardon sorry let doctor patient nurse caller one two three hold hang wait
"""
_NO_NAMES = frozenset(_NO_NAME_WORDS.split())
_FIELD = re.compile(
    r"\b(?:(?:sur|fore|first |last |full |maiden |middle |given |family |birth |married |preferred )?name"
    r"(?: of (?:the )?(?:patient|pt|caller|client|child|baby|mother|father|carer))?(?:'s|’s| is| was|s| on (?:file|the "
    r"(?:chart|card|form|file)) is)?(?: actually| really| now| spelled| spelt)?|nok|next of kin(?: is)?|goes by"
    r"|prefers(?: to be called)?|known as|everyone says|(?:everyone|people|they) calls? (?:me|him|her|them)"
    r"|(?:patient|pt|caller|client|baby|child) (?:is )?(?:called|named)|née|nee|formerly)[ :]{1,2}",
    re.IGNORECASE,
)
_SHORTHAND = re.compile(  # words before a name in notes without capitals, as in `seen rashid in the corridor`
    r"(?:(?:^|[\n.,;:(/-] ?|\b(?:i|we|then|and|also|just|already|have|has|had|been|was|pls|please|to|will|can you"
    r"|could you|must) )(?:re-?)?(?:seen|saw|met|rang|rung|ring|called|call|phoned|phone|bleeped|paged|texted|emailed"
    r"|told|tell|asked|ask|informed|updated|reviewed|review|examined|visited|consented|chased|contacted|contact"
    r"|reassured|counselled|advised|assessed|escorted|accompanied|admitted|discharged|referred|transferred|moved|took"
    r"|helped|washed|fed|walked|attended to|refer|see|thank|thanked|meet|known|know|married|marry|miss|love|lost"
    r"|helping|visiting|seeing|help)"
    r"|\b(?:seen|reviewed|assessed|accompanied|brought in|checked|taken|done|given|signed|booked|referred|written|typed"
    r"|witnessed|called|looked after|cared for|examined|scrubbed) by|\b(?:d/?w|discussed with|spoke (?:to|with)"
    r"|spoken (?:to|with)|chat(?:ted)? (?:to|with)|met with|seen with|here with|handover (?:to|from)|h/o (?:to|from)"
    r"|(?:message|call|letter) (?:to|from|for)|refer(?:red)? to|cc|attn|fao|pt|patient|client|resident|baby|hi"
    r"|hello|hey"
    r"|dear|thanks|thank you|cheers|regards|morning|per|via|w/|bed \d{1,2}|rm \d{1,3}|room \d{1,3}|re|it was|me and"
    r"|us and|with|old|little|big|our|cousin|auntie|uncle|nanna|grandma|grandad)[:,]?)"
    r"(?= [^\W\d_])",
    re.IGNORECASE | re.MULTILINE,
)


def stated_names(text: str, found: list[Word]) -> Iterator[Span]:
    """Yield names in answers, after name fields and before spelled letters."""
    numbers = {word.start: number for number, word in enumerate(found)}
    cased = has_capitals(text, found)
    for asked in _ASKED.finditer(text):
        if _NO_PERSON.search(asked[0].partition("?")[0]):
            continue
        yield from _answer(text, found, numbers, asked, cased)
    if not cased:
        for field in _FIELD.finditer(text):
            yield from _unlisted(found, numbers.get(field.end()))
        for before in _SHORTHAND.finditer(text):
            yield from _listed(found, numbers.get(before.end() + 1))
        for word in found:
            if len(word.text) > 3 and word.lower in _only_given_names() and not is_ordinary(word.lower):
                yield Span(word.start, word.end, "NAME")
    yield from _spelled(text, found)


@cache
def _only_given_names() -> frozenset[str]:
    """Return given names that have no other meaning."""
    return given_names() - word_names() - places() - eponyms() - countries()


def _answer(text: str, found: list[Word], numbers: dict[int, int], asked: re.Match[str], cased: bool) -> Iterator[Span]:
    """Yield the name with which an answer begins, after words such as `Yes, it's`."""
    number = numbers.get(asked.end())
    skipped = 0
    while number is not None and number < len(found) and skipped < 8 and found[number].lower in _FILLERS:
        if found[number].capital and skipped and _is_ended(text, found[number]) and found[number].lower in word_names():
            break
        number, skipped = number + 1, skipped + 1
    if number is None or number >= len(found) or found[number].lower in _NO_NAMES:
        return
    sure = bool(_NAME_ASKED.search(asked[0]))
    if found[number].capital:
        yield from _capitalised(text, found, number, sure)
    elif not cased or found[number].lower in PARTICLES:
        yield from _unlisted(found, number)


def _capitalised(text: str, found: list[Word], number: int, sure: bool) -> Iterator[Span]:
    """Yield the capitalised words at `number`, if they may be a name."""
    end = number + 1
    while (
        end < len(found)
        and end - number < _LONGEST
        and found[end].gap in (" ", "-", ". ")
        and (found[end].capital or found[end].lower in PARTICLES)
        and (found[end].gap != ". " or len(found[end - 1].text) == 1)
    ):
        end += 1
    while end > number + 1 and not found[end - 1].capital:
        end -= 1
    first, last = found[number], found[end - 1]
    if CONTRACTED.search(first.lower):
        return
    listed = first.lower in given_names() or first.lower in surnames() or first.lower in word_names()
    plain = is_ordinary(first.lower)
    alone = _is_ended(text, last)
    if (sure and (not plain or (listed and alone and first.lower not in drugs()))) or (
        not plain and not _is_place(first)
    ):
        yield Span(first.start, last.end, "NAME")


def _unlisted(found: list[Word], number: int | None) -> Iterator[Span]:
    """Yield the words in lower case at `number` that are not ordinary words."""
    if number is None:
        return
    end = number
    while end < len(found) and end - number < _LONGEST and (end == number or found[end].gap in (" ", "-")):
        if not _may_be_name(found[end], first=end == number) and not (end > number and found[end].lower in PARTICLES):
            break
        end += 1
    while end > number and found[end - 1].lower in PARTICLES:
        end -= 1
    if end > number and (len(found[number].text) > 2 or end - number > 1):
        yield Span(found[number].start, found[end - 1].end, "NAME")


def _listed(found: list[Word], number: int | None) -> Iterator[Span]:
    """Yield the words from index `number` on that are in the lists of names and have no other meaning."""
    if number is None:
        return
    end = number
    while end < len(found) and end - number < _LONGEST and (end == number or found[end].gap == " "):
        word = found[end].lower
        is_name = (word in given_names() or word in (frequent_surnames() if end == number else surnames())) and len(
            word
        ) > 2
        if not is_name or not _may_be_name(found[end], first=False) or word in eponyms() or _is_place(found[end]):
            break
        end += 1
    if end > number:
        yield Span(found[number].start, found[end - 1].end, "NAME")


def _may_be_name(word: Word, *, first: bool) -> bool:
    if first and word.lower in word_names() and word.lower not in known_words():
        return True
    return not is_ordinary(word.lower) and not CONTRACTED.search(word.lower)


def _is_place(word: Word) -> bool:
    return word.lower in places() and word.lower not in given_names()


def _is_ended(text: str, word: Word) -> bool:
    """Return whether a mark or the end of the text follows a word."""
    return text[word.end : word.end + 1] in ("", ",", ".", "\n", ";", "!", "-")


def _spelled(text: str, found: list[Word]) -> Iterator[Span]:
    """Yield each word whose letters are spelled in the text, as in `Oyelaran, that's O-Y-E-L-A-R-A-N`."""
    spelled = {re.sub(r"[^a-z]", "", letters[0].lower()) for letters in SPELLED.finditer(text)}
    for word in found if spelled else ():
        if len(word.text) > 2 and re.sub(r"[^a-z]", "", word.lower) in spelled:
            yield Span(word.start, word.end, "NAME")
