"""Every package that the requirements bring has a licence that lets a team use and pass the project on."""

import re
from importlib.metadata import PackageNotFoundError, distribution
from typing import Any

from packaging.requirements import Requirement

from tests.conftest import ROOT

# As SPDX names them; older packages say it in a classifier or in words of their own.
ALLOWED = {
    "0bsd", "apache-2.0", "apache-2.0 with llvm-exception", "bsd-2-clause", "bsd-3-clause", "bsl-1.0", "cc0-1.0",
    "cnri-python", "isc", "mit", "mit-0", "mit-cmu", "mpl-2.0", "psf-2.0", "zlib", "zpl",
}  # fmt: skip
WORDS = {  # the first that is found in what a package says
    "apache": "apache-2.0", "mpl-2.0": "mpl-2.0", "mozilla": "mpl-2.0", "mit": "mit", "isc": "isc",
    "python software foundation": "psf-2.0",
    "zope": "zpl", "bsd": "bsd-3-clause",
}  # fmt: skip
EXCEPTIONS = {
    "asyncssh": "EPL-2.0 or GPL-2.0-or-later, of which EPL is taken; DVC's own dependency, used over SSH remotes alone",
    "grandalf": "GPLv2 or EPL, of which EPL is taken; DVC draws `dvc dag` with it, in its own process",
    "pygit2": "GPLv2 with an exception for linking: its use binds nothing that links to it; DVC's own dependency",
}
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")


def brought(names: list[str]) -> set[str]:
    """The packages of these names and all that they need here, extras that nobody asked for left out."""
    found: set[str] = set()
    left = [Requirement(name) for name in names]
    while left:
        wanted = left.pop()
        name = re.sub(r"[-_.]+", "-", wanted.name).lower()
        try:
            needs = distribution(name).requires or []
        except PackageNotFoundError:  # for another system or Python
            continue
        extras = wanted.extras or {""}
        if name in found and not wanted.extras:
            continue
        found.add(name)
        for need in map(Requirement, needs):
            if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in extras):
                left.append(need)
    return found


def direct() -> list[str]:
    """What the requirements name."""
    lines = [line for file in REQUIREMENTS for line in (ROOT / file).read_text(encoding="utf-8").splitlines()]
    return [line.partition("#")[0].strip() for line in lines if re.match(r"\w", line)]


def licences(name: str) -> set[str]:
    """The licences of a package of which one is enough; empty where it says none that is known."""
    metadata: Any = distribution(name).metadata
    if expression := metadata.get("License-Expression"):
        ways = [set(re.split(r"\s+and\s+", way.strip("() "))) for way in re.split(r"\s+or\s+", expression.lower())]
        cleaned = [{part.strip("() ") for part in way} for way in ways]
        return {"allowed"} if any(way <= ALLOWED for way in cleaned) else set()
    classifiers = [one for one in metadata.get_all("Classifier", []) if one.startswith("License ::")]
    said = " ".join(one.rpartition("::")[2] for one in classifiers).lower()
    said = said if said.strip() not in ("", "osi approved") else (metadata.get("License") or "")[:200].lower()
    if "gpl" in said or "general public" in said:
        return set()
    return {spdx for word, spdx in WORDS.items() if re.search(rf"\b{word}\b", said)}


def test_every_package_has_an_allowed_licence_or_an_exception_with_a_reason() -> None:
    names = brought(direct())
    assert len(names) > 100
    assert {name for name in names if not licences(name)} - EXCEPTIONS.keys() == set()


def test_every_exception_is_still_needed() -> None:
    names = brought(direct())
    assert {name for name in EXCEPTIONS if name in names and not licences(name)} == EXCEPTIONS.keys()
