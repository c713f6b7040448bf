"""Python code inside a question: which layers it makes, in the order they run. Parsed with `ast`, never run."""

import ast
import re
import textwrap
from collections.abc import Iterator

from cnncalc.ask.calls import CONTAINERS
from cnncalc.ask.refusal import Refused
from cnncalc.spec.vocabulary import class_names

_LINE = re.compile(
    r"\s*(?:(?:import|from)\s+[\w.]+|class\s+\w+.*:|def\s+\w+\(.*|return\b.*|@\w+|#.*|[\])}]+[,;)]*\s*$|super\(.*|```.*|"
    r"[A-Za-z_][\w.]*\s*=(?!=)\s*\S.*|[A-Za-z_][\w.]*\(.*|\.\w+\(.*)\s*$"
)
_FUNCTIONS = {
    "relu": "ReLU()", "leaky_relu": "LeakyReLU()", "tanh": "Tanh()", "sigmoid": "Sigmoid()",
    "gelu": "GELU()", "elu": "ELU()",
    "flatten": "Flatten()", "view": "Flatten()", "reshape": "Flatten()",
    "dropout": "Dropout()", "dropout2d": "Dropout()",
}  # fmt: skip
_POOLS = {
    "max_pool2d": "MaxPool2d",
    "avg_pool2d": "AvgPool2d",
    "max_pool1d": "MaxPool1d",
    "adaptive_avg_pool2d": "AdaptiveAvgPool2d",
}
_QUIET = frozenset("log_softmax softmax size numel print summary compile fit build item eval train to cuda double "
                   "float squeeze unsqueeze super __init__ "
                   "Input InputLayer Model model randn rand zeros ones".split())  # fmt: skip
MAX_LAYERS = 400


def listed(text: str) -> str:
    """The question with its code replaced by the layers it makes, as a plain list of calls.

    Raises Refused for code whose order cannot be told.
    """
    if "\n" not in text or "(" not in text:
        return text
    lines = text.split("\n")
    marks = [bool(_LINE.match(line)) or (not line.strip()) for line in lines]
    out: list[str] = []
    block: list[str] = []
    for line, mark in zip([*lines, "."], [*marks, False], strict=True):
        if mark or (block and _open(block)):
            block.append(line)
            continue
        out += _block(block)
        block = []
        out.append(line)
    return "\n".join(out[:-1])


def _open(block: list[str]) -> bool:
    """Whether a bracket is still open."""
    joined = "".join(block)
    return joined.count("(") + joined.count("[") > joined.count(")") + joined.count("]")


def _block(block: list[str]) -> list[str]:
    source = textwrap.dedent("\n".join(line for line in block if not line.strip().startswith("```")))
    if (
        not any(name in source for name in ("Conv", "Linear", "Dense", "Pool"))
        or len([one for one in block if one.strip()]) < 2
    ):
        return block
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return block
    layers = list(_layers(tree))
    if len(layers) > MAX_LAYERS:
        raise Refused(f"code with more than {MAX_LAYERS} layers")
    return [", ".join(layers) + "." if layers else ""]


def _layers(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield from _module(node)
        elif isinstance(node, ast.FunctionDef):
            for statement in node.body:
                yield from _made(statement)
        else:
            yield from _made(node)


def _made(node: ast.AST) -> Iterator[str]:
    """The layers a statement makes, inner calls first."""
    for child in ast.iter_child_nodes(node):
        yield from _made(child)
    if isinstance(node, ast.Call):
        name = _name(node.func)
        if name in class_names() or name in ("SeparableConv2D", "InputLayer", "Input"):
            yield ast.unparse(ast.Call(ast.Name(name), node.args, node.keywords))
        elif name and name[:1].isupper() and name not in CONTAINERS and name not in _QUIET:
            raise Refused(f"the layer {name} in the code is not known")


def _module(node: ast.ClassDef) -> Iterator[str]:
    """A PyTorch module: its layers by name, in the order of ``forward``."""
    functions = {one.name: one for one in node.body if isinstance(one, ast.FunctionDef)}
    made: dict[str, list[str]] = {}
    for statement in functions["__init__"].body if "__init__" in functions else ():
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Attribute):
            made[statement.targets[0].attr] = list(_made(statement.value))
    forward = functions.get("forward") or functions.get("call")
    if forward is None:
        for layers in made.values():
            yield from layers
        return
    for statement in forward.body:
        yield from _run(statement, made)


def _run(node: ast.AST, made: dict[str, list[str]]) -> Iterator[str]:
    """The layers a statement of ``forward`` runs, inner calls first. Raises Refused for branches and loops."""
    if isinstance(node, ast.For | ast.While | ast.If | ast.BinOp) and not isinstance(
        getattr(node, "op", None), ast.Mult
    ):
        raise Refused("the code's forward has a branch, a loop or a sum; its layers are not a chain")
    if not isinstance(node, ast.Call):
        for child in ast.iter_child_nodes(node):
            yield from _run(child, made)
        return
    name = _name(node.func)
    receiver = node.func.value if isinstance(node.func, ast.Attribute) else None
    for child in [*([receiver] if isinstance(receiver, ast.Call) else []), *(node.args[:1])]:
        yield from _run(child, made)
    if name in made:
        yield from made[name]
    elif name in _POOLS:
        yield ast.unparse(ast.Call(ast.Name(_POOLS[name]), node.args[1:], node.keywords))
    elif name in _FUNCTIONS:
        yield _FUNCTIONS[name]
    elif name in class_names():
        yield ast.unparse(ast.Call(ast.Name(name), node.args, node.keywords))
    elif name not in _QUIET:
        raise Refused(f"what {name or 'a call'} does in the code's forward is not known")


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
