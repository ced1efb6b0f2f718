"""Publish the fine-tuned adapter with a model card on a Hugging Face hub.

    python -m medsum.publish --repo-id user/name
    python -m medsum.publish --repo-id user/name --dry-run --output FOLDER
    python -m medsum.publish --documents [--output FOLDER]

The command reads models/finetuned, params.yaml, reports/*.json and plots/evaluation/. All of them must come from the
same run of the pipeline. The command obeys HF_TOKEN, HF_ENDPOINT, HF_HUB_OFFLINE and proxy variables. A new repository
is private unless --public is given.

With --documents, the command contacts no hub. It writes the documents that a hospital asks for (documents.py) into a
folder.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from medsum.core.atomic import replacing_folder
from medsum.core.errors import UserError, run_script
from medsum.core.output_folder import require_outside
from medsum.core.pipeline import require_fresh
from medsum.params import data, model, prompt
from medsum.privacy.kinds import KINDS, listed
from medsum.privacy.screening import find
from medsum.publish import artefacts, bundle, card, documents, hub
from medsum.publish.origin import base_of, data_of, require_screened

STAGES = ("check", "prepare", "split", "audit", "train", "predict", "evaluate", "error-analysis")
STOPPED = "Stopped by Ctrl-C; nothing was published, so you can run the same command again."


def arguments() -> argparse.Namespace:
    """Return the options of the command line. Raise UserError if they contradict each other."""
    parser = argparse.ArgumentParser(prog="python -m medsum.publish", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--repo-id", metavar="USER/NAME", help="repository on the hub")
    parser.add_argument("--public", action="store_true", help="let everybody read the adapter; the default is private")
    parser.add_argument("--data-license", metavar="TEXT", help="licence of your own data, for the model card")
    parser.add_argument("--dry-run", action="store_true", help="write the files into --output and contact no hub")
    parser.add_argument(
        "--documents",
        action="store_true",
        help="write a model card (CHAI), a TRIPOD-LLM checklist, a hazard log and scores by subgroup; contact no hub",
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FOLDER",
        help=f"new folder for the files of --dry-run, or folder for the documents (default: {documents.OUTPUT})",
    )
    given = parser.parse_args()
    if given.documents:
        return _for_documents(given)
    if not given.repo_id:
        raise UserError("give --repo-id USER/NAME to publish the adapter, or --documents to write documents")
    if given.dry_run != bool(given.output):
        raise UserError("--dry-run and --output FOLDER belong together; give both or neither")
    hub.check_repository(given.repo_id)
    if given.output:
        require_outside(given.output, f"--output {given.output}")
        if given.output.exists():
            raise UserError(f"--output {given.output} is there already; choose a new folder, or delete this folder")
    else:
        hub.check_token()
    return given


def _for_documents(given: argparse.Namespace) -> argparse.Namespace:
    """Raise UserError if `--documents` is used with an option for publishing, or if `--output` is a file."""
    if given.repo_id or given.public or given.data_license or given.dry_run:
        raise UserError("--documents contacts no hub; give it alone, or with --output FOLDER")
    given.output = given.output or documents.OUTPUT
    require_outside(given.output, f"--output {given.output}")
    if given.output.exists() and not given.output.is_dir():
        raise UserError(f"--output {given.output} is a file; choose a folder")
    return given


def listing(folder: Path) -> str:
    """Return a list of the files with their sizes. The list ends with the files of the adapter that are left out."""
    lines = [f"{path.stat().st_size:>14,} bytes  {path.name}" for path in sorted(folder.iterdir())]
    return "\n".join([*lines, *(f"      left out:  {name}" for name in bundle.left_out())])


def tell_of_identifiers(name: str, text: str) -> None:
    """Print a warning to stderr if a text may identify a person.

    The text is written by the publisher, and the card or a document shows it. `name` says where the text comes from.
    """
    kinds = [span.kind for span in find(text)]
    if kinds:
        found = listed({kind: kinds.count(kind) for kind in KINDS})
        print(f"Warning: {name} has text that may identify a person ({found}); the card shows it", file=sys.stderr)


def write_documents(folder: Path) -> None:
    """Write the documents of the run that dvc.lock records. Print how many places a person must fill in."""
    artefacts.require_there()
    require_fresh(*STAGES, "export")
    found = artefacts.read_all(model.load().base)
    tell_of_identifiers("the prompt in params.yaml", prompt.load().template)
    texts = documents.render_all(found)
    documents.write_all(folder, texts)
    print(documents.closing_lines(folder, texts))


def main() -> None:
    """Check the options, write the files and list them. Unless `--dry-run` is given, upload the files."""
    given = arguments()
    if given.documents:
        write_documents(given.output)
        return
    bundle.require_adapter()
    target = None if given.dry_run else hub.find(given.repo_id, given.public)
    require_fresh(*STAGES)
    base = base_of(model.load().base)
    origin = data_of(data.load().source, given.data_license)
    require_screened(origin)
    tell_of_identifiers("--data-license", given.data_license or "")
    tell_of_identifiers("the prompt in params.yaml", f"{prompt.load().system}\n{prompt.load().template}")
    text = card.render(given.repo_id, base, origin)
    if target is None:
        with replacing_folder(given.output) as folder:
            bundle.write(folder, base, text)
        print(f"{given.output}:\n{listing(given.output)}\nNothing was uploaded.")
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        bundle.write(folder, base, text)
        print(f"To {target}:\n{listing(folder)}", flush=True)
        print(hub.upload(target, folder))


if __name__ == "__main__":
    run_script(main, stopped=STOPPED)
