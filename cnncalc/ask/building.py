"""From layers as told to a spec on one line: what is missing becomes an open symbol, what is usual is assumed aloud."""

from collections.abc import Callable
from itertools import chain, count
from typing import Any

from cnncalc.ask.assembly import Assembler
from cnncalc.ask.lexer import Token
from cnncalc.ask.reading import Draft, Reading
from cnncalc.ask.refusal import Refused
from cnncalc.ask.said import CONVS, POOLS, value
from cnncalc.exact.records import changed
from cnncalc.exact.sizes import prod

SPATIAL = frozenset(("upsample", "pad", "conv_transpose")) | CONVS | POOLS
MAX_TIMES = 200
KERAS_WORDS = ("keras", "tf")


def cross(size: Any) -> str:
    """A size in the short form: 3, 3x5."""
    return "x".join(map(str, size)) if isinstance(size, tuple) else str(size)


_DATASETS = {"cifar": (3, 32, "CIFAR"), "mnist": (1, 28, "MNIST"), "fashion": (1, 28, "Fashion-MNIST")}


class Builder:
    """Makes the reading of one network."""

    def __init__(
        self,
        said: Assembler,
        drafts: list[Draft],
        where: Any,
        overrides: dict[str, Any] | None = None,
        bias: bool | None = None,
    ) -> None:
        self.said, self.where = said, where
        self.symbols: dict[str, str] = {}
        self.assumed: list[str] = []
        self.bias = bias if bias is not None else said.bias
        self.rounding = said.rounding
        if self.bias is None and said.mlp and any(ask.quantity == "connections" for ask in said.asks):
            self.bias = False
            self.assumed.append("connections of a dense network are counted without biases")
        self.drafts = self._settled([changed(draft, settings=dict(draft.settings)) for draft in drafts])
        if overrides:
            self._override(overrides)
        self.layout = "last"
        self.batch: int | None = said.lettered_batch
        self.flat_side = False
        self.channels_known = True
        self.channels_used = False
        self.rank = self._rank()

    costly = False

    def _named(self, draft: Draft, added: list[str], lines: list[str]) -> None:
        """The layer's name as the question has it ("conv1"), once."""
        label = draft.label
        if not (added and draft.bare and draft.times == 1 and label.isascii() and label.isidentifier()):
            return
        if not any(line.endswith(f" as {label}") for line in lines):
            added[-1] += f" as {label}"

    def _given(self) -> None:
        """A stated output tells the number of filters where nothing else does."""
        for token in self.said.given:
            size = value(token)
            lone = [draft for draft in self.drafts if draft.kind == "conv" and "out_channels" not in draft.settings]
            if len(size) == 3 and len(lone) == 1 and lone[0] is self.drafts[-1]:
                channels = size[0] if self.said.axis == "first" else size[-1]
                lone[0].settings["out_channels"] = channels

    def reading(self) -> Reading:
        """The spec, its open symbols, and what was assumed."""
        self.spare: Any = None
        self._given()
        shape = self._input()
        self.incoming, self.sizes = shape[0], tuple(shape[1:])
        if self.said.both is not None:
            self.spare = self.said.both
        elif self.said.channels is not None and not self.channels_used:
            self.spare = self.said.channels  # "28x28x512, three 3x3 convolutions with 512 channels"
        self.flat = len(shape) == 1
        lines: list[str] = []
        self.stated: dict[int, Any] = {}
        for draft in self.drafts:
            for copy in range(min(draft.times, MAX_TIMES)):
                added = self._layer(draft, copy, lines)
                self._named(draft, added, lines)
                lines += added
                if draft.output is not None and added:
                    self.stated[len(lines) - 1] = draft.output
        if not lines and self.said.waiting_dense and len(self.said.given) == 1 and len(shape) > 1:
            lines = ["flatten", f"linear {prod(self._open(value(self.said.given[0])))}{self._no_bias()}"]
        if not lines:
            raise Refused("no layer was found in the question; say for instance 'conv 16 filters 3x3, stride 1'")
        reading = Reading(" -> ".join(["input " + cross(shape), *lines]), self.symbols)
        reading.layout, reading.batch, reading.flat_side = self.layout, self.batch, self.flat_side
        reading.stated = self.stated
        for claim in self.said.claims:
            if claim not in shape:
                raise Refused(f"{claim} is told, but the input is {cross(shape)}")
        reading.rank, reading.assumed, reading.channels_known = self.rank, self.assumed, self.channels_known
        return reading

    # --- layers --------------------------------------------------------------------------------------

    def _settled(self, drafts: list[Draft]) -> list[Draft]:
        """Kinds and counts that only the whole question tells."""
        found: list[Draft] = []
        for draft in drafts:
            kind = draft.kind
            if kind == "outputs":
                self._outputs(draft, found)
                continue
            if not kind:
                kind = self._kind_of(draft)
            draft = changed(draft, kind=kind)
            self._counted(draft)
            self._maybe(draft)
            found.append(draft)
        return self._cleaned(found)

    def _cleaned(self, drafts: list[Draft]) -> list[Draft]:
        """Mentions without anything of their own leave; listed values become layers of their own."""
        found: list[Draft] = []
        parts = any(draft.kind in ("depthwise", "pointwise") for draft in drafts)
        for at, draft in enumerate(drafts):
            self._from_output(draft)
            bare = (
                draft.kind in CONVS
                and not draft.settings
                and not draft.listed
                and draft.times == 1
                and draft.output is None
            )
            if (
                bare
                and at + 1 < len(drafts)
                and drafts[at + 1].place - draft.place <= 2
                and self.said.found[drafts[at + 1].place].name == "call"
            ):
                continue  # "grouped convolution: Conv2d(64, 128, 3, groups=4)"
            if draft.kind == "linear" and "out_features" not in draft.settings:
                continue
            if draft.kind == "separable" and parts and not draft.settings:
                continue
            rows = draft.listed
            if rows:
                length = max(len(values) for values in rows.values())
                if draft.times not in (1, length):
                    raise Refused(f"{draft.times} layers are told, but {length} values")
                for i in range(length):
                    own = {name: values[i] for name, values in rows.items() if i < len(values)}
                    found.append(changed(draft, settings=draft.settings | own, times=1, listed={}))
                continue
            found.append(draft)
        found = _contracting(_interleaved(found, self._assume), self._assume)
        self._shared(found)
        self._stacked(found)
        said = self.said.layers_said
        convs = [draft for draft in found if draft.kind in CONVS]
        if said is not None and len(convs) == 1 and convs[0].times == 1 and isinstance(said, int):
            convs[0].times = said
        elif (
            said is not None
            and isinstance(said, int)
            and said not in (len(found), sum(d.times for d in convs), sum(d.times for d in found))
        ):
            raise Refused(f"{said} layers are told, but {len(found)} are described")
        return found

    def _stacked(self, drafts: list[Draft]) -> None:
        """ "The third layer of a stack of 5x5 convolutions": as many layers as are asked about."""
        places = [
            place
            for ask in self.said.asks
            if ask.quantity in ("field", "jump")
            for place, kind in ask.layers
            if isinstance(place, int)
        ]
        if len(drafts) != 1 or drafts[0].times != 1 or drafts[0].kind not in CONVS or not places or max(places) < 2:
            return
        if isinstance(self.said.layers_said, int):
            return
        plural = any(
            token.tag == "CONV" and token.text.lower().endswith(("s", "i", "nen")) for token in self.said.all_tokens
        )
        if not plural:
            raise Refused(f"only one layer is told; the field of layer {max(places)} depends on those before it")
        drafts[0].times = max(places)

    def _from_output(self, draft: Draft) -> None:
        """What a layer's stated output tells of it: (None, 26, 26, 64) has 64 filters."""
        output = draft.output
        if not isinstance(output, tuple):
            return
        channels = output[0] if self.said.axis == "first" else output[-1]
        if draft.kind == "conv" and len(output) >= 3 and isinstance(channels, int):
            draft.settings.setdefault("out_channels", channels)
        if draft.kind == "linear" and isinstance(output[-1], int):
            draft.settings.setdefault("out_features", output[-1])

    def _shared(self, drafts: list[Draft]) -> None:
        """Settings told once for all layers, and kernels of pools and convolutions that are not repeated."""
        for draft in drafts:
            family = "conv" if draft.kind in CONVS else "pool" if draft.kind in POOLS else ""
            if self.said.windows and family:
                draft.settings.setdefault("kernel_size", self.said.windows[family])
            if draft.kind in CONVS | POOLS:
                for name, given in self.said.globals.items():
                    if draft.kind not in POOLS:
                        draft.settings.setdefault(name, given)
        windows = [draft for draft in drafts if draft.kind == "conv" and "kernel_size" in draft.settings]
        lone = [draft for draft in windows if draft.settings.keys() <= {"kernel_size", "padding", "stride"}]
        missing = [
            draft
            for draft in drafts
            if draft.kind == "conv" and "kernel_size" not in draft.settings and "out_channels" in draft.settings
        ]
        if (len(lone) == 1 and missing and drafts[-1].kind != "conv") or (
            len(lone) == 1 and missing and lone[0] is not drafts[0]
        ):
            for draft in missing:
                for name, given in lone[0].settings.items():
                    draft.settings.setdefault(name, given)
            drafts.remove(lone[0])
        pools = [draft for draft in drafts if draft.kind in POOLS]
        known = next((draft for draft in pools if "kernel_size" in draft.settings), None)
        for draft in pools:
            if "kernel_size" not in draft.settings and known is not None:
                draft.settings |= {name: given for name, given in known.settings.items() if name not in draft.settings}
                self._assume("every pooling has the window that is told once")

    def _kind_of(self, draft: Draft) -> str:
        names = draft.settings.keys() | draft.listed.keys()
        if "out_features" in names:
            return "linear"
        if names == {"padding"} and not isinstance(draft.settings["padding"], str):
            return "pad"
        return "conv"

    def _outputs(self, draft: Draft, found: list[Draft]) -> None:
        """ "10 outputs", "5 classes": the size of the last dense layer, where there are such layers."""
        dense = [one for one in found if one.kind == "linear" or (one.kind == "" and "out_features" in one.settings)]
        number = draft.settings["out_features"]
        if any(one.settings.get("out_features") == number for one in dense[-1:]):
            return
        if dense or self.said.waiting_dense or self.said.mlp:
            found.append(changed(draft, kind="linear"))
        elif self.said.name or not isinstance(number, int):
            return
        else:
            raise Refused(f"{number} outputs are told, but no layer that gives them")

    def _counted(self, draft: Draft) -> None:
        """ "two 3x3 convolutions" are two layers, "64 3x3 convolutions" one layer with 64 filters."""
        if draft.counted is None:
            return
        number, draft.counted = draft.counted, None
        asked = {ask.quantity for ask in self.said.asks}
        spelled = bool(draft.label)
        if spelled or number <= 4 or "out_channels" in draft.settings or asked & {"field", "jump"}:
            draft.times = number
        else:
            draft.settings["out_channels"] = number

    def _maybe(self, draft: Draft) -> None:
        if draft.maybe is None:
            return
        number, draft.maybe = draft.maybe, None
        if self.said.windows:
            draft.settings.setdefault("out_channels", number)
        elif "kernel_size" in draft.settings and "out_channels" not in draft.settings:
            draft.settings["out_channels"] = number
        elif "out_channels" in draft.settings and "kernel_size" not in draft.settings:
            draft.settings["kernel_size"] = number
        elif "kernel_size" in draft.settings:
            raise Refused(f"the number {number} beside the convolution was not understood")
        elif number in (1, 3, 5, 7, 9, 11):
            draft.settings["kernel_size"] = number
            self._assume(f"'conv {number}' has a {number}x{number} kernel")
        else:
            draft.settings["out_channels"] = number

    def _layer(self, draft: Draft, copy: int, lines: list[str]) -> list[str]:
        kind = draft.kind
        if kind in CONVS:
            return self._conv(draft, copy, lines)
        if kind in POOLS:
            return self._pool(draft)
        if kind == "linear":
            units = self._open(draft.settings["out_features"])
            if self.said.noflatten and not self._is_flat(lines):
                self._assume("a Dense layer on a map acts on the channels of each position, as in Keras")
                return [f"conv {units} {'x'.join('1' * self.rank)}{self._no_bias()}"]
            before = [] if self._is_flat(lines) else ["flatten"]
            if self.said.as_conv and not self.flat:
                self._assume("a fully connected layer is a convolution whose kernel covers its whole input")
                size = (
                    cross(self.sizes)
                    if not any(line.startswith("conv") for line in lines)
                    else "x".join("1" * self.rank)
                )
                return [f"conv {units} {size}{self._no_bias()}"]
            asked = any(ask.quantity == "features" for ask in self.said.asks)
            declared = f" in_features={draft.inch}" if isinstance(draft.inch, int) and not asked and lines else ""
            bias = " nobias" if draft.settings.get("bias") is False else self._no_bias()
            return [*before, f"linear {units}{bias}{declared}"]
        if kind == "flatten" and self._is_flat(lines):
            return []
        if kind == "upsample":
            return [f"upsample scale_factor={draft.settings['scale_factor']}"]
        if kind == "pad":
            return [f"pad {cross(self._open(draft.settings['padding']))}"]
        return [self._with_settings(draft)]

    def _with_settings(self, draft: Draft) -> str:
        """Layers given by a call: settings as they stand."""
        words = [draft.kind]
        if draft.kind == "batch_norm" and isinstance(draft.inch, int):
            words.append(f"num_features={draft.inch}")
        for name, given in draft.settings.items():
            words.append(f"{name}={_word(given)}")
        return " ".join(words)

    def _is_flat(self, lines: list[str]) -> bool:
        if not lines:
            return self.flat
        flattening = ("flatten", "linear", "global_avg_pool", "global_max_pool")
        for line in reversed(lines):
            word = line.split()[0]
            if word in flattening:
                return True
            if word in SPATIAL or word.endswith("_pool"):
                return False
        return self.flat

    def _no_bias(self) -> str:
        return " nobias" if self.bias is False else ""

    def _conv(self, draft: Draft, copy: int, lines: list[str]) -> list[str]:
        kind, given = draft.kind, draft.settings
        if self.said.unshared and kind == "conv":
            kind = "locally_connected"
        first = not any(line.split()[0] in SPATIAL for line in lines)
        if kind == "depthwise":
            times = given.get("depth_multiplier", 1)
            width = "channels" if times == 1 else f"channels*{times}"
            bias = " nobias" if given.get("bias") is False or self.bias is False else ""
            return [self._sliding("conv", draft, width, " groups=channels" + bias)]
        if kind == "pointwise":
            return [
                self._sliding(
                    "conv",
                    changed(draft, settings={"kernel_size": 1} | given),
                    self._width(draft, first),
                    self._no_bias(),
                )
            ]
        if kind == "separable":
            return self._separable(draft, first)
        if draft.third is not None:
            self._third(draft, first and copy == 0)
        biased = given.get("bias")
        tail = " nobias" if biased is False or (biased is None and self.bias is False) else ""
        known = first and self.channels_known and not isinstance(self.incoming, str) and self.incoming != draft.inch
        if draft.inch is not None and copy == 0 and (not first or known):
            tail += f" in_channels={self._open(draft.inch)}"
        return [self._sliding(kind, draft, self._width(draft, first), tail)]

    def _third(self, draft: Draft, first: bool) -> None:
        """ "conv 3x3x32" on 32 channels is 32 deep and lacks its number of filters; on others it has 32 filters."""
        incoming = self.incoming if first else None
        if incoming == draft.third and "out_channels" not in draft.settings:
            raise Refused(f"{draft.third} in the kernel's size: is it the depth of the filters, or their number?")
        draft.settings.setdefault("out_channels", draft.third)
        self._assume(f"{draft.third} is the number of filters")

    def _separable(self, draft: Draft, first: bool) -> list[str]:
        keras = self.said.dialect == "keras" and any(f.name == "call" for f in self.said.found)
        self.costly = any(ask.quantity in ("macs", "mults", "flops") for ask in self.said.asks)
        silent = self.bias is None and not keras
        if silent:
            self._assume("no bias in the depthwise separable convolution, as in MobileNet")
        depth = " groups=channels" + ("" if self.bias and not keras else " nobias")
        point = "" if keras or self.bias else " nobias"
        width = self._width(draft, first)
        return [self._sliding("conv", draft, "channels", depth), f"conv {width} {'x'.join('1' * self.rank)}{point}"]

    def _width(self, draft: Draft, first: bool) -> str:
        given = draft.settings.get("out_channels", self.spare)
        if given is None and draft.single and self.channels_known:
            self._assume("one filter")
            given = 1
        if given is not None and given != "?":
            return str(self._open(given))
        return self._placeholder("K", "the number of filters")

    def _sliding(self, kind: str, draft: Draft, width: str, tail: str) -> str:
        given = draft.settings
        kernel = given.get("kernel_size")
        if kernel is None or kernel == "?":
            kernel = self._placeholder("k", f"the kernel size of the {kind}")
        words = [kind, width, self._size(kernel)]
        stride = self._open(given.get("stride", 1))
        if stride != 1 and stride != (1, 1):
            words.append(f"stride={cross(stride)}")
        elif "stride" not in given:
            self._assume("stride 1")
        words += self._padding(kind, given, stride)
        for name in ("dilation", "groups", "output_padding"):
            if name in given and not (name == "groups" and "groups=" in tail):
                words.append(f"{name}={_word(self._open(given[name]))}")
        return " ".join(words) + tail

    def _size(self, kernel: Any) -> str:
        kernel = self._open(kernel)
        if isinstance(kernel, tuple) and len(kernel) == 1:
            kernel = kernel[0]
        if isinstance(kernel, int) and self.rank == 2:
            return f"{kernel}x{kernel}"
        return cross(kernel)

    def _padding(self, kind: str, given: dict[str, Any], stride: Any) -> list[str]:
        if "padding" not in given:
            if kind == "conv" and self.costly:
                self._assume("the padding keeps the size, as in MobileNet")
                return ["padding=same"] if stride in (1, (1, 1)) else ["padding=tf_same"]
            self._assume("padding 0")
            return []
        padding = given["padding"]
        if padding in ("valid", 0, (0, 0)):
            return []
        if padding == "some":
            self._assume("'with padding' keeps the size (same)")
            padding = "same"
        if padding == "full" and isinstance(given.get("kernel_size"), int | tuple):
            return ["padding=full"]
        if padding == "same" and (stride not in (1, (1, 1)) or kind == "conv_transpose"):
            self._assume("same padding with a stride gives ⌈n/stride⌉, as in TensorFlow")
            return ["padding=tf_same"]
        if padding == "tf_same" and stride in (1, (1, 1)) and kind == "conv":
            padding = "same"
        return [f"padding={cross(self._open(padding))}"]

    def _pool(self, draft: Draft) -> list[str]:
        given, kind = draft.settings, draft.kind
        if kind == "pool":
            kind = "max_pool"
            self._assume("the pooling is max pooling (average pooling gives the same sizes)")
        kernel = given.get("kernel_size")
        if kernel is None or kernel == "?":
            kernel = 2
            self._assume("pooling windows are 2x2")
        words = [kind, self._size(kernel)]
        stride = self._open(given.get("stride"))
        if stride is None:
            self._assume("pooling stride = window")
        elif stride != kernel and not (isinstance(kernel, tuple) and set(kernel) == {stride}):
            words.append(f"stride={cross(stride)}")
        padding = given.get("padding", 0)
        if padding in ("same", "tf_same", "some"):
            words.append("padding=tf_same")
        elif padding not in (0, "valid", (0, 0)):
            words.append(f"padding={cross(self._open(padding))}")
        ceil = given.get("ceil_mode")
        if (ceil or self.rounding == "ceil") and self.said.dialect != "caffe":
            words.append("ceil_mode=true")
        elif self.said.dialect == "caffe" and self.rounding != "floor":
            self._assume("Caffe rounds the sizes of pooling up")
            words.append("ceil_mode=caffe")
        return [" ".join(words)]

    def _override(self, overrides: dict[str, Any]) -> None:
        if "bias" in overrides:
            self.bias = overrides["bias"]
            return
        if "rounding" in overrides:
            self.rounding = overrides["rounding"]
            return
        if "kind" in overrides:
            self.drafts[-1].kind = overrides["kind"]
            return
        for draft in reversed(self.drafts):
            if draft.kind in CONVS | POOLS:
                draft.settings |= overrides
                return

    # --- the input ---------------------------------------------------------------------------------------

    def _rank(self) -> int:
        ranks = {draft.rank for draft in self.drafts if draft.rank} | ({self.said.rank} if self.said.rank else set())
        kernels = [draft.settings.get("kernel_size") for draft in self.drafts]
        ranks |= {len(kernel) for kernel in kernels if isinstance(kernel, tuple) and len(kernel) != 1}
        if len(ranks) > 1:
            raise Refused("layers of different numbers of axes in one question")
        return next(iter(ranks), 2)

    def _input(self) -> tuple[Any, ...]:
        said = self.said
        if said.chain:
            return self._chained(said.chain[0])
        token = self.where
        if token is None:
            return self._unsaid()
        for other in [*(value(side) for side in said.sides), said.height, said.width]:
            if other is not None and other not in value(token):
                raise Refused(f"the input is told as {token.text} and as {other}")
        dims = list(value(token))
        if token.layout:
            self.layout = "first" if token.layout in ("first", "torch") else "last"
        if len(dims) == self.rank + 2:
            self.batch = dims.pop(0)
            self.batch = self.batch if isinstance(self.batch, int) else None
        if len(dims) == 1 and self.rank != 1:
            if all(draft.kind == "linear" for draft in self.drafts):
                return (self._open(dims[0]),)
            dims = dims * 2
        if len(dims) == self.rank + 1:
            return self._with_channels(dims, token)
        if len(dims) != self.rank:
            raise Refused(f"the input {token.text} has {len(dims)} sizes; {self.rank} and the channels were expected")
        return (self._channels(), *(self._open(dim) for dim in dims))

    def _chained(self, first: Any) -> tuple[Any, ...]:
        """The input of a chain of layer sizes; one told beside it must hold as many numbers."""
        if self.where is not None:
            sizes = [size for size in value(self.where) if isinstance(size, int)]
            if prod(sizes) != first:
                raise Refused(
                    f"the input {self.where.text} has {prod(tuple(sizes)):,} values, but the chain begins with {first}"
                )
        return (self._open(first), *([1] * self.rank if self.said.as_conv else []))

    def _with_channels(self, dims: list[Any], token: Token) -> tuple[Any, ...]:
        self.layout = self._layout(dims, token)
        channels = dims[-1] if self.layout == "last" else dims[0]
        spatial = dims[:-1] if self.layout == "last" else dims[1:]
        for other, what in (
            (self.said.inch, "input channels"),
            (self.said.both, "input channels"),
            (self.said.channels, "channels"),
            (self.said.colour, "colour channels"),
        ):
            if other is not None and other != channels and what != "channels":
                raise Refused(f"the input {token.text} has {channels} channels, but {other} {what} are told")
        said, wide = (
            self.said.channels,
            [draft for draft in self.drafts if draft.kind in CONVS and "out_channels" not in draft.settings],
        )
        if said is not None and said != channels and not wide:
            raise Refused(f"the input {token.text} has {channels} channels, but {said} channels are told")
        return tuple(self._open(size) for size in (channels, *spatial))

    def _layout(self, dims: list[Any], token: Token) -> str:
        said = self.said
        if token.layout:
            return "first" if token.layout in ("first", "torch") else "last"
        if said.axis:
            return said.axis
        for channels in (said.inch, said.colour, said.channels):
            if channels is not None and dims[-1] != dims[0] and channels in (dims[0], dims[-1]):
                return "last" if dims[-1] == channels else "first"
        if said.dialect == "torch" and (token.tag[0] == "T" or self.batch is not None) and dims[-1] not in (1, 3):
            return "first"
        if said.dialect == "keras":
            return "last"
        if dims[-1] in (1, 3) and dims[0] not in (1, 3):
            return "last"
        if said.dialect == "torch" or (
            len(dims) == 3 and dims[1] == dims[2] and dims[0] != dims[1] and dims[0] in (1, 3)
        ):
            return "first"
        if len(dims) == 3 and dims[1] == dims[2] != dims[0]:
            return "first"
        return "last"

    def _channels(self) -> Any:
        said = self.said
        first = next((draft for draft in self.drafts if draft.kind in CONVS), None)
        own = (
            first.inch
            if first is not None and first is next(iter(d for d in self.drafts if d.kind in SPATIAL), None)
            else None
        )
        if own is None and self.drafts and self.drafts[0].kind == "batch_norm":
            own = self.drafts[0].inch
        told = {one for one in (said.inch, said.both, said.colour, own) if one is not None}
        if said.channels is not None:
            told.add(said.channels)
            self.channels_used = True
        if not told and said.name.startswith("lenet"):
            self._assume("LeNet's input has 1 channel")
            return 1
        if len(told) > 1:
            raise Refused(f"the input's channels are told as {' and as '.join(map(str, sorted(map(str, told))))}")
        if told:
            return self._open(next(iter(told)))
        if self.drafts and all(draft.kind not in SPATIAL for draft in self.drafts) and self.where is not None:
            self._assume("the image has one channel")
            return 1
        self.channels_known = False
        return self._placeholder("C", "the number of input channels")

    def _unsaid(self) -> tuple[Any, ...]:
        """No input size is given as a shape: single sides, or nothing."""
        said = self.said
        self.layout = said.axis or self.layout
        costs = {ask.quantity for ask in said.asks} <= {"macs", "mults", "flops", "connections", "neurons", "params"}
        if (
            said.given
            and costs
            and not said.sides
            and len(self.drafts) == 1
            and self.drafts[0].settings.keys() <= {"kernel_size", "out_channels"}
        ):
            size = value(said.given[0])
            spatial = size[-2:] if len(size) == 2 or size[0] not in size[1:] else size[:2]
            self.drafts[0].settings["padding"] = "same"
            self._assume("only the output's size is told; the costs depend on nothing else")
            return (self._channels(), *(self._open(one) for one in spatial))
        sides = [value(token) for token in said.sides]
        if said.height is not None or said.width is not None:
            height, width = said.height, said.width
            if height is None or width is None:
                height = width = height if height is not None else width
            return (self._channels(), self._open(height), self._open(width))
        first_conv = self.drafts[0] if self.drafts and self.drafts[0].kind in CONVS else None
        if len(sides) == 1 and first_conv is not None and first_conv.inch == sides[0]:
            self._assume(f"a vector of {sides[0]} is read as {sides[0]} channels of size 1")
            return (self._open(sides[0]), *([1] * self.rank))
        if len(sides) == 1 or (sides and len(set(sides)) == 1):
            if self.drafts and self.drafts[0].kind == "linear":
                return (self._open(sides[0]),)
            self.flat_side = True
            return (self._channels(), *([self._open(sides[0])] * self.rank))
        if len(sides) > 1:
            return (self._channels(), *([self._open(sides[0])] * self.rank))
        if (
            said.data in _DATASETS
            and not said.sides
            and not {draft.inch for draft in self.drafts[:1]}
            - {
                None,
                _DATASETS[said.data][0],
            }
        ):
            channels, side, name = _DATASETS[said.data]
            self._assume(f"{name} images are {side}x{side}x{channels}")
            return (channels, side, side)
        if self.drafts and self.drafts[0].kind == "linear":
            first = self.drafts[0].inch
            return (self._open(first) if first not in (None, "?") else self._placeholder("n", "the number of inputs"),)
        channels = self._channels()
        names = ("H", "W")[: self.rank] if self.rank == 2 else ("L",) if self.rank == 1 else ("D", "H", "W")
        return (channels, *(self._placeholder(name, "the input's size") for name in names))

    # --- symbols --------------------------------------------------------------------------------------------

    def _open(self, given: Any) -> Any:
        """A value as it stands in the spec; letters become symbols."""
        if isinstance(given, tuple):
            return tuple(self._open(part) for part in given)
        if isinstance(given, str) and given not in ("same", "valid", "tf_same", "full", "causal"):
            if given in ("?", "None"):
                return self._placeholder("n", "a size that is left open")
            self.symbols.setdefault(given, "")
        return given

    def _placeholder(self, name: str, what: str) -> str:
        letters = {str(token.value) for feature in self.said.found for token in feature.tokens if token.tag == "LET"}
        taken = letters | self.symbols.keys()
        free = next(one for one in chain((name,), (f"{name}{i}" for i in count(2))) if one not in taken)
        self.symbols[free] = what
        return free

    def _assume(self, what: str) -> None:
        if what not in self.assumed:
            self.assumed.append(what)


