"""Answers marked and diagnosed: for each student, for each question, for the class."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from cnncalc.exact.records import record
from cnncalc.quiz.answers import Given, Skipped, readings
from cnncalc.quiz.diagnosis import tolerance
from cnncalc.quiz.page import letter
from cnncalc.quiz.question import Question
from cnncalc.quiz.words import say


@record
class Mark:
    """What one answer is worth. ``slips`` are the ways to a wrong value; ``sentence`` is for the student."""

    right: bool
    sentence: str
    slips: tuple[tuple[str, ...], ...] = ()
    readable: bool = True


def mark(question: Question, blank: int, text: str) -> Mark:
    """Mark one answer as it was written.

    A number may be grouped or decimal in any language; a choice is given by its letter or its text.
    """
    if question.choices:
        return _chosen(question, text)
    asked, language = question.blanks[blank], question.language
    values = readings(text)
    if not values:
        return Mark(False, f"{say('not right', language)} {text[:40]!r}: ?", readable=False)
    if asked.answer in values:
        return Mark(True, say("right", language))
    for value in values:
        for wrong in (*asked.wrongs, *asked.pairs):
            if abs(wrong.value - value) <= tolerance(wrong.value):
                return Mark(False, wrong.sentence, wrong.ways)
    shown = say("unknown slip", language, value=text[:40])
    return Mark(False, f"{say('not right', language)} {shown}")


def _chosen(question: Question, text: str) -> Mark:
    said = text.strip().casefold()
    for index, choice in enumerate(question.choices):
        if said.rstrip(").") == letter(index) or said == choice.text.casefold():
            slips = () if choice.right else ((choice.slip,),)
            return Mark(choice.right, choice.feedback, slips)
    return Mark(False, say("not right", question.language), readable=False)


@record
class Line:
    """One answer with its mark."""

    given: Given
    mark: Mark


@record
class Grades:
    """A graded set: every answer, every line left out."""

    questions: Sequence[Question]
    lines: Sequence[Line]
    skipped: Sequence[Skipped]

    @property
    def possible(self) -> int:
        """Points of the set: one for each blank or choice."""
        return sum(max(1, len(question.blanks)) for question in self.questions)

    def students(self) -> dict[str, list[Line]]:
        """Every student's answers, students in the order of the file."""
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.given.student, []).append(line)
        return found

    def scores(self) -> dict[str, int]:
        """Points of every student."""
        return {student: sum(line.mark.right for line in lines) for student, lines in self.students().items()}

    def of_question(self, index: int) -> list[Line]:
        """All answers to one question."""
        return [line for line in self.lines if line.given.question == index]

    def slips(self) -> Counter[tuple[str, ...]]:
        """How often each slip (or pair) was made where the answer names it alone."""
        return Counter(line.mark.slips[0] for line in self.lines if len(line.mark.slips) == 1 and not line.mark.right)

    def undecided(self) -> int:
        """Wrong answers that several slips explain."""
        return sum(len(line.mark.slips) > 1 for line in self.lines)

    def unexplained(self) -> int:
        """Wrong answers that no known slip explains."""
        return sum(not line.mark.right and not line.mark.slips for line in self.lines)


def graded(questions: Sequence[Question], given: Sequence[Given], skipped: Sequence[Skipped]) -> Grades:
    """Mark every answer; one that is neither a number nor a choice is reported beside its mark."""
    lines = [Line(one, mark(questions[one.question], one.blank, one.text)) for one in given]
    unread = [Skipped(line.given.line, f"{line.given.text[:40]!r} is no answer to read; marked as wrong")
              for line in lines if not line.mark.readable]  # fmt: skip
    return Grades(questions, lines, sorted([*skipped, *unread], key=lambda one: one.line))


def hardest(grades: Grades) -> list[tuple[int, int, int, tuple[str, ...] | None]]:
    """(question, right, answers, commonest slip) of every question, in the set's order."""
    rows = []
    for index in range(len(grades.questions)):
        lines = grades.of_question(index)
        slips = Counter(line.mark.slips[0] for line in lines if line.mark.slips)
        rows.append((index, sum(line.mark.right for line in lines), len(lines), _commonest(slips)))
    return rows


def _commonest(slips: Mapping[tuple[str, ...], int]) -> tuple[str, ...] | None:
    return max(slips, key=lambda way: slips[way]) if slips else None


def gradescope(grades: Grades, student: str) -> dict[str, Any]:
    """One student's results.json. https://gradescope-autograders.readthedocs.io/en/latest/specs/"""
    lines = {(line.given.question, line.given.blank): line for line in grades.students()[student]}
    tests = []
    for index, question in enumerate(grades.questions):
        for blank in range(max(1, len(question.blanks))):
            line = lines.get((index, blank))
            right = bool(line and line.mark.right)
            tests.append({
                "number": f"{index + 1}.{blank + 1}" if len(question.blanks) > 1 else str(index + 1),
                "name": f"{question.title} ({question.id})",
                "score": int(right),
                "max_score": 1,
                "status": "passed" if right else "failed",
                "output": line.mark.sentence if line else "–",
                "tags": sorted({slip for way in line.mark.slips for slip in way}) if line else [],
            })  # fmt: skip
    return {"score": sum(test["score"] for test in tests), "tests": tests, "visibility": "visible"}
