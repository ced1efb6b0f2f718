"""What README.md, CONTRIBUTING.md, CHANGELOG.md and docs/ say that can be held to the tree: commands, files, keys."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.conftest import ROOT

PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(
    (ROOT / "docs").glob("*.md")
)
TEXTS = {page.relative_to(ROOT).as_posix(): page.read_text(encoding="utf-8") for page in PAGES}
STARTS = ("dvc ", "python ", "pytest ", "make ", "accelerate ", "tensorboard ", "pip ", "git ")
ASSIGNED = re.compile(r"^(?:[A-Z_]+=\S+ +)+")
FENCED = re.compile(r"^```(?:sh)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")
PRESET = re.compile(r"\$\(cat presets/([\w.-]+)\.args\)")


class Command(NamedTuple):
    """A command that a page shows."""

    page: str
    text: str


def code(text: str) -> Iterator[str]:
    """Give what a page shows as code: each line of a block, continued lines joined, and each span between backticks."""
    without_other_blocks = re.sub(r"^```(?:python|text|mermaid)\n.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    for block in FENCED.findall(without_other_blocks):
        yield from block.replace("\\\n", " ").splitlines()
    for span in INLINE.findall(FENCED.sub("", without_other_blocks)):
        yield span.replace("\n", " ")


def commands() -> list[Command]:
    """Return every command of every page, without comments and variables before it."""
    found = []
    for page, text in TEXTS.items():
        for line in code(text):
            for part in re.split(r" && | & |; ", re.sub(r"\s+#.*", "", line)):
                command = ASSIGNED.sub("", part.strip())
                if command.startswith(STARTS):
                    found.append(Command(page, command.rstrip(".,;:")))
    return sorted(set(found))


def module_file(name: str) -> Path | None:
    """Return the file that `python -m name` runs, None where there is none."""
    base = ROOT / name.replace(".", "/")
    return next((file for file in (base.with_suffix(".py"), base / "__main__.py") if file.is_file()), None)
