"""Write the bundle: a folder from which the project is installed on a machine without a network.

    python -m medsum.bundle FOLDER
    python -m medsum.bundle FOLDER --base flan-t5-base --with-models

The bundle has the wheels of a lock file, the selected base model and encoders, the last commit of this branch,
SHA256SUMS, a list of all packages (SBOM), and install.sh. An encoder is a model that some scores of summaries need. The
bundle works on machines with the same operating system, processor and Python version as this machine.
"""

import argparse
from pathlib import Path

from medsum.bundle import checksums, instructions, models, project, sbom, wheels
from medsum.core.atomic import replacing_folder
from medsum.core.errors import UserError, run_script
from medsum.core.output_folder import require_outside

STOPPED = "Stopped by Ctrl-C. No bundle was written; run the same command again."


def arguments() -> argparse.Namespace:
    """Return the options of the command line. Raise UserError if the folder exists, or if the lock file is missing."""
    parser = argparse.ArgumentParser(prog="python -m medsum.bundle", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="new folder for the bundle")
    parser.add_argument("--lock", type=Path, help="lock file of the packages; default: the one for the installed torch")
    parser.add_argument("--base", action="append", metavar="NAME", help="base model; the default is model.base")
    parser.add_argument("--scorer", action="append", metavar="NAME", help="encoder; default: the encoders in use")
    parser.add_argument("--with-models", action="store_true", help="add the fine-tuned and the served model")
    given = parser.parse_args()
    require_outside(given.folder, f"folder {given.folder}")
    if given.folder.exists():
        raise UserError(f"{given.folder} is there already; choose a new folder, or delete {given.folder}")
    given.lock = given.lock or wheels.lock_of_this_machine()
    if not given.lock.is_file():
        raise UserError(f"--lock {given.lock} is not a file; choose requirements.lock or requirements-cpu.lock")
    return given


def main() -> None:
    """Write the parts of the bundle and print its checksum. Install the bundle once to list the installed packages."""
    given = arguments()
    sbom.require_tool()
    project.require_whole_repository()
    folders = models.selected(given.base, given.scorer, given.with_models)
    with replacing_folder(given.folder) as bundle:
        wheels.collect(given.lock, bundle)
        models.copy(folders, bundle)
        project.write(bundle)
        instructions.write(bundle)
        checksums.write(bundle)
        sbom.write(bundle)
        checksums.write(bundle)
    size = sum(file.stat().st_size for file in given.folder.rglob("*") if file.is_file())
    print(f"{given.folder}: {size / 1e9:.2f} GB, with {', '.join(map(str, folders))}")
    if given.with_models:
        print("The models can repeat words of their training data; treat the bundle as you treat this data.")
    print(f"sha256 of {checksums.NAME}, which the receiver must compare: {checksums.of_bundle(given.folder)}")


if __name__ == "__main__":
    run_script(main, stopped=STOPPED)
