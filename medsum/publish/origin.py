"""Find the origin of a published adapter: its base model and its dialogues, and the licences of both."""

from dataclasses import dataclass
from typing import Any

import yaml

from medsum.core.catalogue import entries
from medsum.core.errors import UserError
from medsum.core.paths import BASES, DATA_METRICS, LOCK
from medsum.core.reading import read_json


@dataclass(frozen=True)
class Base:
    """A base model. `repository` is None if the model is not on the hub. `licence` is None if it is not known."""

    name: str
    repository: str | None
    revision: str | None
    licence: str | None

    @property
    def folder(self) -> str:
        """The folder of the base model in the project."""
        return (BASES / self.name).as_posix()


@dataclass(frozen=True)
class Data:
    """A source of dialogues.

    `hub_licence` is the licence of an adapter that was trained on these dialogues, as the hub names licences.
    """

    name: str
    text: str
    licence: str
    hub_licence: str
    is_open: bool


OPEN = {  # the sources by DVC's hash of their folder in data/raw; a changed folder is a different source
    "95f0d8e5d0e305015a44936a19a35cce.dir": Data(
        "medical-text-summarization-sample",
        "The sample of medical-text-summarization: a language model wrote these dialogues for that project. People and"
        " visits are invented; no clinician has reviewed them.",
        "Apache-2.0",
        "apache-2.0",
        is_open=True,
    ),
    "59d9245a1447466959538b6e7615ea21.dir": Data(
        "mts-dialog",
        "MTS-Dialog (Ben Abacha, Yim, Fan and Lin, EACL 2023): dialogues that annotators wrote from MTSamples notes.",
        "CC BY 4.0",
        "cc-by-4.0",
        is_open=True,
    ),
}


def base_of(name: str) -> Base:
    """Return the base model with this name. The model was fetched from the hub, is in Git, or is the user's own."""
    facts = entries(BASES).get(name, {})
    return Base(name, facts.get("repository"), facts.get("revision"), facts.get("licence"))


def recorded() -> dict[str, Any]:
    """Return what dvc.lock records about each stage."""
    stages: dict[str, Any] = yaml.safe_load(LOCK.read_text(encoding="utf-8"))["stages"]
    return stages


def identifiers() -> dict[str, Any]:
    """Return the result of screening the training data for identifiers.

    The result has the action, the number of identifiers of each kind, and the number of identifiers that remain.
    """
    found = read_json(DATA_METRICS, "run `dvc repro` to make it").get("identifiers")
    if not isinstance(found, dict):
        raise UserError(f"{DATA_METRICS} does not say what screening found; run `dvc repro` to make it")
    return found


def require_screened(data: Data) -> None:
    """Raise UserError if the dialogues have identifiers and are not known to be open data.

    A model may repeat identifiers of its training data.
    """
    left = identifiers()["left"]
    if left and not data.is_open:
        raise UserError(
            f"the training data have {left} findings that may identify a person, and a model may repeat them;"
            " set privacy.action to mask or drop in params.yaml, run `dvc repro`, and publish the new adapter"
        )


def data_of(source: str, given_licence: str | None) -> Data:
    """Return the data source of the recorded run.

    Raise UserError if the source is not known to be open data and the user names no licence. Also raise UserError if
    the source is open data and the user names a licence.
    """
    deps = {dep["path"]: dep["md5"] for dep in recorded()["prepare"]["deps"]}
    known = OPEN.get(deps[f"data/raw/{source}"])
    if known and given_licence:
        raise UserError(f"data.source={source} has the licence {known.licence}; leave out --data-license")
    if known:
        return known
    if not given_licence:
        raise UserError(
            f"data/raw/{source} is not known to be open data, and a model may repeat what it was trained on; ask"
            " the person who is responsible for these dialogues, then give the model's licence: --data-license TEXT"
        )
    return Data(source, "The publisher's own dialogues.", given_licence, "other", is_open=False)
