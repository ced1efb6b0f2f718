"""Merge the adapter into the base model, convert the result for serving, and measure how the summaries change.

The stage reads models/base/<model.base>, the adapter of the last training pass (models/finetuned/ or
models/second_pass/) and data/splits/{train,validation}.jsonl. It writes models/serving/, metrics/export.json and
reports/export.json. The report holds all values of this measurement.

models/serving/merged/ is the merged model as safetensors, and models/serving/ctranslate2/ is the converted model.
models/serving/sections.json is the model that guesses the section of a dialogue.
"""

import time
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from medsum.core.atomic import replacing_folder, write_json
from medsum.core.errors import run_script
from medsum.core.paths import BASES, EXPORT_METRICS, EXPORT_REPORT, SERVING, SPLITS
from medsum.dialogue.record import Record, read_records
from medsum.generation.conversion import convert_merged
from medsum.generation.ctranslate2_backend import CTranslate2Backend
from medsum.generation.parity import compare
from medsum.generation.section_guess import SectionGuess
from medsum.generation.section_learning import learn
from medsum.generation.summarizer import Summarizer
from medsum.generation.torch_backend import TorchBackend
from medsum.model import determinism, served
from medsum.model.chat import prompt_builder
from medsum.model.loading import load_adapted, ready_to_write
from medsum.model.merging import save_merged
from medsum.model.prompt import Frame
from medsum.params import export, generation, model, prompt, runtime, second_pass


def parity(base: Path, converted: Path, records: list[Record]) -> dict[str, Any]:
    """Compare the summaries that the unmerged model and the converted model write with greedy search.

    If generation.num_beams is larger than 1, also compare the summaries that they write with beam search.
    """
    params, threads = generation.load(), runtime.load().threads
    adapted = ready_to_write(load_adapted(base, second_pass.adapter()))
    builder = prompt_builder(base, prompt.load())
    found = {}
    for search, num_beams in {"greedy": 1, "beam": params.num_beams}.items():
        if search == "beam" and num_beams == 1:
            continue
        settings = params.model_copy(update={"num_beams": num_beams})
        backends = (
            TorchBackend(adapted, settings, builder.end_id),
            CTranslate2Backend(converted, builder.tokenizer, builder.frame, settings, threads),
        )
        unmerged, serving = (Summarizer(backend, builder, settings) for backend in backends)
        found[search] = compare(unmerged, serving, records)
    return found


def guessed_right(guess: SectionGuess, records: list[Record]) -> dict[str, float]:
    """Return the number of records with a section, and the share of these records with a right guess."""
    right = [guess.guess(record.dialogue) == record.section for record in records if record.section]
    return {"records": len(right), "right": round(sum(right) / len(right), 4) if right else 0.0}


def size_mb(folder: Path) -> float:
    """Return the size of a folder's files in MB."""
    return round(sum(file.stat().st_size for file in folder.iterdir()) / 1e6, 2)


def converted_beside(base: Path, merged: Path, records: list[Record]) -> dict[str, Any]:
    """Convert the merged model into models/serving/ctranslate2.

    Return the sizes of both models, and the comparison of their summaries.
    """
    params, folder = export.load(), merged.with_name("ctranslate2")
    convert_merged(base, merged, folder, params.precision, prompt.load())
    return {
        "served_by": "ctranslate2",
        "precision": params.precision,
        "size_mb": {"merged": size_mb(merged), "ctranslate2": size_mb(folder)},
        "records": len(records),
        **parity(base, folder, records),
    }


def deciding(details: dict[str, Any]) -> dict[str, Any]:
    """Return the values of metrics/export.json: the change in ROUGE-1, or only the engine if no model is converted."""
    search = details.get("beam") or details.get("greedy")
    return {"serving_minus_unmerged": search["rouge1"]["difference"]} if search else {"served_by": details["served_by"]}


def main() -> None:
    """Merge and convert the model, compare the summaries, and write the results."""
    params, base = export.load(), BASES / model.load().base
    determinism.fix(runtime.load().threads)
    why_torch = served.why_torch(base, prompt.load().max_input_tokens + generation.load().max_new_tokens)
    train, validation = (read_records(SPLITS / f"{name}.jsonl") for name in ("train", "validation"))
    guess = learn([r.dialogue for r in train], [r.section for r in train])
    compared = validation[: params.parity_records]
    with replacing_folder(SERVING) as folder:
        merged = folder / "merged"
        save_merged(base, second_pass.adapter(), merged)
        guess.save(folder / "sections.json")
        details = {
            "section_guess": guessed_right(guess, validation),
            **({"served_by": "torch"} if why_torch else converted_beside(base, merged, compared)),
        }
    write_json(EXPORT_REPORT, details)
    write_json(EXPORT_METRICS, deciding(details))
    if why_torch:
        print(f"{SERVING}: holds the merged model; torch serves it, because {why_torch}")
        return
    start = time.perf_counter()
    folder = SERVING / "ctranslate2"
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    CTranslate2Backend(folder, tokenizer, Frame.load(folder), generation.load(), runtime.load().threads)
    seconds = time.perf_counter() - start
    print(
        f"{SERVING}: {params.precision}, {details['size_mb']['ctranslate2']} MB, loaded in {seconds:.2f} s;"
        f" {details['greedy']['identical']:.0%} of the greedy outputs equal those of the unmerged model"
    )


if __name__ == "__main__":
    run_script(main)
