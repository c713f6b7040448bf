"""One student before the terminal: a question, an answer, its diagnosis; kept, so that it can go on later."""

import csv
import os
from collections.abc import Callable, Sequence
from typing import TextIO

from cnncalc.quiz.answers import AnswersError, decoded, read
from cnncalc.quiz.grading import Mark, mark
from cnncalc.quiz.page import answers as right_answers
from cnncalc.quiz.page import plain
from cnncalc.quiz.question import Question
from cnncalc.quiz.words import say

STOP = ("q", "quit", "exit")


class Sitting:
    """The questions of a set and the answers given so far."""

    def __init__(self, questions: Sequence[Question], student: str, path: str | None) -> None:
        self.questions, self.student, self.path = questions, student, path
        self.marks: dict[tuple[int, int], Mark] = {}
        self.stopped = False
        if path and os.path.exists(path):
            self._go_on(path)

    def _go_on(self, path: str) -> None:
        with open(path, "rb") as file:
            text = decoded(file.read())
        if not text.strip():
            return
        try:
            given, _ = read(text, self.questions)
        except AnswersError:
            raise AnswersError(f"{path} holds no answers to go on from") from None
        for one in given:
            if one.student == self.student:
                self.marks[one.question, one.blank] = mark(self.questions[one.question], one.blank, one.text)

    def run(self, source: TextIO, show: Callable[[str], None]) -> tuple[int, int]:
        """Ask what is not answered yet; returns right answers and all blanks."""
        for index, question in enumerate(self.questions):
            blanks = range(max(1, len(question.blanks)))
            left = [blank for blank in blanks if (index, blank) not in self.marks]
            if left and not self.stopped:
                self._ask(index, question, left, source, show)
        total = sum(max(1, len(question.blanks)) for question in self.questions)
        right = sum(one.right for one in self.marks.values())
        language = self.questions[0].language if self.questions else "en"
        show(f"{say('score', language)}: {right} / {total}")
        return right, total

    def _ask(
        self, index: int, question: Question, left: list[int], source: TextIO, show: Callable[[str], None]
    ) -> None:
        show(f"{index + 1}/{len(self.questions)} · {question.title}\n\n{plain(question)}\n")
        missed = False
        for blank in left:
            many = len(question.blanks) > 1
            show((f"({blank + 1}) {question.blanks[blank].label}" if many else say("answer", question.language)) + "?")
            line = source.readline()
            said = line.strip()
            if not line or said.casefold() in STOP:
                self.stopped = True
                return
            if not said:
                continue
            given = mark(question, blank, said)
            self.marks[index, blank] = given
            self._keep(index, blank, said)
            show(given.sentence + "\n")
            missed = missed or not given.right
        if missed:
            told = [f"{say('answer', question.language)}: {'; '.join(right_answers(question))}", *question.steps]
            show("\n".join(told) + "\n")

    def _keep(self, index: int, blank: int, said: str) -> None:
        if not self.path:
            return
        fresh = not os.path.exists(self.path) or not os.path.getsize(self.path)
        question = self.questions[index]
        name = f"{question.id}-{blank + 1}" if len(question.blanks) > 1 else question.id
        with open(self.path, "a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            if fresh:
                writer.writerow(("student", "question", "answer"))
            writer.writerow((self.student, name, said))
