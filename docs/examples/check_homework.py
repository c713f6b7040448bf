"""For pytest: `pytest check_homework.py`. The failure is the sentence the student reads."""

from homework import conv_output_size, receptive_field

from cnncalc.teaching import check_conv_output_size, check_receptive_field


def test_conv_output_size():
    check_conv_output_size(conv_output_size)


def test_receptive_field():
    check_receptive_field(receptive_field)
