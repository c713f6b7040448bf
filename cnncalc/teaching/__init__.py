"""Checks of student code for pytest, otter and Gradescope: an AssertionError with the sentence to read.

    from cnncalc.teaching import check_conv_output_size

    def test_size():
        check_conv_output_size(conv_output_size)

Every check is deterministic and quiet; student code runs in a process of its own within limits
(`cnncalc.teaching.sandbox`). Counter-examples are textbook values.
"""

from cnncalc.teaching.checks import check_conv_output_size, check_parameters, check_receptive_field
from cnncalc.teaching.networks import check_module, check_spec
from cnncalc.teaching.sandbox import Limits

__all__ = [
    "Limits",
    "check_conv_output_size",
    "check_module",
    "check_parameters",
    "check_receptive_field",
    "check_spec",
]
