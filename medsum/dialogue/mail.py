"""Read a transcript that a mail quotes. Quoted lines begin with the mark `>`, or with `>>` in a second reply."""

import re
from collections import Counter
from itertools import takewhile

from medsum.core.errors import UserError
from medsum.dialogue.known_tags import is_turn
from medsum.dialogue.not_speakers import is_mail_header
from medsum.dialogue.roles import person
from medsum.dialogue.stage_directions import is_direction
from medsum.dialogue.tag_forms import colon_tag

_QUOTE = re.compile(r"(?:> ?)+")
_CAPTION = 2  # live captions write two marks before a speaker, as in `>> DOCTOR:`
_FOOTER = re.compile(  # lines that programs write below a mail
    r"(?:confidentiality (?:notice|note)|disclaimer|legal notice)\b"
    r"|(?:this|the (?:content|information)\w*\b.{0,20}) (?:e-?mail|message|communication|transmission)\b.{0,80}"
    r"\b(?:confidential|privileged|intended (?:solely|only)|virus)|if you (?:are not|have received) .{0,40}"
    r"\b(?:recipient|error|mistake)|(?:please )?consider the environment\b|sent from my \w+|get outlook for \w+"
    r"|(?:sent|scanned) (?:via|by|with) ",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    r"(?:(?:with )?(?:best|kind|kindest|warm)? ?(?:regards|wishes)|(?:yours )?(?:sincerely|truly|faithfully)"
    r"|(?P<weak>(?:many )?thanks|cheers|best))[,.!]?$",
    re.IGNORECASE,
)
_NAME_LINE = re.compile(r"[A-Z][\w.'-]*(?:[ ,|]{1,3}[\w.'&/()+-]+){0,7}$")
_CONTACT = re.compile(
    r"(?:tel|phone|mobile|direct|ext|fax|e-?mail|web)\b[^?!]{1,60}$|\+?\d[\d ()-]{4,20}$|\S{1,60}[@.]\S{1,60}$", re.I
)
_MOST_LINES_OF_NAME = 4
_MOST_LINES_OF_FOOTER = 20
_INTRODUCTION = re.compile(
    r"On .{6,120} wrote:$|-+ ?(?:original|forwarded) message ?-+$|begin forwarded message:?$", re.IGNORECASE
)


def without_quotes(lines: list[str]) -> list[str]:
    """Return the lines without the marks of quotations. The mail's own lines become empty lines.

    Raise UserError if a line below the first quoted line is not quoted, because nobody knows who wrote this line. There
    are two exceptions. The footer of the mail, such as a notice about confidentiality, is left out. And a line directly
    below a quoted line need not be quoted if it begins with a small letter. Such a line lost its mark when a program
    wrapped the mail.
    """
    levels = [_level(line) for line in lines]
    first = next((place for place, level in enumerate(levels) if level), len(lines))
    end = _begin_of_footer(lines)
    if sum(level > 0 for level in levels) * 2 <= sum(map(bool, lines[first:end])):
        return _without_signature(lines)  # a single `> 3 weeks` is speech
    if _are_captions(lines, levels):
        return [_QUOTE.sub("", line, count=1) for line in lines]
    usual, _ = Counter(level for level in levels if level).most_common(1)[0]
    kept = [_QUOTE.sub("", line, count=1) if level >= usual else "" for line, level in zip(lines, levels, strict=True)]
    begun = False
    if is_letter(lines[:first]) or is_letter(kept[first : first + 6]):
        kept = _without_sign_off(kept)
    for place, (line, level) in enumerate(zip(lines, levels, strict=True)):
        if begun and line.strip("> ") and level < usual:
            if line == "--" or place >= end:  # this line begins the signature of a mail
                return kept
            if not (place and kept[place - 1] and line.lstrip("> ")[:1].islower()):
                mark = ">" * usual
                raise UserError(
                    f"line {place + 1} is not quoted as the lines above it are; remove it, or begin it with {mark}"
                )
            kept[place] = line.lstrip("> ")
        begun |= bool(kept[place])
    return kept


