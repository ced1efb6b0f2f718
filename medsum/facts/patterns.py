"""Read files of regular expressions. A file has blocks, and each line of a block is one expression.

The first line of a block is its head. Modules ask for a `[head]`. Later blocks refer to a block `@NAME` as `<NAME>`. A
line that starts with # is a comment. An empty line ends a block.
"""

import re

from medsum.facts.lexicon import FOLDER


def read_blocks(file_name: str) -> list[tuple[str, str]]:
    """Return the head and the joined alternatives of every block, in order, with each `<NAME>` replaced."""
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
