"""The commands of a page of docs/, as a reader would type them."""

import re
from pathlib import Path

FENCE = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{2,3} (.+)$", re.MULTILINE)


def commands(page: Path) -> dict[str, list[str]]:
    """Return the commands of each section, by its heading; a command over several lines is one."""
    _, *parts = HEADING.split(page.read_text(encoding="utf-8"))
    sections = {}
    for heading, text in zip(parts[::2], parts[1::2], strict=True):
        lines = "".join(FENCE.findall(text)).replace("\\\n", " ").splitlines()
        sections[heading] = [line for line in lines if line.strip()]
    return sections


def script(typed: list[str], sizes: dict[str, str]) -> str:
    """Return a shell script of the commands that ends at the first error; experiments take `sizes` too."""
    small = "".join(f" -S {name}={value}" for name, value in sizes.items())
    return "\n".join(["set -e", *(f"{one}{small}" if one.startswith("dvc exp run") else one for one in typed)])
