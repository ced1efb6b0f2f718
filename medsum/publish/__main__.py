"""Publish the fine-tuned adapter with a model card on a Hugging Face hub.

    python -m medsum.publish --repo-id user/name
    python -m medsum.publish --repo-id user/name --dry-run --output FOLDER

This reads models/finetuned, params.yaml, reports/*.json and plots/evaluation/, which must come from one run. HF_TOKEN,
HF_ENDPOINT, HF_HUB_OFFLINE and proxy variables work as usual. A new repository is private unless --public is given.
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
from medsum.publish import bundle, card, hub
from medsum.publish.origin import base_of, data_of, require_screened

STAGES = ("check", "prepare", "split", "audit", "train", "predict", "evaluate", "error-analysis")
STOPPED = "Stopped by Ctrl-C; nothing was published, so you can run the same command again."


def arguments() -> argparse.Namespace:
    """Return the options of the command line. Raise UserError if they contradict each other."""
    parser = argparse.ArgumentParser(prog="python -m medsum.publish", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--repo-id", required=True, metavar="USER/NAME", help="repository on the hub")
    parser.add_argument("--public", action="store_true", help="let everybody read the adapter; the default is private")
    parser.add_argument("--data-license", metavar="TEXT", help="terms of your own data, for the model card")
    parser.add_argument("--dry-run", action="store_true", help="write the files into --output and contact no hub")
    parser.add_argument("--output", type=Path, metavar="FOLDER", help="new folder that a dry run writes")
    given = parser.parse_args()
    if given.dry_run != bool(given.output):
        raise UserError("--dry-run and --output FOLDER belong together; give both or neither")
    hub.check_repository(given.repo_id)
    if given.output:
        require_outside(given.output, f"--output {given.output}")
        if given.output.exists():
            raise UserError(f"--output {given.output} is there already; choose a new folder or delete that one")
    else:
        hub.check_token()
    return given


def listing(folder: Path) -> str:
    """List the files with their sizes, and then the files of the adapter's folder that are left out."""
    lines = [f"{path.stat().st_size:>14,} bytes  {path.name}" for path in sorted(folder.iterdir())]
    return "\n".join([*lines, *(f"      left out:  {name}" for name in bundle.left_out())])


def tell_of_identifiers(name: str, text: str) -> None:
    """Warn on stderr if the publisher's own words in the card may identify a person."""
    kinds = [span.kind for span in find(text)]
    if kinds:
        found = listed({kind: kinds.count(kind) for kind in KINDS})
        print(f"Warning: {name} holds text that may identify a person ({found}); the card shows it", file=sys.stderr)


def main() -> None:
    """Check the options, write the files, list them, and upload them unless it is a dry run."""
    given = arguments()
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
