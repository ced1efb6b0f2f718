"""Fill the folder of an entry of a catalogue, either completely or not at all. Never change a user's own folder."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from medsum.core import manifest
from medsum.core.atomic import replacing_folder
from medsum.core.catalogue import is_there, require_there

GITIGNORE = ".gitignore"  # each folder has this file, because Git stores no empty folders


@contextmanager
def filling(folder: Path) -> Iterator[Path]:
    """Yield an empty folder that replaces `folder` if the `with` block succeeds. Keep the .gitignore of `folder`."""
    with replacing_folder(folder) as whole:
        yield whole
        if any(whole.glob("*.safetensors")):
            manifest.write(whole)
        if (folder / GITIGNORE).is_file():
            shutil.copyfile(folder / GITIGNORE, whole / GITIGNORE)


def bring_own(name: str, catalogue: Path) -> None:
    """Leave a user's existing folder unchanged. If DVC runs in a copy of the project, copy the folder into the copy.

    `dvc exp run --temp` and DVC's queue run in a copy of the project that has only the files in Git. The environment
    variable DVC_ROOT then names the main project. Raise UserError if neither the copy nor the main project has the
    folder.
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
