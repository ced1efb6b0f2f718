"""Run llama.cpp on batches of several prompts. llama-cpp-python is the Python binding of llama.cpp.

The class `Llama` of the binding can run only one prompt at a time. So this module calls the functions of llama.cpp's C
interface, which the binding also has.
"""

import ctypes
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from medsum.core.errors import UserError
from medsum.model.prompt import TokenIds

CELLS = 256  # llama.cpp allocates its cache in units of this many cells


def binding() -> Any:
    """Return the module of the binding. Raise UserError if it is not installed."""
    try:
        import llama_cpp
    except ImportError:
        raise UserError(
            "llama-cpp-python is not installed; build it with `pip install llama-cpp-python`, which needs a C++"
            " compiler and takes many minutes"
        ) from None
    return llama_cpp


class LlamaEngine:
    """A GGUF file loaded for at most `rows` prompts at once. A prompt and its output have at most `tokens` tokens."""

    def __init__(self, file: Path, rows: int, tokens: int, threads: int) -> None:
        self.api = binding()
        self.api.llama_backend_init()
        self._log = self.api.llama_log_callback(lambda *_: None)  # keep a reference, because C holds only the address
        self.api.llama_log_set(self._log, ctypes.c_void_p(0))
        self.model = self.api.llama_model_load_from_file(str(file).encode(), self.api.llama_model_default_params())
        if not self.model:
            raise UserError(f"llama.cpp cannot load {file}; install the newest version of llama-cpp-python")
        self.vocabulary = self.api.llama_vocab_n_tokens(self.api.llama_model_get_vocab(self.model))
        params = self.api.llama_context_default_params()
        params.n_ctx = rows * -(-tokens // CELLS) * CELLS
        params.n_batch = rows * tokens
        params.n_seq_max = rows
        params.kv_unified = False  # this is faster for prompts that have no common beginning
        params.n_threads = params.n_threads_batch = threads
        self.context = self.api.llama_init_from_model(self.model, params)
        if not self.context:
            raise UserError(f"llama.cpp has no memory for {rows} prompts of {tokens} tokens; use fewer prompts")
        self.batch = self.api.llama_batch_init(rows * tokens, 0, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.api.llama_batch_free(self.batch)
        self.api.llama_free(self.context)
        self.api.llama_model_free(self.model)

    def write(self, prompts: list[TokenIds], length: int) -> list[TokenIds]:
        """Return the `length` tokens after each prompt. Each token is the most likely next token.

        No token ends the output early.
        """
        self.api.llama_memory_clear(self.api.llama_get_memory(self.context), True)
        rows, starts = prompts, [0] * len(prompts)
        written: list[TokenIds] = [[] for _ in prompts]
        for _ in range(length):
            chosen = self._step(rows, starts)
            starts = [start + len(row) for start, row in zip(starts, rows, strict=True)]
            rows = [[token] for token in chosen]
            for row, token in zip(written, chosen, strict=True):
                row.append(token)
        return written

    def _step(self, rows: list[TokenIds], starts: list[int]) -> list[int]:
        """Read the new tokens of each row. `starts` has the place at which they begin.

        Return the most likely next token of each row.
        """
        batch, place, last = self.batch, 0, []
        for sequence, (row, start) in enumerate(zip(rows, starts, strict=True)):
            for offset, token in enumerate(row):
                batch.token[place], batch.pos[place] = token, start + offset
                batch.n_seq_id[place], batch.seq_id[place][0] = 1, sequence
                batch.logits[place] = offset == len(row) - 1
                place += 1
            last.append(place - 1)
        batch.n_tokens = place
        if self.api.llama_decode(self.context, batch):
            raise UserError("llama.cpp could not read the batch; use fewer prompts at once")
        size = (self.vocabulary,)
        logits = (np.ctypeslib.as_array(self.api.llama_get_logits_ith(self.context, row), size) for row in last)
        return [int(row.argmax()) for row in logits]
