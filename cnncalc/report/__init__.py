"""An analysis as tables: rows, and the formats they are printed in."""
