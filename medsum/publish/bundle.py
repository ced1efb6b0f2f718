"""Write the folder that is published. It contains only the adapter, the tokenizer, the configuration and the card."""

import json
import shutil
from fnmatch import fnmatch
from pathlib import Path

from medsum.core import manifest
from medsum.core.atomic import write_text
from medsum.core.errors import UserError
from medsum.params.second_pass import adapter
from medsum.publish.origin import Base

CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"
TOKENIZER = ("added_tokens.json", "merges.txt", "special_tokens_map.json", "spiece.model", "tokenizer*.json", "vocab.*")
WANTED = (CONFIG, WEIGHTS, "config.json", "generation_config.json", *TOKENIZER)


def require_adapter() -> None:
    """Raise UserError if there is no adapter to publish."""
    if not all((adapter() / name).is_file() for name in (CONFIG, WEIGHTS)):
        raise UserError(f"{adapter()} has no adapter; run `dvc repro` to make it, or `dvc pull` to get your team's")


def left_out() -> list[str]:
    """Return the files of the adapter's folder that are not published, such as copies of files of the base model."""
    return sorted(path.name for path in adapter().iterdir() if not _is_wanted(path) and path.name != manifest.NAME)


def write(folder: Path, base: Base, card: str) -> None:
    """Write the files into an empty folder. Write the base model's name on the hub into the adapter's configuration."""
    for path in filter(_is_wanted, adapter().iterdir()):
        shutil.copyfile(path, folder / path.name)
    if base.repository:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        config |= {"base_model_name_or_path": base.repository, "revision": base.revision}
        write_text(folder / CONFIG, json.dumps(config, indent=2) + "\n")
    write_text(folder / "README.md", card)


def _is_wanted(path: Path) -> bool:
    return path.is_file() and any(fnmatch(path.name, pattern) for pattern in WANTED)
