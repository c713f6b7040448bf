"""Running what students wrote, in a process of its own and within limits.

The process may use so much time, memory and output; it may not write, remove or rename files, start
programs or open connections. This keeps accidents apart from the grader; it is no prison for malice.
Where processes cannot be forked (Windows) a thread with a time limit takes its place.
"""

import json
import os
import select
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from math import isfinite
from typing import Any

from cnncalc.exact.records import record

MAX_LINE = 1 << 20  # bytes of one reply
MAX_PRINTED = 200  # characters of what a call prints that are kept
MAX_DIGITS = 60
BARRED = ("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod",
          "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty", "os.kill", "subprocess.Popen",
          "shutil.rmtree", "shutil.move", "socket.connect", "socket.bind", "os.putenv")  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@record
class Limits:
    """Seconds for one call, seconds for all, bytes of memory beyond what is in use."""

    call: float = 2.0
    total: float = 30.0
    memory: int = 1 << 30


@record
class Said:
    """What one call came to: a value with its type's name, an error, or no end (``kind``)."""

    kind: str  # "int", "float", "other", "error", "endless", "died", "unasked"
    value: Any = None
    text: str = ""
    printed: str = ""


UNASKED = Said("unasked")
Encode = Callable[[Any], dict[str, Any]]


def described(value: Any) -> dict[str, Any]:
    """A returned value as plain data; anything but Python's own numbers by its type and text."""
    if type(value) is int and value.bit_length() < 200:
        return {"kind": "int", "value": value}
    if type(value) is float:
        return {"kind": "float", "value": value if isfinite(value) else None, "text": repr(value)}
    kind = type(value)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    found: dict[str, Any] = {"kind": "other", "text": f"{name} {_shown(value)}" if value is not None else "None"}
    if type(value) is not bool:
        with suppress(Exception):
            whole = value.__index__()
            if whole.bit_length() < 200:
                found["value"] = int(whole)
    return found


def plain(value: Any) -> dict[str, Any]:
    """For calls of our own making: their value is plain data already."""
    return {"kind": "other", "value": value}


def _shown(value: Any) -> str:
    try:
        text = repr(value)
    except Exception:
        text = "?"
    return text if len(text) <= MAX_DIGITS else text[: MAX_DIGITS - 1] + "…"


def run(function: Callable[..., Any], calls: Sequence[tuple[Any, ...]], limits: Limits = Limits(),  # noqa: B008
        encode: Encode = described) -> list[Said]:  # fmt: skip
    """Call a function with each of ``calls``; after one that never ends the rest stay unasked."""
    said = list(_forked(function, calls, limits, encode) if hasattr(os, "fork") else
                _threaded(function, calls, limits, encode))  # fmt: skip
    return said + [UNASKED] * (len(calls) - len(said))


def _forked(
    function: Callable[..., Any], calls: Sequence[tuple[Any, ...]], limits: Limits, encode: Encode
) -> Iterator[Said]:
    reader, writer = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of threads; the child starts none
        child = os.fork()
    if child == 0:
        os.close(reader)
        _child(function, calls, limits, encode, writer)
    os.close(writer)
    try:
        yield from _replies(reader, len(calls), limits)
    finally:
        os.close(reader)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _replies(reader: int, count: int, limits: Limits) -> Iterator[Said]:
    """The child's lines, one a call, as long as they come in time."""
    end = time.monotonic() + limits.total
    buffer = b""
    for _ in range(count):
        until = min(end, time.monotonic() + limits.call)
        while b"\n" not in buffer:
            left = until - time.monotonic()
            if left <= 0 or not select.select([reader], [], [], left)[0]:
                yield Said("endless", text=f"{limits.call:g}")
                return
            data = os.read(reader, 1 << 16)
            buffer += data
            if not data or len(buffer) > MAX_LINE:
                yield Said("died")
                return
        line, _, buffer = buffer.partition(b"\n")
        yield _read(line)


def _read(line: bytes) -> Said:
    try:
        reply = json.loads(line)
        return Said(str(reply["kind"]), reply.get("value"), str(reply.get("text", "")), str(reply.get("printed", "")))
    except (ValueError, KeyError, TypeError, RecursionError):
        return Said("died")


def _child(function: Callable[..., Any], calls: Sequence[tuple[Any, ...]], limits: Limits, encode: Encode,
           writer: int) -> None:  # fmt: skip
    """The other side of the fork; never returns."""
    code = 1
    try:
        os.setsid()
        silent = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(silent, descriptor)
        with suppress(Exception):
            sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115
        _limit(limits)
        _bar()
        warnings.simplefilter("ignore")
        for arguments in calls:
            sys.stdout = sys.stderr = paper = _Paper()
            reply = _called(function, arguments, encode) | {"printed": paper.text}
            os.write(writer, json.dumps(reply).encode() + b"\n")
        code = 0
    finally:
        os._exit(code)


def _limit(limits: Limits) -> None:
    """Processor time, memory and file sizes, where the platform knows limits."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        seconds = int(limits.total) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with open("/proc/self/statm", encoding="ascii") as file:
            used = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        most = used + limits.memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _bar() -> None:
    """Refuse what a function that computes a number has no need of."""
    sys.dont_write_bytecode = True

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event in BARRED:
            raise PermissionError(f"{event} is not allowed here")
        if event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING:
            raise PermissionError(f"writing files is not allowed here ({str(arguments[0])[:60]})")

    sys.addaudithook(refuse)


class _Paper:
    """What a call prints, the beginning of it."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text = (self.text + str(text)[:MAX_PRINTED])[:MAX_PRINTED]
        return len(text)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False


def _called(function: Callable[..., Any], arguments: tuple[Any, ...], encode: Encode) -> dict[str, Any]:
    """One call's reply."""
    try:
        return encode(function(*arguments))
    except RecursionError:
        return {"kind": "error", "text": "RecursionError: it calls itself without end"}
    except MemoryError:
        return {"kind": "error", "text": "MemoryError: it wants more memory than it may have"}
    except BaseException as error:  # a SystemExit too is the student's
        return {"kind": "error", "text": f"{type(error).__name__}: {_message(error)}"}


def _message(error: BaseException) -> str:
    try:
        return str(error)[:200]
    except Exception:
        return "?"


def _threaded(function: Callable[..., Any], calls: Sequence[tuple[Any, ...]], limits: Limits,
              encode: Encode) -> Iterator[Said]:  # fmt: skip
    """Time limits alone: what is printed is seen, and a call that never ends is left behind."""
    from queue import Empty, Queue
    from threading import Event, Thread

    replies: Queue[dict[str, Any]] = Queue()
    enough = Event()

    def work() -> None:
        for arguments in calls:
            if enough.is_set():
                return
            replies.put(_called(function, arguments, encode))

    Thread(target=work, daemon=True).start()
    end = time.monotonic() + limits.total
    for _ in calls:
        try:
            reply = replies.get(timeout=max(0.0, min(limits.call, end - time.monotonic())))
        except Empty:
            enough.set()
            yield Said("endless", text=f"{limits.call:g}")
            return
        yield _read(json.dumps(reply).encode())
