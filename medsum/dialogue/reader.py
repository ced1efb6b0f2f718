"""Read a text as a dialogue. Return its turns, or refuse the text and name the line with the problem.

A tag is the text at the start of a turn that names its speaker, such as `Doctor` in `Doctor: Any pain?`.
"""

import re
from dataclasses import dataclass, field

from medsum.core.errors import UserError
from medsum.dialogue.afterword import without_afterword
from medsum.dialogue.around_turns import check_end, check_preamble, is_of_head, is_title, lines_of_head
from medsum.dialogue.dictation import check_speakers
from medsum.dialogue.kin_lists import kin_list
from medsum.dialogue.known_tags import first_tag
from medsum.dialogue.learnt_tags import Learnt
from medsum.dialogue.line_parts import Turn, check_one_speaker, keep_address, parts_of, spoken
from medsum.dialogue.line_starts import Line, Start, starts_with_time, without_time_at_start
from medsum.dialogue.lines import lines_of
from medsum.dialogue.one_visit import check_lines, check_turns, repeated_head
from medsum.dialogue.paragraphs import check_paragraphs, check_speech, is_sentence
from medsum.dialogue.roles import person
from medsum.dialogue.signed_note import without_signed_note
from medsum.dialogue.speakers import name_speakers
from medsum.dialogue.tag_forms import Tagged
from medsum.dialogue.titles import begins_like_turn
from medsum.dialogue.unsure_tags import check_no_name, check_no_tag, unsure_tag
from medsum.dialogue.word_languages import is_foreign

NO_SPEAKER = "no speaker is named; begin each turn with its speaker, as in 'Doctor: ...' and 'Patient: ...'"
_IN_QUOTES = re.compile(r'"[^"]+"')
_MOST_WORDS_OF_FIELD = 6
_NOTHING = re.compile(r"(?:nan|none|null|n/a|#n/a)?$", re.IGNORECASE)