def _interleaved(drafts: list[Draft], assume: Callable[[str], None]) -> list[Draft]:
    """ "32 and 64 3x3 filters, 2x2 pools": poolings told once, in the plural, after convolutions in a row."""
    pools = [at for at, draft in enumerate(drafts) if draft.kind in POOLS]
    if len(pools) != 1 or not drafts[pools[0]].plural or drafts[pools[0]].times != 1:
        return drafts
    convs = [draft for draft in drafts[: pools[0]] if draft.kind == "conv"]
    if len(convs) < 2 or len(convs) != pools[0] or len({draft.place for draft in convs}) != 1:
        return drafts
    assume("a pooling follows every convolution")
    pool = drafts[pools[0]]
    return [one for draft in convs for one in (draft, changed(pool, settings=dict(pool.settings)))] + drafts[
        pools[0] + 1 :
    ]


def _contracting(drafts: list[Draft], assume: Callable[[str], None]) -> list[Draft]:
    """ "3x3 convolutions in pairs, four 2x2 pools and four 2x2 up-convolutions": a path down and, as in U-Net, up."""
    if not drafts or not any(draft.paired for draft in drafts):
        return drafts
    pair, *rest = drafts
    kinds = ["conv_transpose" if draft.kind == "conv_transpose" else "pool" for draft in rest]
    if not pair.paired or kinds not in (["pool"], ["pool", "conv_transpose"]) or rest[0].kind not in POOLS:
        raise Refused("'in pairs': which layers follow one another was not understood")
    pool, up = rest[0], rest[1] if len(rest) > 1 else None
    if up is not None and up.times != pool.times:
        raise Refused("as many up-convolutions as poolings were expected")
    two = [changed(pair, paired=False, times=1, counted=None, settings=dict(pair.settings)) for _ in range(2)]
    assume("two convolutions before every pooling and after the last")
    path = [*([*two, changed(pool, times=1)] * pool.times), *two]
    if up is None:
        return path
    size = up.settings.get("kernel_size", 2)
    assume("up-convolutions have the stride of their window, and two convolutions follow each")
    step = changed(up, times=1, settings={"kernel_size": size, "stride": size} | up.settings)
    return [*path, *([step, *two] * up.times)]


def _word(given: Any) -> str:
    if isinstance(given, bool):
        return str(given).lower()
    return cross(given)
