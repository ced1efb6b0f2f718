"""What the model reads: the prompt of a dialogue."""

from medsum.data.sections import in_words


def render(template: str, dialogue: str, section: str | None) -> str:
    """Fill the template; `section` is a header such as `GENHX`, put in plain words."""
    return template.format(dialogue=dialogue, section=in_words(section))
