"""Settings shared by the test suite."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile("quick", max_examples=150, deadline=None, derandomize=True, print_blob=True)
settings.register_profile(
    "thorough", max_examples=100_000, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
settings.load_profile(os.environ.get("CNNCALC_PROFILE", "quick"))
