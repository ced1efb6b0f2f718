"""Read files of regular expressions. A file has blocks, and each line of a block is one expression.

The first line of a block is its head, in the form `[head]` or `@NAME`. A module finds a block by its `[head]`. In later
blocks, `<NAME>` stands for the block `@NAME`. A line that starts with # is a comment. An empty line ends a block.
"""

import re

from medsum.facts.lexicon import FOLDER


def read_blocks(file_name: str) -> list[tuple[str, str]]:
    """Return each block's head, and one expression that matches any line of the block. Replace each `<NAME>`."""
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
