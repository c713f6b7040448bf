"""Saying no: a question that was not understood is refused with the part that was not."""


class Refused(ValueError):
    """A question cannot be answered honestly; the text says which part and what would help."""
