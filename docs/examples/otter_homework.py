"""For otter-grader: a test file of its Python format; put it into the assignment's tests/ folder."""

from otter.test_files import test_case

from cnncalc.teaching import check_conv_output_size, check_receptive_field

OK_FORMAT = False

name = "homework"
points = 2


@test_case(points=1, hidden=False, success_message="The output size is right.")
def test_conv_output_size(conv_output_size):
    check_conv_output_size(conv_output_size)


@test_case(points=1, hidden=False, success_message="The receptive field is right.")
def test_receptive_field(receptive_field):
    check_receptive_field(receptive_field)
