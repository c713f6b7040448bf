"""Numbers: size arithmetic, index windows, requirements, safe expressions, the recorder of working."""
