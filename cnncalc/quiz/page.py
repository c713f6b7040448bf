"""A question as plain text, Markdown and HTML: the pieces that every export is put together from."""

from base64 import b64encode
from html import escape

from cnncalc.quiz.question import Question, Table

GAP = "____"


def cell_text(cell: str | int) -> str:
    """A table's cell; a blank is a line to write on, numbered from 1."""
    return cell if isinstance(cell, str) else f"{GAP}({cell + 1})"


def plain(question: Question) -> str:
    """Prompt, listing, table and choices for a terminal."""
    parts = [question.prompt]
    parts += [question.listing] if question.listing else []
    parts += [plain_table(question.table)] if question.table else []
    parts += ["\n".join(f"{letter(i)}) {choice.text}" for i, choice in enumerate(question.choices))]
    return "\n\n".join(part for part in parts if part)


def plain_table(table: Table) -> str:
    """The table in aligned columns."""
    rows = [table.head, *(tuple(map(cell_text, row)) for row in table.rows)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
                     for row in rows)  # fmt: skip


def markdown_table(table: Table) -> str:
    """The table in Markdown."""
    rows = [table.head, ("---",) * len(table.head), *(tuple(map(cell_text, row)) for row in table.rows)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)


def html(question: Question, blanks: tuple[str, ...] = ()) -> str:
    """Prompt, figure, listing and table; ``blanks`` are put into the table's cells as they are."""
    parts = [f"<p>{escape(question.prompt)}</p>"]
    parts += [f'<p><img src="{data_uri(question.figure)}" alt="" /></p>'] if question.figure else []
    parts += [f"<pre>{escape(question.listing)}</pre>"] if question.listing else []
    parts += [html_table(question.table, blanks)] if question.table else []
    return "".join(parts)


def html_table(table: Table, blanks: tuple[str, ...]) -> str:
    """The table in HTML."""

    def shown(cell: str | int) -> str:
        return blanks[cell] if isinstance(cell, int) and blanks else escape(cell_text(cell))

    head = "".join(f"<th>{escape(cell)}</th>" for cell in table.head)
    rows = ("<tr>" + "".join(f"<td>{shown(cell)}</td>" for cell in row) + "</tr>" for row in table.rows)
    return f"<table><tr>{head}</tr>{''.join(rows)}</table>"


def html_steps(question: Question) -> str:
    """The working, one line a step."""
    return "".join(f"<p>{escape(step)}</p>" for step in question.steps)


def data_uri(svg: str) -> str:
    """A picture inside the page."""
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()


def letter(index: int) -> str:
    """What a choice is called: a, b, c."""
    return "abcdefghijklmnopqrstuvwxyz"[index]


def answers(question: Question) -> list[str]:
    """The right answers as text, one for each blank, or the right choice."""
    if question.choices:
        return [f"{letter(i)}) {choice.text}" for i, choice in enumerate(question.choices) if choice.right]
    if len(question.blanks) == 1:
        return [str(question.blanks[0].answer)]
    return [f"({i}) {blank.label}: {blank.answer}" for i, blank in enumerate(question.blanks, 1)]