def _without_signature(lines: list[str]) -> list[str]:
    """Return the lines of a forwarded mail without its signature, which begins with the line `--`."""
    begin = next((place for place, line in enumerate(lines) if line == "--"), len(lines))
    if not is_letter(lines[:begin]) or any(map(is_turn, lines[begin:])):
        return lines
    return lines[:begin] + [""] * (len(lines) - begin)


def _begin_of_footer(lines: list[str]) -> int:
    """Return the index of the first line of the mail's footer, or the number of lines if there is no footer.

    A footer has only paragraphs that begin like the footer of a mail, or with `Kind regards` and the name of the
    writer. None of its lines is quoted.
    """
    begin = place = len(lines)
    while place and not _level(lines[place - 1]):
        place -= 1
        if lines[place] and (not place or not lines[place - 1]):  # a paragraph begins
            paragraph = list(filter(None, lines[place:begin]))
            if any(map(is_turn, paragraph)) or len(paragraph) > _MOST_LINES_OF_FOOTER:
                break
            if _FOOTER.match(lines[place].lstrip("*_ ")) or _is_sign_off(paragraph):
                begin = place
            elif not all(map(_is_name_or_contact, paragraph)):
                break
    return begin


def _is_sign_off(paragraph: list[str]) -> bool:
    """Return whether lines have `Kind regards`, the name and the office of the writer, and perhaps a footer."""
    found = _SIGN_OFF.match(paragraph[0])
    if not found or found["weak"]:  # `Thanks` may be speech
        return False
    below = takewhile(lambda line: not _FOOTER.match(line.lstrip("*_ ")), paragraph[1:])
    return all(map(_is_name_or_contact, below))


def _is_name_or_contact(line: str) -> bool:
    return _NAME_LINE.match(line) is not None or _CONTACT.match(line) is not None


def _without_sign_off(lines: list[str]) -> list[str]:
    """Return the lines of a quoted mail without `Regards` and the name of the writer at the end."""
    filled = [place for place, line in enumerate(lines) if line]
    for place in filled[-1 - _MOST_LINES_OF_NAME :]:
        below = [lines[at] for at in filled if at > place]
        found = _SIGN_OFF.match(lines[place]) if place and not lines[place - 1] else None
        if found and (below or not found["weak"]) and all(map(_NAME_LINE.match, below)):
            return lines[:place] + [""] * (len(lines) - place)
    return lines


def _are_captions(lines: list[str], levels: list[int]) -> bool:
    """Return whether `>>` marks a change of speaker, as in live captions, and not a quotation.

    In live captions, each line with the mark names its speaker. Each line without the mark continues a turn, so there
    is no empty line above it. Only a stage direction such as `(END OF SESSION)` may stand apart.
    """
    first = next(place for place, level in enumerate(levels) if level)
    if is_letter(lines[:first]):
        return False
    for place in range(first, len(lines)):
        if levels[place]:
            found = colon_tag(_QUOTE.sub("", lines[place], count=1))
            if levels[place] != _CAPTION or found is None or not (found.tag.isupper() or person(found.tag).known):
                return False
        elif lines[place] and not lines[place - 1] and not is_direction(lines[place]):
            return False
    return True


def is_letter(lines: list[str]) -> bool:
    """Return whether lines belong to a mail: they have at least two mail headers, or a line that introduces a mail."""
    headers = sum(is_mail_header(line.partition(":")[0]) for line in lines if ":" in line)
    return headers > 1 or any(map(introduces_mail, lines))


def introduces_mail(line: str) -> bool:
    """Return whether a line introduces a quoted or forwarded mail, as in `On Monday, Ann Lee wrote:`."""
    return _INTRODUCTION.match(line) is not None


def _level(line: str) -> int:
    found = _QUOTE.match(line)
    return found[0].count(">") if found else 0
