"""The catalogues: folders of named data sets and models, some in Git, some fetched, some the user's own."""

from pathlib import Path

import yaml

from medsum.errors import UserError


def names(catalogue: Path) -> list[str]:
    """Every name that can be asked for: the folders that are there and those that dvc.yaml can fetch."""
    present = {folder.name for folder in catalogue.iterdir() if folder.is_dir() and not folder.name.startswith(".")}
    pipelines = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in catalogue.glob("dvc.yaml")]
    fetched = {
        name for pipeline in pipelines for stage in pipeline["stages"].values() for name in stage.get("foreach", {})
    }
    return sorted(present | fetched)


def check_name(key: str, name: str, catalogue: Path, where: str = "params.yaml") -> None:
    """Raise UserError that lists what there is, unless `catalogue` knows `name`; `where` is who said it."""
    known = names(catalogue)
    if name not in known:
        raise UserError(
            f"{where}: {key} is '{name}', but {catalogue} has only {', '.join(known)};"
            f" choose one of them or put your own folder at {catalogue / name}"
        )
