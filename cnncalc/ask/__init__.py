"""Questions in words: read into a spec and a list of quantities, answered by the house, or refused.

words → `lexer` → `phrases` (the words of the field) → `grammar` (what is stated and what is asked)
→ `assembly` and `building` (a spec in the short form) → `answers`. Nothing here knows a formula: every
number comes from `cnncalc.analysis` and `cnncalc.solve`.
"""
