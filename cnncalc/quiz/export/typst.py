"""Typst: a sheet, and with ``--input key=yes`` its answer key. https://typst.app/docs

Texts are string literals, so nothing in them is markup.
"""

from collections.abc import Sequence

from cnncalc.quiz.page import answers, letter
from cnncalc.quiz.question import Question, Table
from cnncalc.quiz.words import say

HEAD = """#let key = sys.inputs.at("key", default: "no") == "yes"
#set page(numbering: "1")
#set enum(numbering: "a)")
"""


def write(questions: Sequence[Question], title: str) -> str:
    """One numbered exercise after the other."""
    body = "\n".join(_question(index, question) for index, question in enumerate(questions, 1))
    return f"{HEAD}= #{_string(title)}\n\n{body}"


def _question(index: int, question: Question) -> str:
    lines = [f"== #{_string(f'{index}. {question.title}')}", f"#{_string(question.prompt)}"]
    if question.figure:
        lines.append(f'#image(bytes({_string(question.figure)}), format: "svg")')
    if question.listing:
        lines.append(f"#raw({_string(question.listing)}, block: true)")
    lines += [_table(question.table)] if question.table else []
    for i, choice in enumerate(question.choices):
        lines.append(f"#{_string(f'{letter(i)}) {choice.text}')}")
    told = [f"{say('answer', question.language)}: {'; '.join(answers(question))}", *question.steps]
    key = ", ".join(f"[#{_string(line)}]" for line in told)
    lines.append(f"#if key {{ block(inset: 8pt, fill: luma(240), stack(spacing: 6pt, {key})) }} else {{ v(2em) }}")
    return "\n\n".join(lines) + "\n"


def _table(table: Table) -> str:
    def cell(value: str | int) -> str:
        return f"[#{_string(value if isinstance(value, str) else f'({value + 1})')}]"

    cells = ", ".join(cell(value) for row in (table.head, *table.rows) for value in row)
    return f"#table(columns: {len(table.head)}, {cells})"


def _string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
