"""Each base model of the catalogue is pinned, licensed and described."""

import re

import yaml

from tests.conftest import ROOT

ENTRIES = yaml.safe_load((ROOT / "models/base/catalogue.yaml").read_text(encoding="utf-8"))


def test_each_base_of_a_hub_is_pinned_to_a_commit() -> None:
    loose = [
        name
        for name, entry in ENTRIES.items()
        if entry["kind"] == "hub" and not re.fullmatch(r"[0-9a-f]{40}", entry["revision"])
    ]
    assert loose == [], "give a revision of 40 hexadecimal digits, since a branch may move"


def test_each_base_of_a_hub_has_the_name_of_its_repository() -> None:
    other = [
        name
        for name, entry in ENTRIES.items()
        if entry["kind"] == "hub" and entry["repository"].partition("/")[2].lower().removesuffix("-instruct") != name
    ]
    assert other == [], "name a base like its repository, in lower case and without -instruct"


def test_each_base_may_be_used_and_passed_on() -> None:
    other = [name for name, entry in ENTRIES.items() if entry.get("licence") != "Apache-2.0"]
    assert other == [], "use a base with another licence as your own folder in models/base, without an entry"


def test_each_base_has_its_row_in_the_page_on_models() -> None:
    page = (ROOT / "docs/models.md").read_text(encoding="utf-8")
    assert [name for name in ENTRIES if f"`{name}`" not in page] == [], "add a row to docs/models.md"
