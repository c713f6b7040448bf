"""Which input indices an output index reads along one axis, and how that composes.

A layer contributes a `Window` (the same taps at every output, shifted) or `Phases` (taps that repeat
with a period: transposed convolutions, upsampling, uneven adaptive bins). Carried through a network
these become a `Field`, the hull of all input indices behind an output index, without clipping.

Recurrences: Araujo, Norris & Sim, "Computing Receptive Fields of Convolutional Neural Networks",
Distill 2019; phases are their generalisation to layers that enlarge the map.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm
from operator import index

from cnncalc.exact.records import record
from cnncalc.exact.sizes import Dim

MAX_PERIOD = 512  # beyond this a field is reported as not computed rather than tabulated
MAX_TAPS = 1_000_000  # of all phases of one window
MAX_BITS = 256  # of a jump; a longer one has long left every map


@record
class Window:
    """Output i reads inputs ``step*i + first``, ``+ every``, ... up to ``step*i + last``."""

    step: Dim = 1
    first: Dim = 0
    last: Dim = 0
    every: Dim = 1

    def taps(self, i: int) -> Iterable[int]:
        start = self.step * i
        return range(start + self.first, start + self.last + 1, self.every)


@record
class Phases:
    """Output ``period*q + r`` reads input ``shift*q + t`` for every t in ``offsets[r]``."""

    shift: int
    offsets: tuple[tuple[int, ...], ...]

    @property
    def period(self) -> int:
        return len(self.offsets)

    def taps(self, i: int) -> Iterable[int]:
        q, r = divmod(i, self.period)
        return (self.shift * q + t for t in self.offsets[r])


AxisWindow = Window | Phases
POINT = Window()


def finer(factor: Dim) -> AxisWindow | None:
    """``factor`` outputs read each input position; None where that is open, or too many to tabulate."""
    if not hasattr(factor, "__index__") or factor > MAX_PERIOD:
        return None
    return Phases(1, ((0,),) * int(factor)) if factor > 1 else POINT


@lru_cache(maxsize=4096, typed=True)
def sliding(kernel: int, stride: int, before: int, dilation: int = 1) -> Window:
    """The window of a convolution or pooling: taps at s·i - p + m·d."""
    return Window(stride, -before, dilation * (kernel - 1) - before, dilation)


def covering(n: Dim) -> Window:
    """Every output reads the whole axis of n positions."""
    return Window(0, 0, n - 1)


@lru_cache(maxsize=4096, typed=True)
def spreading(kernel: Dim, stride: Dim, before: Dim, dilation: Dim = 1) -> Phases | None:
    """The window of a transposed convolution: output j reads (j + p - m·d)/s where that is whole.

    None where the window itself is open, or has too many phases or taps to tabulate.
    """
    if not all(hasattr(value, "__index__") for value in (kernel, stride, before, dilation)):
        return None
    kernel, stride, before, dilation = map(index, (kernel, stride, before, dilation))
    if stride > MAX_PERIOD or stride * kernel > MAX_TAPS:
        return None
    offsets = []
    for r in range(stride):
        reached = {r + before - m * dilation for m in range(kernel)}
        offsets.append(tuple(sorted(x // stride for x in reached if x % stride == 0)))
    return Phases(1, tuple(offsets))


@lru_cache(maxsize=4096, typed=True)
def bins(n: Dim, out: Dim) -> AxisWindow | None:
    """Adaptive pooling: bin i covers ⌊i·n/o⌋ up to ⌈(i+1)·n/o⌉ - 1; None where the sizes are open."""
    if out == 1:
        return covering(n)
    if not hasattr(n, "__index__") or not hasattr(out, "__index__"):
        return None
    if n % out == 0:
        return sliding(n // out, n // out, 0)
    g = gcd(n, out)
    n, out = n // g, out // g
    if out > MAX_PERIOD or n > MAX_TAPS:
        return None
    return Phases(n, tuple(tuple(range(i * n // out, -(-(i + 1) * n // out))) for i in range(out)))


@lru_cache(maxsize=4096, typed=True)
def resampling(ratio: Fraction, offset: Fraction, reach: tuple[int, ...]) -> AxisWindow | None:
    """Interpolation: output j sits at x = ratio·j + offset and reads ⌊x⌋ + t for t in ``reach``.

    Where x is whole all weight lies on ⌊x⌋ (linear and cubic kernels interpolate), and only that is read.
    None when the pattern repeats too rarely to tabulate.
    """
    period = ratio.denominator
    if period > MAX_PERIOD:
        return None
    offsets = []
    for j in range(period):
        x = ratio * j + offset
        at = x.numerator // x.denominator
        offsets.append((at,) if x.denominator == 1 else tuple(at + t for t in reach))
    return Phases(ratio.numerator, tuple(offsets))


Span = tuple[Dim, Dim] | None  # first and last input index; None: nothing is read


@record
class Field:
    """Output ``period*q + r`` depends on inputs ``shift*q + lo`` ... ``shift*q + hi``, spans[r]."""

    shift: Dim
    spans: tuple[Span, ...]

    @property
    def period(self) -> int:
        return len(self.spans)

    @property
    def jump(self) -> Dim:
        """Input pixels between neighbouring outputs; a Fraction after upsampling."""
        if self.period == 1:
            return self.shift
        jump = Fraction(self.shift, self.period)
        return jump.numerator if jump.denominator == 1 else jump

    @property
    def sizes(self) -> tuple[Dim, ...]:
        """The receptive field of each phase; one entry for networks that never upsample."""
        return tuple(0 if span is None else span[1] - span[0] + 1 for span in self.spans)

    @property
    def size(self) -> Dim:
        """The largest of `sizes`."""
        return self.sizes[0] if self.period == 1 else max(self.sizes)

    @property
    def offset(self) -> Dim | None:
        """The first input index that output 0 depends on (negative: in the padding)."""
        return None if self.spans[0] is None else self.spans[0][0]

    def span(self, i: int) -> Span:
        q, r = divmod(i, self.period)
        span = self.spans[r]
        return None if span is None else (self.shift * q + span[0], self.shift * q + span[1])


ONE = Field(1, ((0, 0),))


def through(seen: Field | None, window: AxisWindow) -> Field | None:
    """The field of a layer's output, from the field of its input and the layer's window."""
    if seen is None or window is POINT:
        return seen
    if len(seen.spans) == 1 and isinstance(window, Window):
        if (span := seen.spans[0]) is None:
            return seen
        jump = seen.shift
        if isinstance(jump, int) and jump.bit_length() > MAX_BITS:
            return None
        first, last = span[0] + jump * window.first, span[1] + jump * window.last
        return Field(jump * window.step, ((first, last),))
    return _through_phases(seen, window)


def _through_phases(seen: Field, window: AxisWindow) -> Field | None:
    """Phase by phase; None where the window or the field is open, or repeats too rarely."""
    moves = (window.step, window.first, window.last, window.every) if isinstance(window, Window) else ()
    if not all(isinstance(number, int) for number in (seen.shift, *moves)):
        return None
    own, shift = (1, window.step) if isinstance(window, Window) else (window.period, window.shift)
    repeats = seen.period // gcd(seen.period, shift) if shift else 1
    period = own * repeats
    if period > MAX_PERIOD:
        return None
    spans = tuple(hull(seen.span(x) for x in window.taps(i)) for i in range(period))
    return _reduced(Field(shift * repeats // seen.period * seen.shift, spans))


def hull(spans: Iterable[Span]) -> Span:
    """The smallest span that holds them all."""
    known = [span for span in spans if span is not None]
    if not known:
        return None
    return min(lo for lo, _ in known), max(hi for _, hi in known)


def joined(a: Field | None, b: Field | None, n: Dim) -> Field | None:
    """The field where two branches of n positions meet; None where no one field holds for all."""
    if a is None or b is None:
        return None
    if a == b:
        return a
    if a.shift * b.period == b.shift * a.period:
        period = lcm(a.period, b.period)
        if period > MAX_PERIOD:
            return None
        spans = tuple(hull((a.span(i), b.span(i))) for i in range(period))
        return _reduced(Field(a.shift * period // a.period, spans))
    return _swallowed(a, b, n) or _swallowed(b, a, n)


def _swallowed(whole: Field, part: Field, n: Dim) -> Field | None:
    """A branch that sees one constant span (a gate) holding everything the other one sees."""
    if whole.shift != 0 or (span := whole.spans[0]) is None or not isinstance(n, int):
        return None
    seen = hull(part.span(i) for i in _extremes(part, n))
    return whole if seen is None or (span[0] <= seen[0] and seen[1] <= span[1]) else None


def _extremes(field: Field, n: int) -> Iterator[int]:
    yield from range(min(n, field.period))
    yield from range(max(0, n - field.period), n)


def aligned(a: Field, b: Field) -> bool:
    """Whether two branches look at the same centres (Araujo et al. 2019, "alignment")."""
    if a.shift * b.period != b.shift * a.period:
        return False
    period = lcm(a.period, b.period)
    if period > MAX_PERIOD:
        return False
    pairs = ((a.span(i), b.span(i)) for i in range(period))
    return all(x is None or y is None or sum(x) == sum(y) for x, y in pairs)


def _reduced(field: Field) -> Field:
    """The same field with its smallest period."""
    for period in range(1, field.period):
        if field.period % period or (field.shift * period) % field.period:
            continue
        shift = field.shift * period // field.period
        candidate = Field(shift, field.spans[:period])
        if all(candidate.span(i) == field.spans[i] for i in range(period, field.period)):
            return candidate
    return field


def grown(r: Dim, kernel: Dim, jump: Dim, dilation: Dim = 1) -> Dim:
    """The textbook recurrence for one more window: r + (k - 1)·d·j (Araujo et al. 2019)."""
    return r + (kernel - 1) * dilation * jump
