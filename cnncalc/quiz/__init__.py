"""Exercises out: drawn, graded, diagnosed, exported."""
