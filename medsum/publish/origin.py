"""Where a published adapter comes from: its base model, its dialogues, and the terms of both."""

from dataclasses import dataclass
from typing import Any

import yaml

from medsum.core.errors import UserError
from medsum.core.paths import BASES, LOCK
from medsum.params.catalogue import entries


@dataclass(frozen=True)
class Base:
    """A base model: where the hub has it (None: it does not), and its licence (None: unknown here)."""

    name: str
    repository: str | None
    revision: str | None
    licence: str | None

    @property
    def folder(self) -> str:
        """Where the project has it."""
        return (BASES / self.name).as_posix()


@dataclass(frozen=True)
class Data:
    """A source of dialogues; `hub_licence` is what the hub calls the terms of an adapter that was trained on it."""

    name: str
    text: str
    licence: str
    hub_licence: str
    is_open: bool


OPEN = {  # what DVC records of the folder in data/raw: a file more or a word changed, and it is another source
    "95f0d8e5d0e305015a44936a19a35cce.dir": Data(
        "medical-text-summarization-sample",
        "The sample of medical-text-summarization: dialogues written for that project by a language model. People and"
        " visits are invented; no clinician has reviewed them.",
        "Apache-2.0",
        "apache-2.0",
        is_open=True,
    ),
    "59d9245a1447466959538b6e7615ea21.dir": Data(
        "mts-dialog",
        "MTS-Dialog (Ben Abacha, Yim, Fan and Lin, EACL 2023): dialogues that annotators wrote to notes of MTSamples.",
        "CC BY 4.0",
        "cc-by-4.0",
        is_open=True,
    ),
}


def base_of(name: str) -> Base:
    """The base model of that name: fetched at a pinned revision, shipped with the project, or the user's own."""
    facts = entries(BASES).get(name, {})
    return Base(name, facts.get("repository"), facts.get("revision"), facts.get("licence"))


def recorded() -> dict[str, Any]:
    """What dvc.lock records of each stage."""
    stages: dict[str, Any] = yaml.safe_load(LOCK.read_text(encoding="utf-8"))["stages"]
    return stages


def data_of(source: str, given_licence: str | None) -> Data:
    """The dialogues of the recorded run.

    Raises UserError where they are not known to be open and no licence is given, or are open and one is.
    """
    deps = {dep["path"]: dep["md5"] for dep in recorded()["prepare"]["deps"]}
    known = OPEN.get(deps[f"data/raw/{source}"])
    if known and given_licence:
        raise UserError(f"data.source={source} is {known.licence}; leave out --data-license")
    if known:
        return known
    if not given_licence:
        raise UserError(
            f"data/raw/{source} is not known to be open data, and a model may repeat what it was trained on; ask"
            " whoever answers for these dialogues, then name the terms of passing the model on: --data-license TEXT"
        )
    return Data(source, "Dialogues of whoever publishes this adapter.", given_licence, "other", is_open=False)
