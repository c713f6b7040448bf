"""A homework tested by properties, which need no right answers: `pytest check_properties.py`.

The values come from cnncalc's strategies; counter-examples shrink to those of a textbook.
"""

from homework import conv_output_size, receptive_field
from hypothesis import given

from cnncalc.strategies import layer_lists, windows


@given(windows(dilated=False))
def test_a_larger_input_never_gives_a_smaller_output(v):
    smaller = conv_output_size(v["n"], v["k"], v["s"], v["p"])
    assert conv_output_size(v["n"] + 1, v["k"], v["s"], v["p"]) >= smaller


@given(windows(dilated=False))
def test_padding_by_half_an_odd_kernel_keeps_the_size(v):
    kernel = 2 * v["k"] - 1
    assert conv_output_size(v["n"], kernel, 1, kernel // 2) == v["n"]


@given(layer_lists())
def test_one_more_layer_never_sees_less(layers):
    assert receptive_field([*layers, (3, 1, 1)]) >= receptive_field(layers)
