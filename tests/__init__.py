"""The test suite of cnncalc."""
