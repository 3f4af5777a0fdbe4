"""A reader of JSON (RFC 8259) that says what makes a text more than one thing (I-JSON, RFC 7493)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from .json_value import MAX_DEPTH, Json
from .number import number_of


@dataclass(frozen=True)
class JsonProblem:
    """Why a text is not taken as JSON. `at` counts characters from 0; the message repeats nothing of the
    text.
    """

    at: int
    message: str


@dataclass(frozen=True)
class JsonReading:
    """A text that is JSON, and the first thing wrong with it all the same.

    Of two equal keys the last one counts, as in most programs.
    """

    value: Json
    problem: JsonProblem | None


def read_json(text: str) -> JsonReading | JsonProblem:
    """Reads a text of any length and depth without recursion; a bare problem when it is not JSON at all."""
    return _Reader(text).read()


# More than the longest event can open. What goes deeper is not read to its end.
_MAX_OPEN = 65_536

_SPACE = re.compile("[ \t\n\r]*")
_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORD = re.compile("true|false|null")
_WORDS = {"true": True, "false": False, "null": None}
_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass
class _Open:
    """An array or object whose end was not seen yet."""

    container: list[Any] | dict[str, Any]
    key: str = field(default="")

    def put(self, value: Json) -> None:
        if isinstance(self.container, list):
            self.container.append(value)
        else:
            self.container[self.key] = value


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._problem: JsonProblem | None = None

    def read(self) -> JsonReading | JsonProblem:
        try:
            value = self._document()
        except _NotJson:
            return JsonProblem(self._at, "not valid JSON")
        return JsonReading(value, self._problem)

    def _document(self) -> Any:
        opened: list[_Open] = []
        while True:
            self._skip()
            value, begins = self._value()
            if begins:
                opened.append(_Open(value))
                if len(opened) > MAX_DEPTH:
                    self._note(self._at - 1, "nested too deeply")
                if len(opened) > _MAX_OPEN:
                    raise _NotJson
                if not self._closes(opened[-1], first=True):
                    continue
                opened.pop()
            # The value is whole: it goes where it belongs, and may be the last one there, level by level.
            while opened:
                opened[-1].put(value)
                if not self._closes(opened[-1], first=False):
                    break
                value = opened.pop().container
            if not opened:
                self._skip()
                if self._at != len(self._text):
                    raise _NotJson
                return value

    def _value(self) -> tuple[Any, bool]:
        """A whole value, or an empty container that was only opened."""
        char = self._text[self._at : self._at + 1]
        if char == "{":
            self._at += 1
            return {}, True
        if char == "[":
            self._at += 1
            return [], True
        if char == '"':
            return self._string(), False
        word = _WORD.match(self._text, self._at)
        if word is not None:
            self._at = word.end()
            return _WORDS[word.group()], False
        number = _NUMBER.match(self._text, self._at)
        if number is None:
            raise _NotJson
        self._at = number.end()
        return number_of(number.group()), False

    def _closes(self, innermost: _Open, first: bool) -> bool:
        """Passes what stands before the next value, with an object's next key; true when there is none."""
        self._skip()
        is_array = isinstance(innermost.container, list)
        char = self._text[self._at : self._at + 1]
        if char == ("]" if is_array else "}"):
            self._at += 1
            return True
        if not first:
            if char != ",":
                raise _NotJson
            self._at += 1
        if not is_array:
            self._key(innermost)
        return False

    def _key(self, innermost: _Open) -> None:
        self._skip()
        at = self._at
        innermost.key = self._string()
        if innermost.key in innermost.container:
            self._note(at, "an object has the same key twice")
        self._skip()
        if self._text[self._at : self._at + 1] != ":":
            raise _NotJson
        self._at += 1

    def _string(self) -> str:
        begin = self._at
        self._at = self._end_of_string(begin)
        raw = self._text[begin + 1 : self._at - 1]
        if "\\" in raw:
            # Halves of a pair come together when they are written as UTF-16.
            halves = _ESCAPE.sub(_unescape, raw).encode("utf-16-le", "surrogatepass")
            raw = halves.decode("utf-16-le", "surrogatepass")
        if not raw.isascii() and _SURROGATE.search(raw):
            self._note(begin, "a string has half of a surrogate pair")
        return raw

    def _end_of_string(self, begin: int) -> int:
        # A loop and no one pattern: that would remember every escape of a string of any length.
        if self._text[begin : begin + 1] != '"':
            raise _NotJson
        at = begin + 1
        while True:
            plain = _PLAIN.match(self._text, at)
            at = plain.end() if plain is not None else at
            escape = _ESCAPE.match(self._text, at)
            if escape is None:
                break
            at = escape.end()
        if self._text[at : at + 1] != '"':
            raise _NotJson
        return at + 1

    def _skip(self) -> None:
        space = _SPACE.match(self._text, self._at)
        if space is not None:
            self._at = space.end()

    def _note(self, at: int, message: str) -> None:
        if self._problem is None:
            self._problem = JsonProblem(at, message)


class _NotJson(Exception):
    pass


def _unescape(match: re.Match[str]) -> str:
    unit, char = match.groups()
    return chr(int(unit, 16)) if unit is not None else _SHORT.get(char, char)
