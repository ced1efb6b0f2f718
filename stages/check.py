"""Check every parameter before any other stage runs.

The stage reads params.yaml and the names in the catalogues. It writes data/checked.txt, whose content never changes.
The first stages of the pipeline depend on this file. So a mistake is reported before the pipeline fetches or computes
anything.
"""

from medsum.core.atomic import write_text
from medsum.core.catalogue import check_hub_name, check_name
from medsum.core.errors import UserError, run_script
from medsum.core.params_section import closest, read_params
from medsum.core.paths import BASES, CHECKED, SCORERS, SOURCES
from medsum.params import (
    data,
    error_analysis,
    evaluate,
    export,
    generation,
    model,
    note,
    predict,
    privacy,
    prompt,
    runtime,
    second_pass,
    split,
    train,
    watch,
)

CATALOGUES = {  # for each parameter whose value is a name, the catalogue that has the allowed names
    "data.source": SOURCES,
    "model.base": BASES,
    "evaluate.scorer": SCORERS,
}
SECTIONS = (
    data,
    privacy,
    split,
    model,
    prompt,
    train,
    second_pass,
    generation,
    note,
    predict,
    export,
    evaluate,
    error_analysis,
    runtime,
    watch,
)


def check_sections() -> None:
    """Raise UserError if params.yaml has an unknown section, lacks a section or has an invalid value."""
    known = [section.__name__.rpartition(".")[2] for section in SECTIONS]
    for name in read_params():
        if name not in known:
            raise UserError(f"params.yaml: {name} is not a section; {closest(name, known)}")
    for section in SECTIONS:
        section.load()
    if data.load().language == "any":
        if evaluate.load().rouge_stemmer:
            raise UserError(f"params.yaml: {data.NO_STEMMER}")
        if generation.load().rerank != "none":
            raise UserError(f"params.yaml: {data.NO_RERANKING}")


def value_of(key: str) -> object:
    """Return the value of a key such as `model.base` in params.yaml, or None if the key is missing."""
    name, _, leaf = key.partition(".")
    section = read_params().get(name)
    return section.get(leaf) if isinstance(section, dict) else None


def main() -> None:
    """Check all parameters, then write data/checked.txt."""
    for key, catalogue in CATALOGUES.items():
        # This check comes first, because the message of check_sections about a name with a slash is less helpful.
        check_hub_name(key, value_of(key), catalogue)
    check_sections()
    for key, catalogue in CATALOGUES.items():
        check_name(key, str(value_of(key)), catalogue)
    write_text(CHECKED, "The parameters were checked.\n")


if __name__ == "__main__":
    run_script(main)
