"""Tokenizers of every kind that a base may have: two of the project, and look-alikes of those that are fetched."""

import string
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

ROOT = Path(__file__).resolve().parents[2]
# What FLAN-T5's vocabulary holds beside plain ASCII, and what of ASCII it lacks; measured on the real tokenizer.
KEPT_BY_T5 = "£«®°»ÉÎÜßàáâäçèéêîóôöùûüăşţ–—‘’“”„•′€"
MISSING_IN_T5 = "<\\^`{}~"
CHAT_END = "<|im_end|>"


def like_t5() -> Tokenizer:
    """A unigram tokenizer with FLAN-T5's normaliser (NFKC) and its gaps: what is unknown is dropped in decoding."""
    plain = [sign for sign in string.printable.strip() if sign not in MISSING_IN_T5] + list(KEPT_BY_T5)
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0), *((sign, -3.0) for sign in plain)]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=2, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace("  ", " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.add_special_tokens([AddedToken(name, special=True) for name in ("<pad>", "</s>", "<unk>")])
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    return tokenizer


def like_smollm() -> Tokenizer:
    """A byte-level tokenizer with the special token that ends a turn of chat."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({letter: number for number, letter in enumerate(letters)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(CHAT_END, special=True)])
    return tokenizer


def like_minilm() -> Tokenizer:
    """A WordPiece tokenizer that takes case and accents away and knows plain ASCII."""
    signs = [sign for sign in string.printable.strip() if not sign.isupper()]
    names = ["[UNK]", *signs, *(f"##{sign}" for sign in signs)]
    tokenizer = Tokenizer(models.WordPiece({name: number for number, name in enumerate(names)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens([AddedToken("[UNK]", special=True)])
    return tokenizer


def compact() -> Tokenizer:
    """The tokenizer of the base that is in Git."""
    return Tokenizer.from_file(str(ROOT / "models/base/compact/tokenizer.json"))
