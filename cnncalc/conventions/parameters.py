"""Keras counts no operations: its summary's total is parameters, the stored statistics included."""

from cnncalc.conventions.convention import Convention
from cnncalc.layers import FAMILY_OF

KERAS = Convention(
    name="keras",
    tool="keras.Model.summary, total params",
    version="3.15.1",
    unit="parameters",
    counts="every number a layer holds: learned ones, and moving means and variances (non-trainable)",
    source="https://keras.io/api/models/model/#summary-method",
    table={" ".join(FAMILY_OF): {"held": 1, "buffers": 1}},
    of_modules=False,
)
