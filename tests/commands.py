"""Running the command line inside the test process, exactly as the console script does."""

import io
import os
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from unittest import mock

from cnncalc.__main__ import main


@dataclass
class Result:
    """What a command left behind."""

    exit_code: int
    stdout: str
    stderr: str


class _Stream(io.TextIOWrapper):
    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", newline="\n")

    def text(self) -> str:
        self.flush()
        return self.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined,no-any-return]


def invoke(arguments: Sequence[str], stdin: bytes = b"", width: int | None = None) -> Result:
    """Run ``cnncalc`` with these arguments; ``width`` is the terminal's."""
    out, err = _Stream(), _Stream()
    entered = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    size = {"COLUMNS": str(width)} if width else {}
    surroundings = {key: value for key, value in os.environ.items() if key != "COLUMNS"} | size
    code = 0
    with (
        mock.patch.object(sys, "argv", ["cnncalc", *arguments]),
        mock.patch.object(sys, "stdin", entered),
        mock.patch.dict(os.environ, surroundings, clear=True),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 0
    return Result(code, out.text(), err.text())
