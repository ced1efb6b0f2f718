"""Check before a training run starts whether the memory of the device is large enough."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from datasets import Dataset
from transformers import AutoConfig

from medsum.core.errors import UserError
from medsum.core.offline import LOCAL
from medsum.model import processes
from medsum.params.train import TrainParams
from medsum.training import cpu_kernels
from medsum.training.memory import give_back_freed_memory
from medsum.training.memory_needs import Batch, Formats, Needs, training
from medsum.training.precision import autocast, base_dtype
from medsum.training.shape import Shape, shape_of

CGROUPS = Path("/sys/fs/cgroup")
MEMBERSHIP = Path("/proc/self/cgroup")
# Stop if the estimate is more than this many times the free memory. Estimates were at most 1.13 times the real need.
STOP_ABOVE = 1.2
SHORT_ABOVE = 0.8  # give advice above this share of free memory; estimates were at least .84 times the real need
FEWEST_TOKENS = 128  # do not advise a lower limit on prompts, which would cut most dialogues


@dataclass(frozen=True)
class Plan:
    """The values that determine how much memory a training run needs.

    `lengths` holds the numbers of prompt tokens and note tokens of each record. The longest records come first.
    """

    shape: Shape
    formats: Formats
    params: TrainParams
    lengths: tuple[tuple[int, int], ...]

    def needs(self) -> Needs:
        """Return the memory that one process needs for its largest batch."""
        dropout, again = self.params.lora_dropout > 0, self.params.gradient_checkpointing
        each = [training(self.shape, b, self.formats, dropout=dropout, checkpointing=again) for b in self.batches()]
        return max(each, key=lambda one: one.total)

    def batches(self) -> set[Batch]:
        """Return the shapes of all batches. If batches run in pieces, return the shapes of the pieces.

        Rows are padded to the longest prompt and the longest note.
        """
        size = min(self.params.batch_size, len(self.lengths))
        parts = (self.lengths[start : start + size] for start in range(0, len(self.lengths), size))
        return {self._piece(part) for part in parts}

    def _piece(self, part: tuple[tuple[int, int], ...]) -> Batch:
        note = max(own for _, own in part)
        prompt = max(read for read, _ in part)
        if not self.shape.encoder_decoder:  # prompt and note are one row, and the row as a whole is padded
            prompt = max(sum(row) for row in part) - note
        budget = self.params.batch_tokens
        return Batch(len(part) if budget is None else min(len(part), max(1, budget // (prompt + note))), prompt, note)

    def takes(self) -> str:
        """Return the needed memory as text, such as `about 2.4 GB`."""
        return f"about {in_words(self.needs().total)}"


def require_room(base: Path, quantization: str, params: TrainParams, train: Dataset) -> None:
    """Print the expected memory of a training run. Raise UserError with advice if the machine has much less memory.

    If memory is short on a CPU, make glibc return freed memory to the system. If FSDP splits the base across several
    GPUs, check nothing, because no GPU holds all weights of the base.
    """
    room = device_room()
    if room is None or processes.sharded():
        return
    plan = plan_of(base, quantization, params, train)
    on_gpu = plan.formats.device == "cuda"
    share = room if on_gpu else room / int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    there = f"the GPU has {in_words(share)} free" if on_gpu else f"a process on this machine has {in_words(share)}"
    is_short = plan.needs().total > share * SHORT_ABOVE
    if is_short and not on_gpu:
        give_back_freed_memory()
        plan = replace(plan, formats=replace(plan.formats, gives_back=True))
    smaller = remedies(plan, share * SHORT_ABOVE)
    advice = f"set {' or '.join(smaller)}" if smaller else "no parameter saves enough, so take a smaller model.base"
    adapts = params.auto_batch_size and on_gpu  # this run makes its batches smaller if memory runs out
    if plan.needs().total > share * STOP_ABOVE and not adapts:
        raise UserError(f"training with these parameters takes {plan.takes()} of memory, but {there}; {advice}")
    if processes.is_first():
        print(f"Memory: {plan.takes()} expected, {there}{f'; if that is too little, {advice}' if is_short else ''}")


def plan_of(base: Path, quantization: str, params: TrainParams, train: Dataset) -> Plan:
    """Return the plan of a training run with the base in the folder `base` and the tokenised records `train`."""
    config = AutoConfig.from_pretrained(base, **LOCAL)
    computes_bf16 = any(autocast(params, config).values())
    weights = "bf16" if base_dtype(params, config) == torch.bfloat16 else "fp32"
    on_gpu, rounded = torch.cuda.is_available(), quantization != "none"
    formats = Formats(
        quantization if rounded else weights,
        "bf16" if computes_bf16 else "fp32",
        "cuda" if on_gpu else "cpu",
        computes_bf16 and config.model_type in cpu_kernels.PLAIN and not (on_gpu or rounded),
    )
    notes = [len(labels) for labels in train["labels"]]
    whole = [len(ids) for ids in train["input_ids"]]  # for a decoder-only model, these ids include the note
    prompts = whole if config.is_encoder_decoder else [a - b for a, b in zip(whole, notes, strict=True)]
    rows = sorted(zip(whole, prompts, notes, strict=True), reverse=True)
    return Plan(shape_of(config, params), formats, params, tuple((prompt, note) for _, prompt, note in rows))


def device_room() -> int | None:
    """Return the free bytes of this process's GPU. On a CPU, return the memory limit of the machine or control group.

    Return None if the limit is unknown.
    """
    if torch.cuda.is_available():
        return int(torch.cuda.mem_get_info()[0])
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return None
    return min([os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"), *_cgroup_limits()])


def _cgroup_limits() -> Iterator[int]:
    """Yield the memory limits of this process's control group and of all parent groups (cgroup versions 1 and 2)."""
    for line in MEMBERSHIP.read_text(encoding="utf-8").splitlines() if MEMBERSHIP.is_file() else ():
        _, controllers, path = line.split(":", 2)
        if controllers not in ("", "memory"):
            continue
        root, name = (CGROUPS / "memory", "memory.limit_in_bytes") if controllers else (CGROUPS, "memory.max")
        folder = root / path.lstrip("/")
        for file in (above / name for above in (folder, *folder.parents) if above.is_relative_to(root)):
            if file.is_file() and (limit := file.read_text(encoding="ascii").strip()).isdigit():
                yield int(limit)


