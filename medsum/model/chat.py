"""Find the frame of a model's prompts: the text before and after an instruction.

If the tokenizer has a chat template, the frame comes from this template. Encoder-decoder models need no frame.
"""

from pathlib import Path
from typing import Any

from jinja2.exceptions import TemplateError
from transformers import PreTrainedTokenizerBase

from medsum.core.errors import UserError
from medsum.model import architecture
from medsum.model.architecture import Kind
from medsum.model.loading import load_tokenizer
from medsum.model.prompt import Frame, PromptBuilder
from medsum.params.prompt import PromptParams

INSTRUCTION, ANSWER = "<<instruction>>", "<<answer>>"
PLAIN_CLOSING = "\n\nSummary:\n"  # for a decoder-only model without a chat template
# Some templates write today's date, and some let the model write its reasoning first. These settings prevent both.
TEMPLATE_SETTINGS: dict[str, Any] = {"date_string": "26 Jul 2024", "enable_thinking": False}


def prompt_builder(folder: Path, params: PromptParams) -> PromptBuilder:
    """Return the prompt builder for the checkpoint or adapter in `folder`.

    Raise UserError if the tokenizer or the config cannot be used.
    """
    tokenizer = load_tokenizer(folder)
    frame = frame_of(tokenizer, architecture.read(folder).kind, params.system)
    return PromptBuilder(tokenizer.backend_tokenizer, params, frame)


def frame_of(tokenizer: PreTrainedTokenizerBase, kind: Kind, system: str) -> Frame:
    """Return the text that the model needs around an instruction.

    `system` is the system message. If the template has no place for a system message, `system` is put directly
    before the instruction. An encoder-decoder reads the instruction without a frame. Raise UserError if no token ends
    an answer or if the chat template cannot be used.
    """
    if kind == "encoder-decoder":
        return Frame(kind, "", "", adds_special=True, end=_end_token(tokenizer))
    if not tokenizer.chat_template:
        return Frame(kind, "", PLAIN_CLOSING, adds_special=True, end=_end_token(tokenizer))
    try:
        whole = _chat(tokenizer, [{"role": "system", "content": system}], INSTRUCTION)
    except TemplateError:  # for example, Gemma 2's template refuses a system message
        whole = _chat(tokenizer, [], f"{system}\n\n{INSTRUCTION}")
    prompt, _, ending = whole.partition(ANSWER)
    opening, found, closing = prompt.partition(INSTRUCTION)
    if not (found and closing):
        raise UserError(
            f"the chat template of {tokenizer.name_or_path} changes or omits the instruction or the answer;"
            " take another tokenizer_config.json or chat_template.jinja"
        )
    return Frame(kind, opening, closing, adds_special=False, end=_first_special(tokenizer, ending))


def _chat(tokenizer: PreTrainedTokenizerBase, before: list[dict[str, str]], instruction: str) -> str:
    """Return the text of a chat template with the messages `before`, an instruction and an answer."""
    asked = [*before, {"role": "user", "content": instruction}]
    prompt = tokenizer.apply_chat_template(asked, tokenize=False, add_generation_prompt=True, **TEMPLATE_SETTINGS)
    answered = [*asked, {"role": "assistant", "content": ANSWER}]
    whole = tokenizer.apply_chat_template(answered, tokenize=False, **TEMPLATE_SETTINGS)
    assert isinstance(prompt, str)
    assert isinstance(whole, str)
    return f"{prompt}{ANSWER}{whole.rpartition(ANSWER)[2]}"


def _first_special(tokenizer: PreTrainedTokenizerBase, ending: str) -> str:
    """Return the special token with which the template ends an answer, or else the end token of the tokenizer."""
    ids = tokenizer(ending.strip(), add_special_tokens=False)["input_ids"]
    special = [token for token in ids if token in tokenizer.added_tokens_decoder]
    return str(tokenizer.convert_ids_to_tokens(special[0])) if special else _end_token(tokenizer)


def _end_token(tokenizer: PreTrainedTokenizerBase) -> str:
    if tokenizer.eos_token is None:
        raise UserError(
            f"the tokenizer of {tokenizer.name_or_path} has no eos_token, so no summary would end; add it to"
            " tokenizer_config.json"
        )
    return str(tokenizer.eos_token)
