"""What a graded set looks like: a table for the terminal, JSON, a chart."""

from collections.abc import Sequence
from html import escape
from typing import Any

from cnncalc.quiz.grading import Grades, hardest
from cnncalc.quiz.slips import SLIPS
from cnncalc.spec.errors import printable

BAR = 20
MANY = 12


def as_text(grades: Grades, language: str = "en") -> str:
    """Students, questions and slips, a table each."""
    return "\n\n".join(part for part in (_students(grades), _questions(grades), _slips(grades, language)) if part)


def _students(grades: Grades) -> str:
    scores = grades.scores()
    width = max([len("student"), *(len(shown(name)) for name in scores)])
    lines = [f"{'student':<{width}}  score"]
    lines += [f"{shown(name):<{width}}  {score:>2} of {grades.possible}  {bar(score, grades.possible)}"
              for name, score in scores.items()]  # fmt: skip
    return "\n".join(line.rstrip() for line in lines)


def _questions(grades: Grades) -> str:
    rows = []
    for index, right, count, way in hardest(grades):
        share = f"{round(100 * right / count)} %" if count else "–"
        told = name(way) if way else ""
        rows.append((f"{index + 1}. {grades.questions[index].id}", share, bar(right, count), told))
    width = max(len(row[0]) for row in rows) if rows else 8
    lines = [f"{'question':<{width}}  right  {'':<{BAR}}  commonest slip"]
    lines += [f"{row[0]:<{width}}  {row[1]:>5}  {row[2]:<{BAR}}  {row[3]}" for row in rows]
    return "\n".join(line.rstrip() for line in lines)


def _slips(grades: Grades, language: str) -> str:
    counted = grades.slips().most_common(MANY)
    most = max((count for _, count in counted), default=0)
    lines = ["slips of the class"] if counted else []
    lines += [f"{count:>3}  {bar(count, most):<{BAR}}  {' + '.join(_clause(slip, language) for slip in way)}"
              for way, count in counted]  # fmt: skip
    if several := grades.undecided():
        lines.append(f"{several:>3}  explained by more than one slip")
    if none := grades.unexplained():
        lines.append(f"{none:>3}  explained by no known slip")
    return "\n".join(lines)


def _clause(slip: str, language: str) -> str:
    return SLIPS[slip].clause(language) if slip in SLIPS else slip


def name(way: Sequence[str]) -> str:
    """A slip, or two made at once."""
    return " + ".join(way)


def shown(text: str) -> str:
    """A student's name as a table shows it."""
    return printable(text if len(text) <= 40 else text[:39] + "…")


def bar(part: int, whole: int) -> str:
    """A share as a bar of at most BAR signs."""
    return "█" * round(BAR * part / whole) if whole else ""


def as_document(grades: Grades) -> dict[str, Any]:
    """The gradebook as plain data: cnncalc.grade/1."""
    return {
        "schema": "cnncalc.grade/1",
        "possible": grades.possible,
        "students": [{"student": student, "score": score} for student, score in grades.scores().items()],
        "answers": [
            {"student": line.given.student, "question": grades.questions[line.given.question].id,
             "blank": line.given.blank + 1, "answer": line.given.text, "right": line.mark.right,
             "slips": line.mark.slips, "feedback": line.mark.sentence} for line in grades.lines
        ],
        "questions": [
            {"question": grades.questions[index].id, "right": right, "answers": count, "commonest_slip": way}
            for index, right, count, way in hardest(grades)
        ],
        "slips": [{"slips": way, "count": count} for way, count in grades.slips().most_common()],
        "skipped": [{"line": one.line, "reason": one.reason} for one in grades.skipped],
    }  # fmt: skip


ROW, LEFT, WIDE = 24, 260, 300


def as_chart(grades: Grades) -> str:
    """SVG: how many got each question right."""
    rows = hardest(grades)
    height = ROW * (len(rows) + 1)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDE + 80}" height="{height}" '
             'font-family="sans-serif" font-size="12">']  # fmt: skip
    for place, (index, right, count, _) in enumerate(rows):
        y = ROW // 2 + place * ROW
        length = round(WIDE * right / count) if count else 0
        parts.append(
            f'<text x="{LEFT - 8}" y="{y + 14}" text-anchor="end">{index + 1}. '
            f"{escape(grades.questions[index].title)}</text>"
            f'<rect x="{LEFT}" y="{y + 3}" width="{WIDE}" height="{ROW - 8}" fill="#f2f2f2"/>'
            f'<rect x="{LEFT}" y="{y + 3}" width="{length}" height="{ROW - 8}" fill="#7aa6d6"/>'
            f'<text x="{LEFT + WIDE + 8}" y="{y + 14}">{right}/{count}</text>'
        )
    return "".join([*parts, "</svg>\n"])
