"""Check every parameter before any work is done.

Reads params.yaml and the names in the catalogues; writes data/checked.txt, a constant that every root stage
depends on, so that a mistake is told in one sentence before anything is fetched or computed.
"""

from pathlib import Path

from medsum.atomic import write_text
from medsum.errors import UserError, run_script
from medsum.params import (
    data,
    error_analysis,
    evaluate,
    export,
    generation,
    model,
    predict,
    prompt,
    runtime,
    split,
    train,
    watch,
)
from medsum.params.catalogue import check_name
from medsum.params.section import closest, read_params

MARKER = Path("data/checked.txt")
SECTIONS = (data, split, model, prompt, train, generation, predict, export, evaluate, error_analysis, runtime, watch)


def check_sections() -> None:
    """Raise UserError unless params.yaml has exactly the known sections, each valid."""
    known = [section.__name__.rpartition(".")[2] for section in SECTIONS]
    for name in read_params():
        if name not in known:
            raise UserError(f"params.yaml: {name} is no section; {closest(name, known)}")
    for section in SECTIONS:
        section.load()


def main() -> None:
    """Check, then leave the marker."""
    check_sections()
    check_name("data.source", data.load().source, Path("data/raw"))
    check_name("model.base", model.load().base, Path("models/base"))
    check_name("evaluate.scorer", evaluate.load().scorer, Path("models/scorer"))
    write_text(MARKER, "The parameters were checked.\n")


if __name__ == "__main__":
    run_script(main)
