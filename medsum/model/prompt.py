"""What the model reads: the prompt of a dialogue."""

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
FILE = "prompt.json"  # in the folder of a converted model


def render(template: str, dialogue: str, section: str | None) -> str:
    """Fill the template; `section` is a header such as `GENHX`, put in plain words."""
    return template.format(dialogue=dialogue, section=in_words(section))


class Frame(NamedTuple):
    """What a kind of model wants around an instruction, and what ends its answer.

    `opening` and `closing` are a chat template's text, or empty. Where `adds_special` is true, the tokenizer adds
    its own start and end tokens. `end` is the token that ends a summary. A converted model with sliding windows serves
    no more than `window` tokens, prompt and summary together.
    """

    kind: Literal["encoder-decoder", "decoder-only"]
    opening: str
    closing: str
    adds_special: bool
    end: str
    window: int | None = None

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the frame that `save` has left; raises UserError where there is none."""
        try:
            return cls(**json.loads((folder / FILE).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            raise UserError(
                f"{folder} holds no {FILE} that can be read; run `dvc repro` to convert the model again"
            ) from None

    def save(self, folder: Path) -> None:
        """Write the frame into the folder of a converted model."""
        text = json.dumps(self._asdict(), indent=2, ensure_ascii=False) + "\n"
        (folder / FILE).write_text(text, encoding="utf-8", newline="\n")


class PromptBuilder:
    """Prompts as token ids: the template, a tokenizer and the frame of the model.

    Template and section are written with signs that the tokenizer can give back; `written` does so for a dialogue or
    a note, of which the caller tells what has changed.
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
        """Return the whole prompt."""
        header = None if section is None else self.written(section).known
        instruction = render(self._template, dialogue, header)
        return self._encode(instruction.strip() if self.frame.opening else instruction)  # some chat templates strip it

    def note_ids(self, note: str) -> TokenIds:
        """Return the ids of a note, its end token last.

        An encoder-decoder's tokenizer adds what the decoder is to write, and mostly ends it; that of T5Gemma adds a
        start token alone, which the decoder has already.
        """
        if self.frame.kind == "encoder-decoder":
            ids: TokenIds = self.tokenizer.encode(note, add_special_tokens=True).ids
            if ids[-1] == self.end_id:
                return ids
        return [*self.tokenizer.encode(note, add_special_tokens=False).ids, self.end_id]

    def written(self, text: str) -> Written:
        """Return a dialogue or a note as the tokenizer can give it back, with what had to change."""
        return self._signs.write(text)

    def decode(self, ids: TokenIds) -> str:
        """Return the text of a summary, without special tokens."""
        text: str = self.tokenizer.decode(ids, skip_special_tokens=True)
        return text.strip()

    def cut(self, ids: TokenIds) -> TokenIds:
        """Return at most `prompt.max_input_tokens` ids; the end of the dialogue goes, the closing stays."""
        return cut(ids, self.params.max_input_tokens, self.closing_tokens)

    def _template_parts(self) -> Iterator[str]:
        """Yield the template's own words, with signs written out, and its fields as they are."""
        for words, field, form, conversion in Formatter().parse(self.params.template):
            yield self.written(words).known.replace("{", "{{").replace("}", "}}")
            if field is not None:
                yield f"{{{field}{f'!{conversion}' if conversion else ''}{f':{form}' if form else ''}}}"

    def _encode(self, instruction: str) -> TokenIds:
        text = f"{self.frame.opening}{instruction}{self.frame.closing}"
        ids: TokenIds = self.tokenizer.encode(text, add_special_tokens=self.frame.adds_special).ids
        return ids


def cut(ids: TokenIds, limit: int, kept_at_end: int = 1) -> TokenIds:
    """Return at most `limit` token ids; the last ones, which end the sequence, are kept."""
    return ids if len(ids) <= limit else [*ids[: limit - kept_at_end], *ids[len(ids) - kept_at_end :]]
