"""Fill the folder of a catalogue's entry, whole or not at all. A user's own folder stays as it is."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from medsum.core import manifest
from medsum.core.atomic import replacing_folder
from medsum.core.catalogue import is_there, require_there

GITIGNORE = ".gitignore"  # keeps the folder of an entry in Git before its files are fetched


@contextmanager
def filling(folder: Path) -> Iterator[Path]:
    """Yield an empty folder that replaces `folder` only if the block succeeds. The .gitignore of `folder` stays."""
    with replacing_folder(folder) as whole:
        yield whole
        if any(whole.glob("*.safetensors")):
            manifest.write(whole)
        if (folder / GITIGNORE).is_file():
            shutil.copyfile(folder / GITIGNORE, whole / GITIGNORE)


def bring_own(name: str, catalogue: Path) -> None:
    """Leave an existing folder as it is. In a copy of the project, copy the folder from the main project.

    `dvc exp run --temp` and DVC's queue run in a copy that has only Git's files. DVC_ROOT names the main project. Raise
    UserError if neither of them has the folder.
    """
    folder = catalogue / name
    origin = Path(os.environ.get("DVC_ROOT", "."), folder)
    if not is_there(folder) and is_there(origin):
        with filling(folder) as whole:
            shutil.copytree(origin, whole, dirs_exist_ok=True)
        print(f"{folder}: copied from the main project")
        return
    require_there(name, catalogue)
    print(f"{folder}: left as it is")
