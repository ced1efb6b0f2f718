"""Folders of models, damaged: an adapter, a base and a converted model, each with and without its manifest."""

import json
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from medsum.core import manifest
from medsum.core.paths import ADAPTER, BASES, SERVING
from medsum.generation import section_guess
from medsum.generation.model_choice import identity, open_summarizer
from medsum.model.base_check import require_usable, who_serves
from medsum.params import prompt
from tests.fuzz.mutation import DIALOGUES, changed_value, damaged

Case = Callable[[random.Random, Path], object]
WEIGHTS = (".bin", ".safetensors")


def copied(original: Path, scratch: Path, luck: random.Random) -> Path:
    """A copy of a folder with one file damaged; most copies have no manifest, as those of other programs."""
    folder = scratch / original.name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(original, folder)
    names = sorted(path.name for path in folder.iterdir() if path.name != manifest.NAME)
    path = folder / luck.choice(names)
    content = path.read_bytes()
    if path.suffix == ".json" and luck.random() < 0.6:
        value = json.loads(content)
        for _ in range(luck.choice((1, 1, 3))):
            value = changed_value(value, luck)
        path.write_text(json.dumps(value), encoding="utf-8")
    else:
        path.write_bytes(damaged(content, luck))
    if luck.random() < 0.9 and path.suffix not in WEIGHTS:
        (folder / manifest.NAME).unlink(missing_ok=True)
    return folder


def adapter(luck: random.Random, scratch: Path) -> None:
    """An adapter and its config."""
    folder = copied(ADAPTER, scratch, luck)
    identity(str(folder))
    open_summarizer(str(folder)).prompts(DIALOGUES[0], "GENHX")


def base(luck: random.Random, scratch: Path) -> None:
    """A base model that a user puts there, as training checks it."""
    folder = copied(BASES / "tiny", scratch, luck)
    require_usable(folder, prompt.load(), DIALOGUES)
    who_serves(folder, 64)
    open_summarizer(str(folder))


def converted(luck: random.Random, scratch: Path) -> None:
    """A converted model, as the page opens it, and the weights that guess sections."""
    if luck.random() < 0.3:
        path = scratch / "sections.json"
        content = (SERVING / "sections.json").read_bytes()
        value = changed_value(json.loads(content), luck)
        path.write_bytes(json.dumps(value).encode() if luck.random() < 0.6 else damaged(content, luck))
        section_guess.load(path).guess(DIALOGUES[0])
        return
    folder = copied(SERVING / "ctranslate2", scratch, luck)
    open_summarizer(str(folder)).prompts(DIALOGUES[0], "GENHX")


def targets() -> Iterator[tuple[str, Case]]:
    """Yield the name and the case of each kind of model."""
    for case in (adapter, base, converted):
        yield case.__name__, case