def remedies(plan: Plan, room: float) -> list[str]:
    """Return the settings that bring the memory of the training run below `room`.

    Each setting alone is enough. If no setting alone is enough, return one text with all settings. Return an empty list
    if all settings together are not enough.
    """
    each = [next((words for words, other in way(plan) if other.needs().total <= room), None) for way in WAYS]
    if alone := [words for words in each if words]:
        return alone
    together, settings = plan, []
    for way in WAYS:
        for words, other in way(together)[-1:]:
            together = other
            settings.append(words.partition(" (")[0])
    return [f"{' and '.join(settings)} ({together.takes()})"] if together.needs().total <= room else []


def _with(plan: Plan, words: str, **changes: object) -> tuple[str, Plan]:
    other = replace(plan, params=plan.params.model_copy(update=changes))
    return f"{words} ({other.takes()})", other


def _recomputed(plan: Plan) -> list[tuple[str, Plan]]:
    if plan.params.gradient_checkpointing:
        return []
    return [_with(plan, "train.gradient_checkpointing=true", gradient_checkpointing=True)]


def _smaller_batches(plan: Plan) -> list[tuple[str, Plan]]:
    """Return plans with smaller batches and more accumulation steps. The effective batch size stays the same."""
    size, steps = plan.params.batch_size, plan.params.gradient_accumulation_steps
    smaller = [(size // parts, steps * parts) for parts in range(2, size + 1) if size % parts == 0]
    return [
        _with(
            plan,
            f"train.batch_size={records} with train.gradient_accumulation_steps={accumulated}",
            batch_size=records,
            gradient_accumulation_steps=accumulated,
        )
        for records, accumulated in smaller
    ]


def _smaller_pieces(plan: Plan) -> list[tuple[str, Plan]]:
    """Return plans that divide the same batches into smaller pieces."""
    largest = max(batch.records * (batch.prompt_tokens + batch.note_tokens) for batch in plan.batches())
    budgets = [largest // parts for parts in (2, 4, 8) if plan.params.batch_size >= parts]
    return [_with(plan, f"train.batch_tokens={budget}", batch_tokens=budget) for budget in budgets]


def _quantized(plan: Plan) -> list[tuple[str, Plan]]:
    kinds = ["8bit", "4bit"] if plan.formats.device == "cuda" else ["8bit"]
    others = [replace(plan, formats=replace(plan.formats, weights=kind)) for kind in kinds]
    better = [other for other in others if other.needs().total < 0.9 * plan.needs().total]
    return [(f"model.quantization={one.formats.weights} ({one.takes()})", one) for one in better]


def _shorter_prompts(plan: Plan) -> list[tuple[str, Plan]]:
    """Return plans that limit prompts to a half or a quarter of the longest prompt's tokens."""
    longest, ways = plan.lengths[0][0], []
    for limit in (longest // 2, longest // 4):
        if limit >= FEWEST_TOKENS:
            cut = tuple((min(prompt, limit), note) for prompt, note in plan.lengths)
            other = replace(plan, lengths=cut)
            ways.append((f"prompt.max_input_tokens={limit} ({other.takes()})", other))
    return ways


def in_words(amount: float) -> str:
    """Return text such as `2.4 GB`."""
    return f"{amount / 1e9:.1f} GB"


WAYS = (
    _recomputed,
    _smaller_batches,
    _smaller_pieces,
    _quantized,
    _shorter_prompts,
)  # each function returns the plan with the smallest change first
