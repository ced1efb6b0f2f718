"""What the model reads: the prompt of a dialogue."""

from medsum.data.sections import in_words


def render(template: str, dialogue: str, section: str | None) -> str:
    """Fill the template; `section` is a header such as `GENHX`, put in plain words."""
    return template.format(dialogue=dialogue, section=in_words(section))


def cut(ids: list[int], limit: int) -> list[int]:
    """At most `limit` token ids; the last one, which ends the sequence, is kept."""
    return ids if len(ids) <= limit else [*ids[: limit - 1], ids[-1]]
