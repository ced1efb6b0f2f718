"""Make prompts. A prompt is the input from which a model writes a summary of a dialogue.

The instruction is the text of prompt.template after the dialogue and the section are filled in. A prompt is an
instruction inside a frame: the text that the model's chat template puts before and after an instruction.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Literal, NamedTuple, Self

from tokenizers import Tokenizer

from medsum.core.errors import UserError
from medsum.dialogue.section_headers import in_words
from medsum.params.prompt import PromptParams
from medsum.signs.writing import SignWriter, Written

TokenIds = list[int]
FILE = "prompt.json"  # this file in the folder of a converted model stores the frame


def render(template: str, dialogue: str, section: str | None) -> str:
    """Fill the dialogue and the section into the template. A section header such as `GENHX` becomes plain words."""
    return template.format(dialogue=dialogue, section=in_words(section))


class Frame(NamedTuple):
    """The text that a model needs around an instruction, and the token that ends a summary.

    `opening` is the text before the instruction, and `closing` is the text after the instruction. Both may be empty. If
    `adds_special` is true, the tokenizer adds its own start and end tokens. `end` is the token that ends a summary. If
    `window` is a number, the model has a sliding window. The prompt and the summary together may then have at most
    `window` tokens.
    """

    kind: Literal["encoder-decoder", "decoder-only"]
    opening: str
    closing: str
    adds_special: bool
    end: str
    window: int | None = None

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Return the frame that `save` wrote into the folder. Raise UserError if the frame cannot be read."""
        try:
            found = cls(**json.loads((folder / FILE).read_text(encoding="utf-8")))
            texts = (found.kind, found.opening, found.closing, found.end)
            if not (all(isinstance(text, str) for text in texts) and isinstance(found.window, int | None)):
                raise TypeError
        except (OSError, ValueError, TypeError, RecursionError):
            raise UserError(f"{folder} has no readable {FILE}; run `dvc repro` to convert the model again") from None
        return found

    def save(self, folder: Path) -> None:
        """Write the frame into the folder of a converted model."""
        text = json.dumps(self._asdict(), indent=2, ensure_ascii=False) + "\n"
        (folder / FILE).write_text(text, encoding="utf-8", newline="\n")


class PromptBuilder:
    """Makes prompts as token ids, from the template of params.yaml and from a model's tokenizer and frame.

    A tokenizer loses a sign (such as `≥`) if it cannot encode the sign. In the template and the section, lost signs are
    replaced by words or left out. The method `written` does this for a dialogue or a note, and returns the changes.
    """

    def __init__(self, tokenizer: Tokenizer, params: PromptParams, frame: Frame) -> None:
        self.tokenizer = tokenizer
        self.params = params
        self.frame = frame
        self._signs = SignWriter(tokenizer)
        self._template = "".join(self._template_parts())
        end_id = tokenizer.token_to_id(frame.end)
        if end_id is None:
            raise UserError(f"the tokenizer has no token {frame.end}, which ends a summary; take the model's own files")
        self.end_id: int = end_id
        pairs = zip(*(reversed(self._encode(text)) for text in ("a", "b")), strict=False)
        self.closing_tokens = next((place for place, (one, other) in enumerate(pairs) if one != other), 1)

    def ids(self, dialogue: str, section: str | None) -> TokenIds:
        """Return the ids of the whole prompt. A prompt that is longer than `prompt.max_input_tokens` is not cut."""
        header = None if section is None else self.written(section).known
        instruction = render(self._template, dialogue, header)
        # With a chat template, the instruction is always stripped, because some templates strip it.
        return self._encode(instruction.strip() if self.frame.opening else instruction)

    def note_ids(self, note: str) -> TokenIds:
        """Return the ids of a note. The last id is the end token.

        The tokenizers of most encoder-decoders add an end token. The tokenizer of T5Gemma adds only a start token. A
        note must not contain this start token, because the decoder already begins with a start token.
        """
        if self.frame.kind == "encoder-decoder":
            ids: TokenIds = self.tokenizer.encode(note, add_special_tokens=True).ids
            if ids[-1] == self.end_id:
                return ids
        return [*self.tokenizer.encode(note, add_special_tokens=False).ids, self.end_id]

    def written(self, text: str) -> Written:
        """Return a dialogue or a note in which lost signs are replaced, together with the changes."""
        return self._signs.write(text)

    def decode(self, ids: TokenIds) -> str:
        """Return the text of a summary, without special tokens."""
        text: str = self.tokenizer.decode(ids, skip_special_tokens=True)
        return text.strip()

    def cut(self, ids: TokenIds) -> TokenIds:
        """Return at most `prompt.max_input_tokens` ids.

        If the prompt is longer, remove the end of the dialogue and keep the closing of the frame.
        """
        return cut(ids, self.params.max_input_tokens, self.closing_tokens)

    def _template_parts(self) -> Iterator[str]:
        """Yield the parts of the template: texts without lost signs, and unchanged fields such as {dialogue}."""
        for words, field, form, conversion in Formatter().parse(self.params.template):
            yield self.written(words).known.replace("{", "{{").replace("}", "}}")
            if field is not None:
                yield f"{{{field}{f'!{conversion}' if conversion else ''}{f':{form}' if form else ''}}}"

    def _encode(self, instruction: str) -> TokenIds:
        text = f"{self.frame.opening}{instruction}{self.frame.closing}"
        ids: TokenIds = self.tokenizer.encode(text, add_special_tokens=self.frame.adds_special).ids
        return ids


def cut(ids: TokenIds, limit: int, kept_at_end: int = 1) -> TokenIds:
    """Return at most `limit` token ids. The last `kept_at_end` ids are kept, because they end the sequence."""
    return ids if len(ids) <= limit else [*ids[: limit - kept_at_end], *ids[len(ids) - kept_at_end :]]
