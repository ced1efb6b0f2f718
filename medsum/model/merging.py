"""A base model and a LoRA adapter become one checkpoint."""

import shutil
from pathlib import Path

from medsum.core import manifest
from medsum.model import architecture
from medsum.model.formats import stored_dtype
from medsum.model.gguf import save_checkpoint
from medsum.model.loading import load_finetuned, load_tokenizer


def save_merged(base: Path, adapter: Path, folder: Path) -> int:
    """Write the merged model as safetensors, with the base's config and tokenizer; return its number of parameters.

    The sum is taken in float32. A decoder-only model is then rounded once to the number format of its base; an
    encoder-decoder stays in float32. Raises UserError if base or adapter cannot be read or do not fit each other, and
    OSError if `folder` cannot be written.
    """
    merged = load_finetuned(base, adapter, keep_on_cpu=True)
    if architecture.read(base).kind == "decoder-only":
        merged.to(stored_dtype(base))  # type: ignore[arg-type]
    save_checkpoint(merged, folder)
    for file in sorted(base.iterdir()):  # the base's own config: transformers 5 writes that all embeddings are tied
        if file.suffix in (".json", ".jinja") and "index" not in file.name and file.name != "tokenizer.json":
            shutil.copyfile(file, folder / file.name)
    load_tokenizer(base).backend_tokenizer.save(str(folder / "tokenizer.json"))
    manifest.write(folder)
    return int(merged.num_parameters())
