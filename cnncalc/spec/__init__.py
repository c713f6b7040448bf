"""YAML, one line or a mapping <-> Network."""
