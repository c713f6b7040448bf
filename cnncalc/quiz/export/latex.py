r"""LaTeX for the exam class; \printanswers gives the answer key. https://ctan.org/pkg/exam"""

from collections.abc import Sequence

from cnncalc.quiz.page import answers
from cnncalc.quiz.question import Question, Table
from cnncalc.quiz.words import say

SIGNS = {"×": r"\times", "·": r"\cdot", "−": "-", "⌊": r"\lfloor", "⌋": r"\rfloor", "⌈": r"\lceil",
         "⌉": r"\rceil", "→": r"\to", "≥": r"\ge", "≤": r"\le", "⟨": r"\langle"}  # fmt: skip
HEAD = r"""\documentclass[addpoints]{exam}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{textcomp}
%% pdflatex learns the signs here; xelatex and lualatex know them
\ifdefined\DeclareUnicodeCharacter
%(signs)s
\DeclareUnicodeCharacter{202F}{\,}
\fi
%% \printanswers
\begin{document}
\begin{center}\large %(title)s\end{center}
\begin{questions}
"""


def write(questions: Sequence[Question], title: str) -> str:
    """A sheet; take the comment sign before \\printanswers away for the key."""
    declared = "\n".join(rf"\DeclareUnicodeCharacter{{{ord(sign):04X}}}{{\ensuremath{{{command}}}}}"
                         for sign, command in SIGNS.items())  # fmt: skip
    head = HEAD % {"signs": declared, "title": escaped(title)}
    return head + "\n".join(map(_question, questions)) + "\\end{questions}\n\\end{document}\n"


def _question(question: Question) -> str:
    lines = [f"\\question[{max(1, len(question.blanks))}] \\label{{{question.id}}} {escaped(question.prompt)}"]
    if question.listing:
        lines.append(f"\\begin{{verbatim}}\n{question.listing}\n\\end{{verbatim}}")
    lines += [_table(question.table)] if question.table else []
    if question.choices:
        marks = [("\\CorrectChoice " if choice.right else "\\choice ") + escaped(choice.text)
                 for choice in question.choices]  # fmt: skip
        lines.append("\\begin{choices}\n" + "\n".join(marks) + "\n\\end{choices}")
    elif not question.table:
        lines.append("\\fillin[" + escaped(answers(question)[0]) + "]")
    told = [f"{say('answer', question.language)}: {'; '.join(answers(question))}", *question.steps]
    body = "\\par\n".join(map(escaped, told))
    return "\n".join([*lines, f"\\begin{{solution}}\n{body}\n\\end{{solution}}\n"])


def _table(table: Table) -> str:
    def cell(value: str | int) -> str:
        return escaped(value) if isinstance(value, str) else f"({value + 1}) \\underline{{\\hspace{{4em}}}}"

    rows = [table.head, *table.rows]
    body = " \\\\\n".join(" & ".join(map(cell, row)) for row in rows)
    return f"\\par\\medskip\n\\begin{{tabular}}{{{'l' * len(table.head)}}}\n{body}\n\\end{{tabular}}\n\\par\\medskip"


ESCAPES = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%",
           "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}  # fmt: skip


def escaped(text: str) -> str:
    """Text without TeX's own signs."""
    return "".join(ESCAPES.get(sign, sign) for sign in text)
