"""JSON that a person can read too: indented, with short lists on one line."""

import json
import re
from typing import Any

_BREAK = re.compile(r",\n\s+")
_FLAT = re.compile(r"\[\n\s+([^\[\]{}]*?)\n\s+\]")


def pretty(document: Any) -> str:
    """The document as indented JSON text; what is not JSON becomes its text."""
    text = json.dumps(document, ensure_ascii=False, indent=2, default=str)
    return _FLAT.sub(lambda found: "[" + _BREAK.sub(", ", found[1]) + "]", text)
