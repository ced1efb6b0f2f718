"""Merge a base model and a LoRA adapter into one checkpoint."""

import shutil
from pathlib import Path

from medsum.core import manifest
from medsum.model import architecture
from medsum.model.formats import stored_dtype
from medsum.model.gguf import save_checkpoint
from medsum.model.loading import load_finetuned, load_tokenizer


def save_merged(base: Path, adapter: Path, folder: Path) -> int:
    """Write the merged model as safetensors, with the base's config and tokenizer. Return the number of parameters.

    The weights of base and adapter are added in float32. For a decoder-only model, the sum is then rounded to the
    number format of the base. An encoder-decoder stays in float32. Raise UserError if the base or the adapter cannot be
    read, or if they do not fit each other. Raise OSError if `folder` cannot be written.
    """
    merged = load_finetuned(base, adapter, keep_on_cpu=True)
    if architecture.read(base).kind == "decoder-only":
        merged.to(stored_dtype(base))  # type: ignore[arg-type]
    save_checkpoint(merged, folder)
    # The base's config replaces the config of transformers 5, which has a wrong value for tied embeddings.
    for file in sorted(base.iterdir()):
        if file.suffix in (".json", ".jinja") and "index" not in file.name and file.name != "tokenizer.json":
            shutil.copyfile(file, folder / file.name)
    load_tokenizer(base).backend_tokenizer.save(str(folder / "tokenizer.json"))
    manifest.write(folder)
    return int(merged.num_parameters())
