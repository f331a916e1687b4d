"""How is the answer to a what-if question said? One sentence about the pool; names nobody."""

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, cast

from app.domain.matching.explanation import Language
from app.domain.matching.what_if import Answer, MoreMentors, MorePlaces, Question, Relax


def explain_answer(answer: Answer, language: Language) -> tuple[str, ...]:
    """What the change would gain, and, where it is not proven, that it is not."""
    texts = _read("matching_texts.json")[language]
    change = _Words(language, texts).say_change(answer.question)
    change = change[0].upper() + change[1:]
    said, what_if = _Words(language, texts), texts["whatIf"]
    if answer.people_gained:
        told = said.count(what_if["people"], answer.people_gained, change=change)
    elif answer.priority_gained:
        told = what_if["priority"].format(change=change)
    elif answer.score_gained:
        told = what_if["score"].format(change=change)
    else:
        told = what_if["nothing"].format(change=change)
    return (told,) if answer.is_optimal else (told, what_if["unproven"])


def name_language(code: str, language: Language) -> str:
    """What a language is called, by its ISO 639 code."""
    name = _read("languages.json")[language].get(code)
    return cast("str", name or _read("matching_texts.json")[language]["unknownLanguage"].format(code=code))


class _Words:
    """The parts of a sentence in one language."""

    def __init__(self, language: Language, texts: dict[str, Any]) -> None:
        self._language: Language = language
        self._texts = texts
        self._what_if = texts["whatIf"]

    def say_change(self, question: Question) -> str:
        if isinstance(question, Relax):
            names = self._texts["constraints"]
            quoted = [self._what_if["quoted"].format(constraint=names[one]) for one in question.constraints]
            return self.count(self._what_if["relax"], len(quoted), constraints=self._join(quoted))
        if isinstance(question, MorePlaces):
            return self.count(self._what_if["morePlaces"], question.places)
        clauses = self._join(self._clauses(question))
        told = self._what_if["clauses"].format(clauses=clauses) if clauses else ""
        return self.count(self._what_if["moreMentors"], question.count, clauses=told)

    def count(self, forms: dict[str, str], count: int, **facts: object) -> str:
        return forms["one" if count == 1 else "other"].format(count=self._number(count), **facts)

    def _clauses(self, question: MoreMentors) -> list[str]:
        """What is said of the mentors, one verb each."""
        texts, told = self._what_if, []
        if question.languages:
            names = self._join([name_language(code, self._language) for code in question.languages])
            told.append(self.count(texts["speaks"], question.count, languages=names))
        if question.occupation is not None:
            told.append(self.count(texts["occupation"], question.count, code=question.occupation))
        if question.is_business_owner:
            told.append(self.count(texts["isBusinessOwner"], question.count))
        if question.gender is not None:
            told.append(self.count(texts["gender"][question.gender], question.count))
        if question.age_group is not None:
            told.append(self.count(texts["ageGroup"][question.age_group], question.count))
        if question.places > 1:
            told.append(self.count(texts["places"], question.count, places=self._number(question.places)))
        return told

    def _join(self, parts: Sequence[str]) -> str:
        *first, last = parts or [""]
        return f"{', '.join(first)} {self._texts['and']} {last}" if first else last

    def _number(self, count: int) -> str:
        return cast("str", self._texts["numbers"].get(str(count), str(count)))


@cache
def _read(name: str) -> dict[str, Any]:
    text = files("app.domain.data").joinpath(name).read_text(encoding="utf-8")
    return cast("dict[str, Any]", json.loads(text))
