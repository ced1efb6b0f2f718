"""A project in which every kind of file lies that the fuzz damages."""

from contextlib import chdir
from pathlib import Path

import pytest


@pytest.fixture
def fuzzed_project(served_project: Path) -> Path:
    """A tiny project with a converted model, an adapter and a dvc.lock."""
    from medsum.model.loading import load_base
    from medsum.params import train
    from medsum.training.adapter import add_adapter, save_adapter
    from tests.conftest import ROOT

    base = Path("models/base/tiny")
    with chdir(served_project):
        save_adapter(add_adapter(load_base(base), train.load()), base, Path("models/finetuned"))
    for folder in ("metrics", "plots"):
        for file in (ROOT / folder).rglob("*.*"):
            target = served_project / file.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
    (served_project / "dvc.lock").write_bytes((ROOT / "dvc.lock").read_bytes())
    return served_project
