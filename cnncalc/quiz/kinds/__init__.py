"""The kinds of exercises: one drawing function each."""

from cnncalc.quiz.draft import Draw
from cnncalc.quiz.kinds.backwards import inverse
from cnncalc.quiz.kinds.fields import receptive_field
from cnncalc.quiz.kinds.learned import compare, macs, memory, parameters
from cnncalc.quiz.kinds.networks import chain, read_a_summary
from cnncalc.quiz.kinds.windows import dilation, find_the_error, output_size, transposed

KINDS: dict[str, Draw] = {
    "output-size": output_size,
    "parameters": parameters,
    "macs": macs,
    "receptive-field": receptive_field,
    "chain": chain,
    "transposed": transposed,
    "dilation": dilation,
    "inverse": inverse,
    "compare": compare,
    "memory": memory,
    "read-a-summary": read_a_summary,
    "find-the-error": find_the_error,
}
LEVELS = (1, 2, 3, 4, 5)
