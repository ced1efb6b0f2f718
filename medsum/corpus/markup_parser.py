"""Parse HTML and XML into blocks of text. A block is a paragraph, a title, or the words of an element with a speaker.

The parser resolves no entities that a document declares, and it opens no other files.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

from medsum.core.errors import UserError
from medsum.corpus.markup_words import (
    INLINE,
    NAME_CLASSES,
    NAME_TAGS,
    NAMES_IN_CLASSES,
    NAMES_OF_PEOPLE,
    PEOPLE,
    SKIPPED,
    SKIPPED_CLASSES,
    SKIPPED_IN_CHATS,
    SKIPPED_IN_CLASSES,
    SKIPPED_ROLES,
    SPEAKER_KEYS,
    VOID,
)
from medsum.dialogue.roles import person

Attributes = list[tuple[str, str | None]]
BREAK = "\0"  # this character is the end of a line in a block
_AUTHOR = re.compile(
    rf"\bclass\s*=\s*[\"'](?:[^\"'<>]{{0,200}}[\s_-])?(?:{'|'.join(sorted(NAMES_IN_CLASSES | NAME_CLASSES))})[\s\"']",
    re.IGNORECASE,
)
_LEAST_AUTHORS = 3  # a page with fewer authors may name those who wrote the page
_DEEPEST = 200  # the largest number of elements that are open at the same time


@dataclass(eq=False)
class Element:
    """An open element. The kind is `skip`, `turn`, `name`, `named`, `inline` or `block`.

    An element is `named` if a child of it has named the speaker of the words that follow. `names` counts such children.
    """

    tag: str
    kind: str
    speaker: str = ""
    names: int = 0


@dataclass(eq=False)
class Block:
    """A piece of text, the line in which it begins, and the elements around it. `speaker` is empty if nobody is named.

    `cell` has the numbers of the table, the row and the column if the block is in a table. `scope` is the element whose
    child names the speaker. `paragraphs` counts the elements that end in the block.
    """

    line: int
    path: tuple[str, ...]
    speaker: str = ""
    parts: list[str] = field(default_factory=list)
    cell: tuple[int, int, int] | None = None
    scope: Element | None = None
    paragraphs: int = 0

    @property
    def lines(self) -> list[str]:
        """Return the lines of the text without surrounding white space. An element `<br>` ends a line."""
        return [line for part in "".join(self.parts).split(BREAK) if (line := " ".join(part.split()))]


class MarkupParser(HTMLParser):
    """Collect the blocks and the people that a document declares, such as `<person id="d1" role="doctor"/>`."""

    def __init__(self, text: str) -> None:
        """Begin without blocks. Look in the text for the classes that name the authors of messages."""
        super().__init__(convert_charrefs=True)
        self.has_authors = len(_AUTHOR.findall(text)) >= _LEAST_AUTHORS
        self.blocks: list[Block] = []
        self.roles: dict[str, str] = {}  # id → role
        self.names: dict[str, str] = {}  # id → name
        self._stack: list[Element] = []
        self._open: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()
        self._block: Block | None = None
        self._name: list[str] = []
        self._table = self._row = self._column = 0
        self._person = ""

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        """Open an element."""
        values = {key: (value or "").strip() for key, value in attrs}
        self._declare(tag, values)
        if tag in VOID:
            self._of_void(tag)
            return
        for other in ("dt", "dd") if tag in ("dt", "dd") else ():
            self.handle_endtag(other)  # HTML needs no end tags for terms
        if len(self._stack) >= _DEEPEST:
            raise UserError("the elements of this document are nested too deeply, or not closed; give the text alone")
        self._count_cell(tag)
        kind, speaker = self._kind(tag, values)
        if kind == "name" or (kind in ("turn", "block") and not self._in_turn()):
            self._block = None
        elif self._block is not None:
            self._block.parts.append("" if kind == "inline" else " ")
        if kind == "name":
            self._name = []
        self._stack.append(Element(tag, kind, speaker))
        self._open[tag] += 1
        self._kinds[kind] += 1

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        """Take the declaration of a person, or the speaker and the words, from an empty element."""
        values = {key: (value or "").strip() for key, value in attrs}
        self._declare(tag, values)
        said = next((values[key] for key in ("text", "words", "content", "said") if values.get(key)), "")
        if said and _speaker(values) and not self._kinds["skip"]:
            self._block = None
            path = (*(one.tag for one in self._stack), tag)
            self.blocks.append(Block(self.getpos()[0], path, _speaker(values), [said]))
        self._of_void(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close an element and the elements in it that are still open."""
        while self._open[tag]:
            closed = self._stack.pop()
            if closed.kind == "skip" and closed.tag != tag:
                raise _unclosed(closed.tag)
            self._open[closed.tag] -= 1
            self._kinds[closed.kind] -= 1
            if closed.kind == "name":
                self._take_name()
            if closed.kind in ("turn", "named", "name") or (closed.kind == "block" and not self._in_turn()):
                self._block = None
            elif closed.kind == "block" and self._block is not None:
                self._block.parts.append(" ")
                self._block.paragraphs += 1
            if closed.tag == tag:
                return

    def handle_data(self, data: str) -> None:
        """Add text to the block, to the name of a speaker or to the name of a declared person."""
        top = self._stack[-1].tag if self._stack else ""
        if self._person and top in NAMES_OF_PEOPLE and data.strip():
            known = self.roles if top == "role" else self.names
            known.setdefault(self._person, " ".join(data.split()))
        if self._kinds["skip"]:
            return
        data = data.replace(BREAK, " ")
        if self._kinds["name"]:
            self._name.append(data)
        elif self._block is not None:
            self._block.parts.append(data)
        elif data.strip():
            self._begin(data)

    def finish(self) -> None:
        """Raise UserError if an element that holds no speech is not closed, because the speech may be in it."""
        self.close()
        unclosed = next((one.tag for one in self._stack if one.kind == "skip"), None)
        if unclosed:
            raise _unclosed(unclosed)

    def _begin(self, data: str) -> None:
        line = self.getpos()[0] + data[: len(data) - len(data.lstrip())].count("\n")
        path = tuple(one.tag for one in self._stack if one.kind != "inline")
        turn = next((one for one in reversed(self._stack) if one.kind in ("turn", "named")), None)
        cell = (self._table, self._row, self._column) if self._open["td"] + self._open["th"] else None
        scope = turn if turn and turn.kind == "named" else None
        self._block = Block(line, path, turn.speaker if turn else "", [data], cell, scope)
        self.blocks.append(self._block)

    def _in_turn(self) -> bool:
        return self._kinds["turn"] + self._kinds["named"] > 0

    def _take_name(self) -> None:
        """Give the words that follow to the speaker whose name has just ended, up to the end of the parent element."""
        parent = next((one for one in reversed(self._stack) if one.kind in ("block", "named")), None)
        name = " ".join("".join(self._name).split()).rstrip(": ")
        if parent and name:
            self._kinds[parent.kind] -= 1
            self._kinds["named"] += 1
            parent.kind, parent.speaker, parent.names = "named", name, parent.names + 1

    def _count_cell(self, tag: str) -> None:
        if tag == "table":
            self._table += 1
        elif tag == "tr":
            self._row, self._column = self._row + 1, 0
        elif tag in ("td", "th"):
            self._column += 1

    def _of_void(self, tag: str) -> None:
        if self._kinds["skip"]:
            return
        if tag == "hr":
            self.blocks.append(Block(self.getpos()[0], ("hr",), "", ["---"]))
            self._block = None
        elif self._block is not None:
            self._block.parts.append(BREAK if tag == "br" else " ")

    def _kind(self, tag: str, values: dict[str, str]) -> tuple[str, str]:
        """Return the kind of an element, and its speaker if the element is a turn."""
        speaker = "" if tag in NAME_TAGS else _speaker(values)
        if speaker and not self._kinds["skip"]:
            if tag == "tier":
                raise UserError(
                    "this file has a row of annotations for each speaker; export it as tab-separated text with speaker,"
                    " time and words"
                )
            return "turn", speaker
        classes = set(values.get("class", "").lower().split())
        ends = {re.split("[-_]", name)[-1] for name in classes}
        role = values.get("role", "").lower()
        of_chat = self.has_authors and (ends & SKIPPED_IN_CLASSES or classes & SKIPPED_IN_CHATS)
        if tag in SKIPPED or classes & SKIPPED_CLASSES or of_chat or role in SKIPPED_ROLES:
            return "skip", ""
        if tag in NAME_TAGS or classes & NAME_CLASSES or (self.has_authors and ends & NAMES_IN_CLASSES):
            return ("skip" if self._kinds["turn"] else "name"), ""
        return ("inline" if tag in INLINE else "block"), ""

    def _declare(self, tag: str, values: dict[str, str]) -> None:
        """Note the role and the name of a person that an element with an id declares."""
        key = values.get("xml:id") or values.get("id") if tag in PEOPLE else ""
        if key:
            self._person = key
            if person(values.get("role", "")).known:
                self.roles[key] = values["role"]
            if values.get("name"):
                self.names[key] = values["name"]


def _unclosed(tag: str) -> UserError:
    return UserError(f"the element <{tag}> is not closed; close it, or give the text alone")


def _speaker(values: dict[str, str]) -> str:
    """Return the speaker in the attributes of an element, or an empty text."""
    found = next((values[key] for key in SPEAKER_KEYS if values.get(key)), "")
    named = (values[key] for key in ("role", "name") if person(values.get(key, "")).known)
    return found or next(named, "")
