"""Speed, measured: `pytest tests/benchmarks --benchmark-only`. Ratios against peers in the same run."""
