"""Read HTML pages and XML documents as the text of a dialogue, by their structure and not by their vocabulary."""

import html
import re
from collections import Counter
from itertools import groupby

from medsum.core.errors import UserError
from medsum.corpus.markup_names import with_names_above
from medsum.corpus.markup_parser import Block, MarkupParser
from medsum.corpus.segments import marked, sure_turns
from medsum.corpus.text_tables import turns_of_rows
from medsum.dialogue.not_speakers import is_heading
from medsum.dialogue.roles import person
from medsum.dialogue.tag_forms import colon_tag

_START = re.compile(r"\s*<(?:!|\?|(?!v[ .>])[A-Za-z])")
_CDATA = re.compile(r"<!\[CDATA\[([^\]]*(?:\](?!\]>)[^\]]*)*)\]\]>")
_COPYRIGHT = re.compile(
    r"(?:\u00a9|\(c\) ?\d|copyright\b|.{0,80}(?:\ball rights reserved\b|(?:\u00a9|\(c\)) ?\d{4}))", re.IGNORECASE
)
_LISTS = frozenset(("ul", "ol", "li", "blockquote", "p", "br"))
_MOST_UNCLOSED = 1000


def document_text(text: str) -> str | None:
    """Return the text of an HTML page or an XML document with a line for each turn, or None for any other text.

    Scripts, styles, navigation and footers are left out. Raise UserError if text between or below the turns belongs to
    no turn.
    """
    text = text.removeprefix("\ufeff")
    if not _START.match(text) or "</" not in text:
        return None
    if "<!ENTITY" in text:
        raise UserError("this XML declares entities of its own; replace them by their text, and remove <!ENTITY")
    if text.count("<") > text.count(">") + _MOST_UNCLOSED or text.count("<!--") > text.count("-->"):
        raise UserError("this document has tags or comments without an end; save it again, or give the text alone")
    parser = _parsed(text)
    blocks = [block for block in parser.blocks if block.lines and not _is_copyright(block)]
    people = _people(parser)
    for block in blocks:
        block.speaker = _resolved(block, people)
    blocks = with_names_above(_with_tables(blocks))
    return _lines(blocks) if blocks else None


def _parsed(text: str) -> MarkupParser:
    """Return the parser after it has read the text. Raise UserError for what HTMLParser itself cannot read."""
    parser = MarkupParser(text)
    try:
        parser.feed(_CDATA.sub(lambda found: html.escape(found[1], quote=False), text))
        parser.finish()
    except (AssertionError, ValueError):  # for a damaged declaration, and for a code with thousands of digits
        raise UserError("this document has a damaged tag or code; save it again, or give the text alone") from None
    return parser


def _is_copyright(block: Block) -> bool:
    return (
        not block.speaker
        and not block.cell
        and not _begins_turn(block)
        and _COPYRIGHT.match(block.lines[0]) is not None
    )


def _people(parser: MarkupParser) -> dict[str, str]:
    """Return the tag of each declared person: the role if only one person has it, or else the name."""
    roles = Counter(parser.roles.values())
    found = {}
    for key in parser.roles | parser.names:
        role = parser.roles.get(key, "")
        found[key] = role if roles[role] == 1 else parser.names.get(key) or role or key
    return found


def _with_tables(blocks: list[Block]) -> list[Block]:
    """Return the blocks with one block for each row of a table of turns."""
    kept: list[Block] = []
    for table, group in groupby(blocks, key=lambda block: block.cell[0] if block.cell else 0):
        cells = list(group)
        kept += (_turns_of(cells) if table else None) or cells
    return kept


def _turns_of(cells: list[Block]) -> list[Block] | None:
    width = max(block.cell[2] for block in cells if block.cell)
    grid: list[list[str]] = []
    starts: list[Block] = []
    for _, row in groupby(cells, key=lambda block: block.cell and block.cell[1]):
        grid.append([""] * width)
        for place, block in enumerate(row):
            starts += [] if place else [block]
            column = block.cell[2] - 1 if block.cell else 0
            grid[-1][column] = f"{grid[-1][column]} {' '.join(block.lines)}".strip()
    has_header = starts[0].path[-1:] == ("th",)
    turns = turns_of_rows(grid[0] if has_header else [""] * width, grid[has_header:])
    if turns is None:
        return None
    found = []
    for start, turn in zip(starts[has_header:], turns, strict=True):
        speaker, said = turn if isinstance(turn, tuple) else ("", turn)
        found += [Block(start.line, start.path if speaker else ("h2",), speaker, [said])] if said else []
    return found


def _resolved(block: Block, people: dict[str, str]) -> str:
    key = block.speaker.removeprefix("#")
    several = key.replace("#", "").split()
    if len(several) > 1 and (block.speaker.count("#") > 1 or all(one in people for one in several)):
        raise UserError(f"line {block.line} has several speakers at once; give each speaker their own words")
    return people.get(key, key)


def _lines(blocks: list[Block]) -> str:
    """Return the lines of the blocks. A block stands on its line of the document if the lines above leave room."""
    named = [block for block in blocks if block.speaker]
    _check_outside(blocks, named or [block for block in blocks if _begins_turn(block)], bool(named))
    sure = iter(sure_turns([(block.speaker, " ".join(block.lines)) for block in named]))
    others = len(named) < len(blocks)
    lines: list[str] = []
    for block in blocks:
        lines += [""] * (block.line - 1 - len(lines))
        if block.speaker:
            line = next(sure)
            lines.append(f"{marked(block.speaker)}{' '.join(block.lines)}" if others else line)
        else:
            lines += [f"## {line}" if _is_title(block) else line for line in block.lines]
    return "\n".join(lines)


def _check_outside(blocks: list[Block], turns: list[Block], marked_turns: bool) -> None:
    """Raise UserError if a block between or below the turns is not part of a turn.

    If elements mark the turns, all words must be in such elements. Otherwise a paragraph may continue a turn if the
    same elements enclose it as a turn, such as `body` and `div`, or if it is in a list inside these elements.
    """
    if not turns:
        return
    paths = {block.path for block in turns}
    first, last = blocks.index(turns[0]), max(place for place, block in enumerate(blocks) if block in turns)
    ends = {id(block.scope): block for block in turns if block.scope and block.scope.names > 1}
    for block in ends.values():  # a paragraph below the last turn may be text of the page
        if block.paragraphs > 1 and block.path[-1] != "dd":
            raise UserError(
                f"below line {block.line} of the document there are more paragraphs; keep only those of the turn"
            )
    for place, block in enumerate(blocks[first:], start=first):
        if block.speaker or _is_title(block) or block.path == ("hr",) or (not marked_turns and block.path in paths):
            continue
        if not marked_turns and place < last and set(block.path[-2:]) & _LISTS and _is_within(block.path, paths):
            continue
        raise UserError(f"line {block.line} of the document is not part of a turn; remove it, or give it a speaker")


def _is_title(block: Block) -> bool:
    return block.path[-1:] != () and re.fullmatch("h[1-6]", block.path[-1]) is not None


def _is_within(path: tuple[str, ...], paths: set[tuple[str, ...]]) -> bool:
    return any(path[: len(one) - 1] == one[:-1] and set(path[len(one) - 1 :]) <= _LISTS for one in paths)


def _begins_turn(block: Block) -> bool:
    found = colon_tag(block.lines[0])
    return found is not None and person(found.tag).known and not is_heading(found.tag)
