"""Files of regular expressions in blocks, one expression a line.

A block's first line is its head: `[head]` is one that modules ask for, `@NAME` one that later blocks refer to as
`<NAME>`. Lines that start with # are comments; an empty line ends a block.
"""

import re

from medsum.facts.lexicon import FOLDER


def read_blocks(file_name: str) -> list[tuple[str, str]]:
    """Head and alternation of every block, in order, names put in."""
    names: dict[str, str] = {}
    blocks = []
    for block in (FOLDER / file_name).read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.split("\n") if line and not line.startswith("#")]
        if lines:
            head, *alternatives = lines
            pattern = re.sub(r"<([A-Z]+)>", lambda match: names[match[1]], f"(?:{'|'.join(alternatives)})")
            if head.startswith("@"):
                names[head[1:]] = pattern
            blocks.append((head, pattern))
    return blocks
