"""The folder of a catalogue's entry: filled whole or not at all; a user's own folder stays as it is."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from medsum.core import manifest
from medsum.core.atomic import replacing_folder
from medsum.params.catalogue import is_there, require_there

GITIGNORE = ".gitignore"  # keeps the folder of an entry in Git while its files are not there


@contextmanager
def filling(folder: Path) -> Iterator[Path]:
    """Give an empty folder that takes the place of `folder` only when the block succeeds; its .gitignore stays."""
    with replacing_folder(folder) as whole:
        yield whole
        if any(whole.glob("*.safetensors")):
            manifest.write(whole)
        if (folder / GITIGNORE).is_file():
            shutil.copyfile(folder / GITIGNORE, whole / GITIGNORE)


def bring_own(name: str, catalogue: Path) -> None:
    """Leave an existing folder as it is; in a copy of the project, copy the folder from the project.

    `dvc exp run --temp` and DVC's queue run in a copy that has only Git's files; DVC_ROOT names the project itself.
    Raises UserError if neither has the folder.
    """
    folder = catalogue / name
    origin = Path(os.environ.get("DVC_ROOT", "."), folder)
    if not is_there(folder) and is_there(origin):
        with filling(folder) as whole:
            shutil.copytree(origin, whole, dirs_exist_ok=True)
        print(f"{folder}: copied from the project")
        return
    require_there(name, catalogue)
    print(f"{folder}: left as it is")