@dataclass
class Dialogue:
    """The turns in order, and the numbers of the lines below the last turn that are left out."""

    turns: list[Turn]
    note: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the dialogue with one line `Speaker: text` for each turn."""
        return "\n".join(f"{turn.speaker}: {turn.said}" for turn in self.turns)

    @property
    def speakers(self) -> list[str]:
        """Return each speaker once, in order of appearance."""
        return list(dict.fromkeys(turn.speaker for turn in self.turns))

    @property
    def tags_within_lines(self) -> int:
        """Return the number of turns that begin in the middle of a line."""
        return sum(turn.within for turn in self.turns)


@dataclass
class _Text:
    """The lines of a text, and the tag of each line that begins a turn.

    `head` is the number of lines of the head, `listed` has the indices of lines that list relatives, and `titles` has
    the indices of titles. `note` has the numbers of the lines below the last turn that are left out.
    """

    lines: list[Line]
    tagged: list[Tagged | None]
    learnt: Learnt
    head: int
    titles: set[int]
    listed: set[int]
    note: list[int]


def read(text: str) -> Dialogue:
    """Return the dialogue of a text.

    Raise UserError if nobody speaks, if the text has more than one visit, if a line belongs to no turn, or if it is
    unclear whether a line begins a turn or continues the previous turn.
    """
    source = _with_tags(lines_of(text))
    _add_unsure_tags(source)
    turns, preamble = _turns(source)
    said = [turn for turn in turns if turn.said]
    if not said or all(_NOTHING.match(turn.said) for turn in said):
        raise UserError(NO_SPEAKER)
    check_preamble(preamble)
    below_head = zip(source.lines[source.head :], source.tagged[source.head :], strict=True)
    tagged = {line.number for line, found in below_head if found}
    if not is_foreign(turn.said for turn in said):  # the words that show speech are English
        check_paragraphs(source.lines, tagged | {turn.line for turn in turns}, _placed(source))
        check_speech(said)
    _remove_quotes(said)
    name_speakers(said)
    check_speakers(said)
    check_turns(said, source.lines)
    return Dialogue(said, source.note)


def _are_fields(parts: list[Turn]) -> bool:
    """Return whether the parts of a line are fields of a form, as in `Language: Spanish  Interpreter: not needed`."""
    return all(len(part.said.split()) <= _MOST_WORDS_OF_FIELD and not is_sentence(part.said) for part in parts)


def _remove_quotes(turns: list[Turn]) -> None:
    """Remove the quotation marks around the speech of each turn, if every turn has them."""
    if len(turns) > 1 and all(_IN_QUOTES.fullmatch(turn.said) for turn in turns):
        for turn in turns:
            turn.said = turn.said[1:-1].strip()


def _placed(source: _Text) -> set[int]:
    """Return the numbers of lines with a known place: the head, titles, lists, and speech below a tag alone."""
    below_tags = [index + 1 for index, found in enumerate(source.tagged[:-1]) if found and not found.said]
    places = (*range(source.head), *source.titles, *source.listed, *below_tags)
    return {source.lines[index].number for index in places}


def _with_tags(lines: list[Line]) -> _Text:
    """Return the lines with their tags, without text below the last turn. Raise UserError if there are two visits."""
    learnt = Learnt()
    for line in lines:
        learnt.learn(line.start.bare)
    learnt.finish()
    titles = {index for index, line in enumerate(lines) if begins_like_turn(line.start.text)}
    listed = kin_list(lines)
    tagged = [
        None if index in titles or index in listed else first_tag(line.start.bare, learnt)
        for index, line in enumerate(lines)
    ]
    kept, tagged = without_afterword(lines, _without_silent_names(tagged))
    kept, tagged = without_afterword(*without_signed_note(kept, tagged))
    note = [line.number for line in lines[len(kept) :]]
    head = lines_of_head(kept, tagged)
    repeated = repeated_head(kept, tagged)
    check_lines(kept, tagged, head, repeated)
    check_end(kept, tagged, learnt)
    titles |= repeated
    titles |= {index for index, line in enumerate(kept) if tagged[index] is None and is_title(line.start.text)}
    return _Text(kept, tagged, learnt, head, titles, listed, note)


def _without_silent_names(tagged: list[Tagged | None]) -> list[Tagged | None]:
    """Return the tags without names on lines of their own below which nobody ever speaks.

    Such a line may be speech, for example `Around 10:30` twice, which looks like a name and a time.
    """
    below = zip(tagged, [*tagged[1:], Tagged("", "", "")], strict=False)
    speaking = {found.tag for found, after in below if found and (found.said or after is None)}
    alone = {found.tag for found in tagged if found and found.form == "alone timed"} - speaking
    return [None if found and found.tag in alone else found for found in tagged]


def _add_unsure_tags(source: _Text) -> None:
    """Add the tags of people who have only one turn. Raise UserError if it is unclear whether a line is a turn."""
    lines, certain = source.lines, list(source.tagged)
    timed = sum(map(bool, certain)) > 1 and all(line.timed for line, tag in zip(lines, certain, strict=True) if tag)
    first = next((index for index, found in enumerate(certain) if found), 0)
    begun = False
    for index in range(source.head, len(lines)):
        line, found = lines[index], certain[index]
        if found is None and index not in source.titles:
            found = None if index in source.listed else unsure_tag(lines, index, source.learnt, above=index < first)
            if found is None and timed and line.timed:
                check_no_tag(line)
            if found is None and begun:
                check_no_name(line, certain[index - 1], source.learnt)
            source.tagged[index] = found
        begun |= found is not None


def _turns(source: _Text) -> tuple[list[Turn], list[Line]]:
    """Return the turns of the lines, and the lines before the first turn."""
    stamps = [line.start.stamped for line, found in zip(source.lines, source.tagged, strict=True) if found]
    stamped = sum(stamps) > 1 and sum(stamps) * 2 >= len(stamps)
    after_tags = [starts_with_time(found.said) for found in source.tagged if found and found.said]
    timed = source.learnt.timed or (sum(after_tags) > 1 and sum(after_tags) * 2 >= len(after_tags))
    turns: list[Turn] = []
    preamble: list[Line] = []
    for index in range(source.head, len(source.lines)):
        line, found = source.lines[index], source.tagged[index]
        if index in source.titles:
            continue
        if found:
            keep_address(turns)
            is_next_cue = line.in_cue and turns and turns[-1].tag == found.tag  # each cue of a turn has its tag
            turns += [] if is_next_cue else [Turn(line.number, found.tag, "")]
        for part in _parts(source, index, stamped=stamped, timed=timed):
            if part.tag:
                turns.append(part)
            elif turns:
                turns[-1].said = f"{turns[-1].said} {part.said}".strip()
            elif part.said and found is None:
                preamble.append(Line(line.number, Start(part.said, part.said, False)))
    return turns, preamble


def _parts(source: _Text, index: int, *, stamped: bool, timed: bool) -> list[Turn]:
    """Return the parts of the speech in a line. If `timed` is true, a time after a tag is no speech.

    Raise UserError if the line begins with two speakers.
    """
    line, found = source.lines[index], source.tagged[index]
    rest = found.said if found else (line.start.bare if stamped and line.start.stamped else line.start.text)
    if index in source.listed:
        return [Turn(line.number, "", spoken(rest))]
    if timed and found:
        rest = without_time_at_start(rest)
    parts = parts_of(rest, source.learnt, line.number)
    if found is None and not any(source.tagged[:index]) and is_of_head(line.start.bare) and _are_fields(parts):
        return [Turn(line.number, "", spoken(rest))]
    if found and person(found.tag).known and len(parts) > 1 and not parts[0].said:
        check_one_speaker(found.tag, parts[1])
    return parts
