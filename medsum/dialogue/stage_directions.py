"""Find stage directions, which describe actions and sounds: `[laughs]` or `*knock at the door*`.

Gestures such as `(nods)` or `(pointing to the left knee)` are kept, because they may be answers. The mark `[inaudible]`
is also kept, because it marks a gap in the speech.
"""

import re

from medsum.dialogue.roles import person

_ASIDE = re.compile(r" ?(?:\[[^\[\]]{3,40}\]|\{[^{}]{3,40}\}|\([^()]{3,40}\)|(?<!\*)\*[^*]{3,40}\*(?!\*))")
_WHOLE_LINE = re.compile(
    r"(?:\[+([^\[\]]{3,80})\]+|\(+([^()]{3,80})\)+|\{([^{}]{3,80})\}|\*{1,2}([^*]{3,80})\*{1,2}|<<?([^<>]{3,80})>>?)\.?$"
)
_BEFORE_STOP = re.compile(r" (?=[,.;?!](?:\s|$))")  # the space that is left before the full stop of `Fine [laughs].`
_SOUNDS_WORDS = """
laughs laughing laughter laugh chuckles chuckling giggles giggling sighs sighing sigh crosstalk overlapping pause pauses
pausing silence applause music noise noises coughs coughing cough clears clearing sniffs sniffling sniffles types typing
writes writing rings ringing beeps beeping barks barking cries crying cry sobs sobbing weeps weeping rustles rustling
opens closes closing knocks knocking knock slams footsteps static chatter hold break intermission
"""
_ACTS_WORDS = """
stands sits lies gets leaves enters returns comes goes walks moves steps turns climbs undresses dresses removes washes
looks watches listens examines palpates auscultates inspects performs puts prints hands picks leans hugs smiles frowns
whispers hesitates waits blows checks measures adjusts rolls stops begins starts continues laughs reads searches scrolls
laugh sit stand leave enter standing sitting leaving entering walking examining washing listening looking palpating
auscultating performing checking measuring reading printing changing brings calls answers wraps unwraps prepares
joins arrives hangs
"""
_OTHER_WORDS = """
patient doctor clinician both they he she everyone sound of the a his her their throat background long short brief loud
soft slight speech voices phone door chair paper papers keyboard computer baby dog pager softly loudly quietly nervously
again together briefly in on at for few s sec second seconds min minute minutes room someone telephone hallway music
"""
_SOUNDS = frozenset(_SOUNDS_WORDS.split())
_ACTS = _SOUNDS | frozenset(_ACTS_WORDS.split())
_OF_SOUNDS = _SOUNDS | frozenset(_OTHER_WORDS.split())
_MEANING = re.compile(  # a line with one of these words is kept, because it may be an answer, a finding or speech
    r"\d|[:?!=]|\b(?:nod\w*|sha[kr]\w*|shook|point\w*|shrug\w*|gestur\w*|indicat\w*|shows?|showing|rais\w*|lift\w*"
    r"|hold\w*|demonstrat\w*|says?|sa(?:id|ying)|reports?|states?|denies|agrees|declines|refuses|wince\w*|grimac\w*|that"
    r"|no|not|i|i'm|me|my|we|you|your|pain\w*|tender\w*|swollen|swelling|red|normal|mg|ml|left|right|translat\w*"
    r"|interpret(?:s|ed|ing)|spanish|inaudible|unintelligible|indiscernible|unclear)\b",
    re.IGNORECASE,
)
_OF_RECORDING = re.compile(
    r"[\[(*]+(?:end|start|begin|recording|transcript|music|silence|pause|beep)[^\])]*[\])*]+$|"
    r"-*\s*(?:end|start|beginning) of (?:the )?(?:recording|transcript\w*|visit|session|conversation)\W*$",
    re.IGNORECASE,
)
_SOUND_OF = re.compile(r"(?:sounds?|noises?) of (?:the |a |an )?[a-z' -]{2,40}$", re.IGNORECASE)
_NOTE = re.compile(
    r"[\[(*]+(?:transcriber'?s? |transcriptionist'?s? |editor'?s? )?(?:note|comment):[^\[\]]*[\])*]+$", re.I
)
_TIMED_PAUSE = re.compile(
    r"[(\[<]{1,2}(?:\d{0,2}\.\d{1,2}|\.)[)\]>]{1,2}$"
)  # `(0.8)` or `(.)`, as analysts of conversations write
_MOST_WORDS = 10


def without_directions(line: str) -> str:
    """Return the line without stage directions such as `[laughs]`, `(door closes)` and `*coughs loudly*`."""
    if not any(mark in line for mark in "[({*"):
        return line
    kept = _ASIDE.sub(lambda found: " " if _is_sound(found[0]) else found[0], line)
    return line if kept == line else _BEFORE_STOP.sub("", " ".join(kept.split()))


def is_direction(line: str) -> bool:
    """Return whether a whole line is a stage direction, such as `[Patient stands up]`, `(0.8)` or `[End of tape]`."""
    if _OF_RECORDING.match(line) or _NOTE.match(line) or _TIMED_PAUSE.match(line):
        return True
    found = _WHOLE_LINE.match(line)
    if not found:
        return False
    text = next(group for group in found.groups() if group)
    return _SOUND_OF.match(text) is not None or _is_sound(text) or (not may_be_answer(text) and _is_act(text))


def may_be_answer(text: str) -> bool:
    """Return whether a text in brackets may be an answer, a finding or speech, as in `nods` or `points to the knee`."""
    return _MEANING.search(text) is not None


def _is_sound(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+", text.lower())
    return any(word in _SOUNDS for word in words) and all(word in _OF_SOUNDS for word in words)


def _is_act(text: str) -> bool:
    """Return whether a text describes an action, as in `Doctor leaves the room`, `both laugh` or `washes hands`."""
    words = re.findall(r"[\w'-]+", text)
    if not words or len(words) > _MOST_WORDS:
        return False
    subject = 0
    while subject < len(words) and _may_be_subject(words[subject]):
        subject += 1
    rest = [word.lower() for word in words[subject:]]
    while rest and (rest[0].endswith("ly") or rest[0] in ("is", "are", "then", "has")):
        rest = rest[1:]
    return bool(rest) and not _ACTS.isdisjoint(_in_present(rest[0]))


def _in_present(word: str) -> set[str]:
    """Return a word and, for a word such as `laughed`, its forms in the present."""
    return {word, word.removesuffix("ed"), f"{word.removesuffix('ed')}s"} if word.endswith("ed") else {word}


def _may_be_subject(word: str) -> bool:
    lower = word.lower().removesuffix("'s")
    if lower in _ACTS:
        return False
    return (
        word[:1].isupper()
        or lower
        in ("the", "a", "an", "and", "both", "all", "everyone", "they", "he", "she", "someone", "phone", "door")
        or (person(word.removesuffix("'s")).known)
    )
