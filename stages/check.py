"""Check every parameter before any work is done.

Reads params.yaml and the names in the catalogues; writes data/checked.txt, a constant that every root stage
depends on, so that a mistake is told in one sentence before anything is fetched or computed.
"""

from medsum.core.atomic import write_text
from medsum.core.errors import UserError, run_script
from medsum.core.paths import BASES, CHECKED, SCORERS, SOURCES
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
from medsum.params.catalogue import check_hub_name, check_name
from medsum.params.params_section import closest, read_params

CATALOGUES = {  # what each parameter chooses from
    "data.source": SOURCES,
    "model.base": BASES,
    "evaluate.scorer": SCORERS,
}
SECTIONS = (data, split, model, prompt, train, generation, predict, export, evaluate, error_analysis, runtime, watch)


def check_sections() -> None:
    """Raise UserError unless params.yaml has exactly the known sections, each valid."""
    known = [section.__name__.rpartition(".")[2] for section in SECTIONS]
    for name in read_params():
        if name not in known:
            raise UserError(f"params.yaml: {name} is no section; {closest(name, known)}")
    for section in SECTIONS:
        section.load()


def value_of(key: str) -> object:
    """Return the value of `section.leaf` as params.yaml has it, None where it is not there."""
    name, _, leaf = key.partition(".")
    section = read_params().get(name)
    return section.get(leaf) if isinstance(section, dict) else None


def main() -> None:
    """Check, then leave the marker."""
    for key, catalogue in CATALOGUES.items():
        check_hub_name(key, value_of(key), catalogue)  # before a slash is refused in any name
    check_sections()
    for key, catalogue in CATALOGUES.items():
        check_name(key, str(value_of(key)), catalogue)
    write_text(CHECKED, "The parameters were checked.\n")


if __name__ == "__main__":
    run_script(main)
