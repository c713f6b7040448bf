"""Figures written to files: the format by the suffix, first under a temporary name, then renamed."""

import os
import stat
from tempfile import mkstemp

from cnncalc.draw.canvas import Figure

FORMATS = (".svg", ".png", ".pdf", ".tex", ".dot", ".gv")


def suffix_of(path: str) -> str:
    """The format of a path. Raises ValueError for one that is none."""
    suffix = os.path.splitext(path)[1].lower()
    if suffix not in FORMATS:
        known = ", ".join(FORMATS)
        raise ValueError(
            f"{path!r} does not end in {known}" if not suffix else f"unknown suffix {suffix}: one of {known}"
        )
    return suffix


def encoded(figure: Figure, suffix: str, scale: float = 2.0) -> bytes:
    """A figure in a format other than DOT. Raises MissingPart where a package is missing."""
    if suffix == ".png":
        from cnncalc.draw.raster import png

        return png(figure, scale)
    if suffix == ".pdf":
        from cnncalc.draw.raster import pdf

        return pdf(figure)
    if suffix == ".tex":
        from cnncalc.draw.tikz import tikz

        return tikz(figure).encode()
    return figure.svg.encode()


def write(path: str, data: bytes) -> None:
    """Write a whole file or none. Raises OSError that names the path."""
    target = os.path.realpath(path)
    try:
        if os.path.exists(target) and not stat.S_ISREG(os.stat(target).st_mode):
            with open(target, "wb") as file:  # a pipe or a device cannot be replaced
                file.write(data)
            return
        _replace(target, data)
    except OSError as error:
        raise type(error)(error.errno, error.strerror or str(error), path) from None


def _replace(target: str, data: bytes) -> None:
    mask = os.umask(0)
    os.umask(mask)
    handle, temporary = mkstemp(prefix=".cnncalc-", dir=os.path.dirname(target) or ".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise
