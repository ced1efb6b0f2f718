"""Find the speakers in a document that has the name of each speaker above the words, in an element of its own kind."""

from collections import Counter
from itertools import pairwise

from medsum.core.errors import UserError
from medsum.corpus.markup_parser import Block
from medsum.dialogue.known_tags import is_turn
from medsum.dialogue.roles import person
from medsum.dialogue.tag_forms import may_be_tag

_FEWEST = 3  # with fewer pairs of a name and words, the names may be titles


def with_names_above(blocks: list[Block]) -> list[Block]:
    """Return the blocks with speakers, without the blocks that only name them. Return other blocks unchanged.

    A name stands directly above each block of words. All names have the same place in the document, and all words have
    another place. At least two different names occur, and one of them occurs again. Raise UserError if words have no
    name above them, because another person may say them.
    """
    if any(block.speaker or (is_turn(block.lines[0]) and not block.lines[0].endswith(":")) for block in blocks):
        return blocks
    pairs = [pair for pair in pairwise(blocks) if pair[0].path != pair[1].path]
    places = Counter((above.path, below.path) for above, below in pairs if _is_name(above))
    (name_path, words_path), count = next(iter(places.most_common(1)), (((), ()), 0))
    names = {above for above, below in pairs if (above.path, below.path) == (name_path, words_path)}
    different = {_name(block) for block in names}
    if not (_FEWEST <= count == len(names) and 1 < len(different) < count):
        return blocks
    nameless = [second for first, second in pairwise(blocks) if second.path == words_path and first not in names]
    if nameless and all(person(name).known for name in different):
        return blocks  # the reader knows these speakers, and a turn may have several paragraphs
    if nameless:
        raise UserError(f"line {nameless[0].line} of the document has words without a name above them; add the speaker")
    for above, below in pairs:
        if above in names:
            below.speaker = _name(above)
    return [block for block in blocks if block not in names]


def _name(block: Block) -> str:
    return block.lines[0].rstrip(": ")


def _is_name(block: Block) -> bool:
    return len(block.lines) == 1 and may_be_tag(_name(block).rstrip("."))
