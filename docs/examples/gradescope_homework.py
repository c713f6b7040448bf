"""For Gradescope: run by the autograder's run_autograder as `python gradescope_homework.py results.json`."""

import sys
import unittest

from gradescope_utils.autograder_utils.decorators import number, weight
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner
from homework import conv_output_size, receptive_field

from cnncalc.teaching import check_conv_output_size, check_receptive_field


class Homework(unittest.TestCase):
    @weight(1)
    @number("1")
    def test_conv_output_size(self):
        """Output size of a convolution"""
        check_conv_output_size(conv_output_size)

    @weight(1)
    @number("2")
    def test_receptive_field(self):
        """Receptive field of a chain"""
        check_receptive_field(receptive_field)


if __name__ == "__main__":
    with open(sys.argv[1], "w", encoding="utf-8") as results:
        JSONTestRunner(stream=results).run(unittest.defaultTestLoader.loadTestsFromTestCase(Homework))
