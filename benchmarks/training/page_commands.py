"""Read the commands on a page of docs/, as a reader types them."""

import re
import shlex
from itertools import pairwise
from pathlib import Path

FENCE = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{2,3} (.+)$", re.MULTILINE)
EXPERIMENT = "dvc exp run"
PRESET = re.compile(r"\$\(cat (presets/\w+\.args)\)")


def commands(page: Path) -> dict[str, list[str]]:
    """Return the commands of each section that has commands. The keys are the headings of the sections.

    A command that has several lines becomes one line.
    """
    _, *parts = HEADING.split(page.read_text(encoding="utf-8"))
    sections = {}
    for heading, text in zip(parts[::2], parts[1::2], strict=True):
        lines = "".join(FENCE.findall(text)).replace("\\\n", " ").splitlines()
        if typed := [line for line in lines if line.strip()]:
            sections[heading] = typed
    return sections


def parameters(experiment: str) -> dict[str, str]:
    """Return the parameters that a `dvc exp run` sets, including the parameters of its presets.

    If a parameter has several values, the last value counts.
    """
    whole = PRESET.sub(lambda found: Path(found[1]).read_text(encoding="utf-8").strip(), experiment)
    words = shlex.split(whole)
    return dict(value.split("=", 1) for flag, value in pairwise(words) if flag == "-S")
