"""A lossless byte-level tokenizer: decode(encode(text)) == text for any text.

Byte-level BPE needs no normaliser and has no unknown characters. Each digit is one token. So the model copies a dose or
a blood pressure digit by digit, and never as a rare piece.
"""

from collections.abc import Iterable

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

PAD, EOS, UNK = "<pad>", "</s>", "<unk>"
SENTINELS = [f"<extra_id_{i}>" for i in range(32)]
PAD_ID, EOS_ID, UNK_ID, FIRST_SENTINEL = range(4)  # in the order of the vocabulary
LAST_SENTINEL = FIRST_SENTINEL + len(SENTINELS) - 1

# A word with the space before it; a single digit; a run of punctuation; white space.
PIECES = Regex(r" ?\p{L}+|'(?:s|t|m|d|ll|re|ve)\b| ?[^\s\p{L}\p{N}]+| ?\p{N}|\s+(?!\S)|\s")


def train_tokenizer(texts: Iterable[str], vocabulary_size: int) -> PreTrainedTokenizerFast:
    """Learn byte-pair pieces from `texts`. The ids are pad=0, eos=1, unk=2, then the sentinels, then the pieces."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(PIECES, behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary_size,
        special_tokens=[PAD, EOS, UNK, *SENTINELS],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"$A {EOS}",
        pair=f"$A {EOS} $B {EOS}",
        special_tokens=[(EOS, tokenizer.token_to_id(EOS))],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=PAD,
        eos_token=EOS,
        unk_token=UNK,
        extra_special_tokens=SENTINELS,
        clean_up_tokenization_spaces=False,
    )
