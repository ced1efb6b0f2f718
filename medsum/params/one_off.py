"""Read the parameters of a training run outside the pipeline.

A preset is a file in presets/ with values of parameters. A preset overrides params.yaml, and flags on the command line
override the preset. The name of a flag is the name of a parameter without the name of the section: `--lora-rank` sets
`train.lora_rank`.
"""

import shlex
from typing import Any

import yaml

from medsum.core.errors import UserError, shown
from medsum.core.params_section import ParamsSection, closest, read_params
from medsum.core.paths import PARAMS, PRESETS
from medsum.core.reading import read_text

RESTORE = "restore it from Git"
EIGHT_BIT = {
    **dict.fromkeys(("true", "yes", "1"), "8bit"),
    **dict.fromkeys(("false", "no", "0"), "none"),
}


def flags(words: list[str]) -> dict[str, str]:
    """Parse `--lora-rank 16`, `--lora_rank 16` or `--lora_rank=16` into {"lora_rank": "16"}.

    Raise UserError if a word is not a flag or if a flag has no value.
    """
    values = {}
    rest = iter(words)
    for word in rest:
        name, equals, value = word.removeprefix("--").partition("=")
        if not word.startswith("--") or not name:
            raise UserError(f"'{shown(word)}' is not a flag; write values as --name value")
        found = value if equals else next(rest, None)
        if found is None or (found.startswith("--") and not equals):
            raise UserError(f"--{shown(name)} has no value; write --{shown(name)} value")
        values[name.replace("-", "_")] = found
    return values


def preset(name: str) -> dict[str, str]:
    """Return the values in presets/<name>.args. The keys are parameters such as `train.lora_rank`."""
    file = PRESETS / f"{name}.args"
    if not file.is_file():
        known = sorted(path.stem for path in PRESETS.glob("*.args"))
        raise UserError(f"--config {shown(name)}: no such configuration; {closest(name, known)}")
    text = read_text(file, RESTORE)
    try:
        return dict(word.split("=", 1) for word in shlex.split(text)[1::2])
    except ValueError:
        raise UserError(f"{file} is not a list of options such as -S train.lora_rank=8; {RESTORE}") from None


def with_8bit(given: dict[str, str]) -> dict[str, str]:
    """Return the flags with the flag `use_8bit` replaced by `quantization`.

    `use_8bit` exists because other projects have a flag with this name. Raise UserError if both flags are given, or if
    the value of `use_8bit` is wrong.
    """
    if "use_8bit" not in given:
        return given
    if "quantization" in given:
        raise UserError("--use_8bit and --quantization set the same parameter; give one of them")
    value = given["use_8bit"]
    if value.lower() not in EIGHT_BIT:
        raise UserError(
            f"--use_8bit is '{shown(value)}', but must be true or false; for 4 bits write --quantization 4bit"
        )
    others = {name: found for name, found in given.items() if name != "use_8bit"}
    return {**others, "quantization": EIGHT_BIT[value.lower()]}


def read(name: str, section: type[ParamsSection], leaf: str, value: str) -> Any:
    """Return a value of the command line, converted to the type of the parameter.

    If the parameter is a text, the value stays unchanged. If the parameter is a list and the value is a single name,
    the result is a list of this name. All other values are read as YAML.
    """
    kind = section.model_fields[leaf].annotation if leaf in section.model_fields else None
    if kind is str:
        return value
    try:
        found = yaml.safe_load(value)
    except (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        # These errors are raised, for example, for a date that does not exist.
        raise UserError(
            f"on the command line, {name}.{leaf} is '{shown(value)}', which is not a YAML value; write a number, a"
            " word, true, false or a list such as [q, v]"
        ) from None
    return [found] if kind == list[str] and isinstance(found, str) else found


def override(name: str, section: ParamsSection, values: dict[str, str]) -> ParamsSection:
    """Return the params section after values from the command line are set. Raise UserError if a value is wrong."""
    found = {leaf: read(name, type(section), leaf, value) for leaf, value in values.items()}
    try:
        return type(section).parse(name, {**section.model_dump(), **found})
    except UserError as error:
        raise UserError(str(error).replace(f"{PARAMS}: ", "on the command line, ")) from None


def apply(sections: dict[str, ParamsSection], config: str | None, given: dict[str, str]) -> dict[str, Any]:
    """Return the sections with the values of the preset `config` and of the flags `given`. Flags override presets.

    A preset may also set parameters of sections that are not in `sections`. These values are ignored, because the
    caller does not use these sections. Raise UserError if the preset names a section that params.yaml does not have, or
    if a flag is not a parameter of `sections`.
    """
    changes: dict[str, dict[str, str]] = {name: {} for name in sections}
    for key, value in preset(config).items() if config else ():
        section, _, leaf = key.partition(".")
        if section in changes:
            changes[section][leaf] = value
        elif section not in read_params():
            raise UserError(
                f"--config {config} sets {shown(key)}, which is not a parameter; {closest(section, [*read_params()])}"
            )
    owners = {leaf: name for name, section in sections.items() for leaf in type(section).model_fields}
    for leaf, value in given.items():
        if leaf not in owners:
            raise UserError(f"--{shown(leaf)} is not a parameter of training; {closest(leaf, sorted(owners))}")
        changes[owners[leaf]][leaf] = value
    return {name: override(name, section, changes[name]) for name, section in sections.items()}
