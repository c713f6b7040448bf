"""Writing files: whole or not at all."""

import os
from contextlib import suppress
from tempfile import NamedTemporaryFile


def replaced(path: str, text: str) -> None:
    """Put ``text`` into a file: written beside it first, then renamed, so that nobody reads half of it.

    A device or pipe is written to as it is. Raises OSError.
    """
    if os.path.exists(path) and not os.path.isfile(path):
        with open(path, "w", encoding="utf-8") as device:
            device.write(text)
        return
    target = os.path.realpath(path)
    try:
        temporary = NamedTemporaryFile("w", encoding="utf-8", dir=os.path.dirname(target), delete=False)  # noqa: SIM115
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from None
    try:
        with temporary as file:
            file.write(text)
        mode = os.stat(target).st_mode & 0o777 if os.path.exists(target) else 0o666 & ~_umask()
        os.chmod(temporary.name, mode)
        os.replace(temporary.name, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary.name)
        raise


def _umask() -> int:
    """The process's file mode mask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
