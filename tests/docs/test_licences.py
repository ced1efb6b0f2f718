"""A team may use every package that the requirements install, and may pass it on, as its licence says.

docs/dependencies.md has a table of the exceptions, each with its reason.
"""

import re
from fnmatch import fnmatch
from importlib.metadata import PackageNotFoundError, distribution
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT
from tests.docs.pages import TEXTS
from tests.pipeline.test_requirements import LOCKS, locked

# SPDX names. Older packages name their licence in a classifier or in free text.
ALLOWED = {
    "0bsd", "apache-2.0", "apache-2.0 with llvm-exception", "bsd-2-clause", "bsd-3-clause", "bsl-1.0", "cc0-1.0",
    "cnri-python", "isc", "mit", "mit-0", "mit-cmu", "mpl-2.0", "psf-2.0", "zlib", "zpl",
}  # fmt: skip
WORDS = {  # the first of these words in a package's text decides
    "apache": "apache-2.0", "mpl-2.0": "mpl-2.0", "mozilla": "mpl-2.0", "mit": "mit", "isc": "isc",
    "python software foundation": "psf-2.0",
    "zope": "zpl", "bsd": "bsd-3-clause",
}  # fmt: skip
ELSEWHERE = {  # packages of the locks that only other systems, Pythons or GPUs need, as their metadata says
    "audioop-lts": "psf-2.0", "cuda-bindings": "apache-2.0", "cuda-pathfinder": "apache-2.0",
    "httpx2-jsfetch": "bsd-3-clause", "pywin32": "psf-2.0", "triton": "mit", "tzdata": "apache-2.0",
}  # fmt: skip
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")


def brought(names: list[str]) -> set[str]:
    """Return the named packages and all packages that they need here. Extras count only if they are asked for."""
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
    """Return the requirements of both files."""
    lines = [line for file in REQUIREMENTS for line in (ROOT / file).read_text(encoding="utf-8").splitlines()]
    return [line.partition("#")[0].strip() for line in lines if re.match(r"\w", line)]


def licences(name: str) -> set[str]:
    """Return the allowed licences from which a user of the package may choose."""
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


def exceptions() -> list[str]:
    """Return the names or patterns in the table of exceptions. Each row has a licence and a reason."""
    rows = re.findall(r"^\| `([a-z0-9*-]+)` \|([^|]+)\|([^|]+)\|$", TEXTS["docs/dependencies.md"], flags=re.MULTILINE)
    assert all(len(licence.split()) > 0 and len(reason.split()) > 3 for _, licence, reason in rows)
    return [name for name, *_ in rows]


def without_exception(names: set[str]) -> set[str]:
    return {name for name in names if not any(fnmatch(name, pattern) for pattern in exceptions())}


def test_every_package_has_an_allowed_licence_or_an_exception() -> None:
    names = brought(direct())
    assert len(names) > 100
    assert without_exception({name for name in names if not licences(name)}) == set()


def test_the_licences_of_locked_packages_for_other_machines_are_known() -> None:
    pins: set[str] = {canonicalize_name(pin.partition("==")[0]) for lock in LOCKS for pin in locked(lock)}
    not_here = pins - brought(sorted(pins))
    assert without_exception(not_here) - ELSEWHERE.keys() == set()
    assert set(ELSEWHERE.values()) <= ALLOWED


def test_every_exception_is_still_needed() -> None:
    names = brought(direct())
    pins = {canonicalize_name(pin.partition("==")[0]) for pin in locked("requirements.lock")}
    for pattern in exceptions():
        here = {name for name in names if fnmatch(name, pattern)}
        assert here | {name for name in pins if fnmatch(name, pattern)}, pattern
        assert "*" in pattern or not {name for name in here if licences(name)}, pattern
