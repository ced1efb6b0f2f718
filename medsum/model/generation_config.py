"""Make the settings with which transformers writes summaries, in the validation of a training run and for users."""

from typing import Any

from transformers import GenerationConfig, PreTrainedModel


def generation_config(model: PreTrainedModel, end_id: int, max_new_tokens: int, **search: Any) -> GenerationConfig:
    """Return settings without random sampling. With these settings, each summary has at least one token.

    `end_id` is the id of the token that ends a summary. It is also the id of the padding token if the model has no
    padding token. `search` holds other arguments of GenerationConfig, such as `num_beams`.
    """
    padding = model.config.get_text_config().pad_token_id
    return GenerationConfig(
        max_new_tokens=max_new_tokens,
        min_new_tokens=1,
        do_sample=False,
        decoder_start_token_id=getattr(model.config, "decoder_start_token_id", None),
        eos_token_id=end_id,
        pad_token_id=end_id if padding is None else padding,
        **search,
    )
