"""Decide whether a line certainly begins with a tag. The decision depends on the tags of the whole dialogue.

A tag is the text at the start of a turn that names its speaker, such as `Doctor` in `Doctor: Any pain?`.
"""

import re

from medsum.dialogue.learnt_tags import LETTERS, Learnt
from medsum.dialogue.not_speakers import has_heading_word, is_heading, is_medication
from medsum.dialogue.roles import OF_DEVICE, PARTICLES, person
from medsum.dialogue.tag_forms import Tagged, alone_tag, bracket_tag, colon_tag, dash_tag, is_strong, spaced_tag
from medsum.dialogue.titles import is_name_alone

_HONORIFIC = re.compile(r"(?:Mr|Mrs|Ms|Miss|Mx)\b\.? ?\w", re.IGNORECASE)
_TITLED = re.compile(r"(?:Dr|Mr|Mrs|Ms|Miss|Prof)\b")


def starts_utterance(said: str, learnt: Learnt) -> bool:
    """Return whether a text begins like speech and not like an item of a list."""
    first = said.lstrip("\"'([*_ ")[:1]
    return not said or first.isupper() or first in "\u00bf\u00a1" or (learnt.lower and first.isalpha())


def is_known(found: Tagged, learnt: Learnt) -> bool:
    """Return whether the beginning of a line is certainly a tag."""
    who, tag = person(found.tag), found.tag
    if found.form == "sure":
        return True
    if found.form == "colon":
        return _is_known_before_colon(found, learnt)
    if found.form == "bracket":
        if who.known or learnt.named > 1:  # otherwise `(sometimes) at night` would begin a turn
            return who.known
        in_use = learnt.lines_of["bracket"]
        return (in_use > 2 and not is_heading(tag)) or learnt.counts("bracket", tag) > 1
    if found.form == "dash":
        return (who.known and not has_heading_word(tag)) or (learnt.covers("dash") and learnt.counts("dash", tag) > 1)
    if found.form == "alone timed":
        if learnt.alone_times > 1 and is_name_of_person(tag):
            return True
        in_use = learnt.covers("alone") or learnt.counts("alone timed", tag) > 1
        return who.known or (in_use and tag[:1].isupper() and is_name(tag) and not is_heading(tag))
    own_lines = learnt.covers("alone") or learnt.on_own_lines
    if own_lines and learnt.counts("alone", tag) > 1 and is_name_of_person(tag):
        return True
    return (
        who.known
        and not has_heading_word(who.name)  # for example `Patient Instructions`
        and (tag[:1].isupper() or not who.name)
        and (learnt.covers("alone") or tag.lower() not in ("family", "person", "voice"))
    )


def _is_known_before_colon(found: Tagged, learnt: Learnt) -> bool:
    tag = found.tag
    often = learnt.colon[tag.lower()]
    if len(tag) == 1:
        return (learnt.letters and tag.lower() in LETTERS) or often > 1 or tag.lower() in learnt.letter_tags
    if is_strong(tag):
        _, dash, name = tag.partition(" - ")
        may_be_said = (tag.islower() and len(tag.split()) > 3) or (dash and not _TITLED.match(name) and often < 2)
        return not may_be_said
    if is_heading(tag) or is_medication(tag, found.said):
        return False
    if _HONORIFIC.match(tag) and is_name(tag):
        return True
    if person(tag).known:
        return often > 1 or starts_utterance(found.said, learnt)
    if learnt.covering:  # many tags of this dialogue have another form, such as `[Doctor]`
        return False
    if learnt.is_of_values(tag):
        return False
    if not tag[:1].islower():
        return often > 1 and is_name(tag)
    return often > 1 and not learnt.capital and len(tag.split()) < 3 and often * 4 >= learnt.lines


def is_turn(line: str) -> bool:
    """Return whether a line begins with a role and a colon, whatever the tags of the other lines are."""
    found = colon_tag(line)
    return found is not None and person(found.tag).known


def is_name_of_person(tag: str) -> bool:
    """Return whether a tag is a name with a title, as in `MRS. LOW`, or a name of two words, as in `Joan Low`."""
    named = _HONORIFIC.match(tag) is not None or is_name_alone(tag)
    return named and is_name(tag) and not has_heading_word(tag)


def is_name(tag: str) -> bool:
    """Return whether each word of a tag may be a part of a name.

    Such a word does not begin with a small letter, or it is a word such as `van` or `iPad`.
    """
    return all(not word[:1].islower() or word in PARTICLES or OF_DEVICE.fullmatch(word) for word in tag.split())


def first_tag(line: str, learnt: Learnt) -> Tagged | None:
    """Return the tag at the beginning of a line, or None if the line does not certainly begin with a tag."""
    for find in (colon_tag, bracket_tag, dash_tag, alone_tag):
        found = find(line)
        if found and is_known(found, learnt):
            return found
    return spaced_tag(line) if learnt.spaced else None
