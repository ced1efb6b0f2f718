"""Find and load the model that summarises, by its name or by its folder."""

import json
from collections.abc import Mapping
from pathlib import Path

from tokenizers import Tokenizer

from medsum.core import manifest
from medsum.core.catalogue import require_there
from medsum.core.errors import UserError
from medsum.core.hashing import sha256
from medsum.core.paths import BASES, CONVERTED, MERGED
from medsum.faithfulness.reranking import faithfulness
from medsum.generation.guidance import FirstUnsaid
from medsum.generation.summarizer import Backend, Summarizer
from medsum.model.prompt import Frame, PromptBuilder
from medsum.params import generation, model, prompt, runtime, second_pass
from medsum.params.generation import GenerationParams

PIPELINE_MODELS = ("finetuned", "baseline", "serving")


def open_summarizer(
    name: str, search: GenerationParams | None = None, instructions: Mapping[str, str] | None = None
) -> Summarizer:
    """Return a summariser with the model `finetuned`, `baseline` or `serving`, or with the model in a folder.

    A folder has a CTranslate2 model, an adapter or a whole checkpoint. The config of an adapter names its base model.
    Adapters and checkpoints need torch, and `model.quantization` applies only to them. Parameters come from
    params.yaml, but `search` replaces the section `generation`. `instructions` are the same as for Summarizer. Raise
    UserError if there is no such model, or if the device does not support the quantisation.
    """
    folder = model_folder(name)
    params = generation.load() if search is None else search
    converted = (folder / "model.bin").is_file()
    backend, builder = _serving(folder, params) if converted else _torch(folder, name, params)
    worth = faithfulness if params.rerank != "none" else None
    return Summarizer(backend, builder, params, worth, first_unsaid if params.guided else None, instructions)


def first_unsaid(dialogue: str) -> FirstUnsaid:
    """Return a function that finds the first text in a summary that this dialogue does not state."""
    from medsum.faithfulness.unsaid import Said  # imported here, because the import takes time

    return Said(dialogue).first_unsaid


def model_folder(name: str) -> Path:
    """Return the folder of the model with this name. Raise UserError if there is no such model."""
    serving = CONVERTED if CONVERTED.is_dir() else MERGED
    if name == "baseline":
        require_there(model.load().base, BASES)
    named = {"baseline": BASES / model.load().base, "finetuned": second_pass.adapter(), "serving": serving}
    folder = named.get(name, Path(name))
    for part, file in (("ctranslate2", "model.bin"), ("merged", "config.json")):  # the folders of the stage export
        if (folder / part / file).is_file():
            return folder / part
    if folder.is_dir():
        return folder
    if name in PIPELINE_MODELS:
        raise UserError(f"{folder} is not there; run `dvc repro` to make it")
    raise UserError(f"{name} is not a folder with a model; give such a folder, or {', '.join(PIPELINE_MODELS)}")


def identity(name: str) -> dict[str, str]:
    """Return the sha256 of each file of the model with this name. For an adapter, include its base model."""
    folders = [model_folder(name)]
    if (folders[0] / "adapter_config.json").is_file():
        folders.append(base_of(folders[0]))
    files = sorted(file for folder in folders for file in folder.iterdir() if file.is_file())
    return {file.as_posix(): sha256(file) for file in files}


def _serving(folder: Path, search: GenerationParams) -> tuple[Backend, PromptBuilder]:
    from medsum.generation.ctranslate2_backend import CTranslate2Backend

    manifest.require_unchanged(folder)
    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception:  # the library tokenizers raises only plain Exceptions
        raise UserError(f"{folder} has no readable tokenizer.json; run `dvc repro` to make it") from None
    frame = Frame.load(folder)
    tokens = prompt.load().max_input_tokens + search.max_new_tokens
    if frame.window is not None and frame.window < tokens:
        raise UserError(
            f"the model in {folder} reads at most {frame.window} tokens (its sliding window), but"
            f" prompt.max_input_tokens and generation.max_new_tokens are {tokens} together; lower them, or run"
            " `dvc repro export` to use torch"
        )
    backend = CTranslate2Backend(folder, tokenizer, frame, search, runtime.load().threads)
    return backend, PromptBuilder(tokenizer, prompt.load(), frame)


def _torch(folder: Path, name: str, search: GenerationParams) -> tuple[Backend, PromptBuilder]:
    from medsum.generation.torch_backend import TorchBackend
    from medsum.model import determinism, processes
    from medsum.model.chat import prompt_builder
    from medsum.model.loading import load_adapted, load_base, load_finetuned, ready_to_write
    from medsum.model.quantization import quantized

    processes.launched()  # each process uses a different GPU
    determinism.fix(runtime.load().threads)
    quantization = quantized(model.load().quantization)
    if not ((folder / "adapter_config.json").is_file() or name == "finetuned"):
        weights = load_base(folder, **quantization)
    elif quantization:  # an adapter cannot be merged exactly into quantised weights
        weights = load_adapted(base_of(folder), folder, **quantization)
    else:
        weights = load_finetuned(base_of(folder), folder)
    own_config = (folder / "config.json").is_file()  # adapters of other projects may have no config.json
    builder = prompt_builder(folder if own_config else base_of(folder), prompt.load())
    weights = weights if quantization else ready_to_write(weights)
    return TorchBackend(weights, search, builder.end_id), builder


def base_of(adapter: Path) -> Path:
    """Return the folder of the base model on which an adapter was trained, relative to the project's root.

    Raise UserError if the base model is missing. After `dvc pull`, the base model is missing, because `dvc pull`
    fetches an adapter without its base model. The message says how to get the base model.
    """
    try:
        config = json.loads((adapter / "adapter_config.json").read_text(encoding="utf-8"))
        base = Path(config["base_model_name_or_path"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise UserError(f"{adapter} has no adapter that names its base model; run `dvc repro` to train one") from None
    if base.parent == BASES:
        require_there(base.name, BASES)
    elif not base.is_dir():
        raise UserError(f"{adapter} was trained on {base}, which is not there; put the base model in this folder")
    return base
