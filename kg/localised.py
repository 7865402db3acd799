"""Commands in another language than English: copies of them, whose help is translated and laid out from right to left.

click asks gettext for its own phrases ("Usage:", "No such option …"). They stand in kg's catalogue, and click is led there while a command runs;
what the process had set before is set again afterwards.
"""

from __future__ import annotations

import gettext
import inspect
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy

import click

from kg.language import DOMAIN, ISOLATES, LANGUAGES, LOCALE, N_, PDI, RLI, _, directed, is_turned, plain, preferred, spoken, using

#: In front of a paragraph of help whose lines stay as they are.
RAW = "\b"


@contextmanager
def speaking(arguments: Sequence[str]) -> Iterator[None]:
    """Speak meanwhile the language that the arguments of a command ask for, else that of the environment."""
    with using(_asked(arguments) or preferred()):
        if spoken() == "en":
            yield
        else:
            with _click_speaks(spoken()):
                yield


def _asked(arguments: Sequence[str]) -> str | None:
    """The language of `--lang` in front of the command. It is needed before the arguments are parsed, whose mistakes are told in it."""
    words = iter(arguments)
    for word in words:
        if not word.startswith("-"):
            break
        name, equals, value = word.partition("=")
        if name == "--lang":
            value = value if equals else next(words, "")
            return value if value in LANGUAGES else None
    return None


@contextmanager
def _click_speaks(language: str) -> Iterator[None]:
    domain, folder, languages = gettext.textdomain(), gettext.bindtextdomain(DOMAIN), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(DOMAIN, str(LOCALE))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = language  # which gettext follows first
    try:
        yield
    finally:
        gettext.textdomain(domain)
        gettext.bindtextdomain(DOMAIN, folder)
        if languages is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = languages


# Help


def paragraphs(help: str) -> list[str]:
    """The paragraphs of a help text as the catalogue has them: each on one line, but for those whose lines stay as they are."""
    blocks = [block for block in inspect.cleandoc(help).partition("\f")[0].split("\n\n") if block.strip()]
    return [block if block.startswith(RAW) else " ".join(line.strip() for line in block.splitlines()) for block in blocks]


def translated(command: click.Command) -> click.Command:
    """A copy of a command, and of those in it, that speaks the language of the moment."""
    out = copy(command)
    out.help = None if command.help is None else "\n\n".join(_translated_paragraph(p) for p in paragraphs(command.help))
    out.params = [_parameter(p) for p in command.params]
    out.context_class = _Context
    if getattr(out, "_help_option", None) is not None:  # made, in English, when the original was asked for its help
        out._help_option = None
    if isinstance(out, click.Group):
        out.commands = {name: translated(c) for name, c in out.commands.items()}
    return out


def _translated_paragraph(text: str) -> str:
    return f"{RAW}\n{_(text.removeprefix(RAW).strip(chr(10)))}" if text.startswith(RAW) else _(text)


def _parameter(parameter: click.Parameter) -> click.Parameter:
    out = copy(parameter)
    if isinstance(out, click.Option) and out.help:
        out.help = _(out.help)
    out.type = copy(out.type)
    out.type.name = _(out.type.name)
    return out


#: Kinds of values, of which click says that a value is none. (It asks gettext for "file" and the like when an option is made, which is too early.)
KINDS = (N_("integer range"), N_("float range"), N_("integer"), N_("float"), N_("text"), N_("choice"), N_("file"), N_("directory"), N_("path"))


class _Formatter(click.HelpFormatter):
    """Lays help out in two columns, as in English: names at the left, below one another; what is said of them begins at the right edge."""

    def write_text(self, text: str) -> None:
        indent = " " * self.current_indent
        blocks = []
        for block in text.split("\n\n"):
            lines = block.splitlines()
            if lines[0] == RAW:
                blocks.append([indent + _apart(line) for line in lines[1:]])
            else:
                blocks.append([_at_right(line, self.width) for line in _wrapped(block, self.width - len(indent))])
        self.write("\n\n".join("\n".join(block) for block in blocks) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        rows = list(rows)
        first = self.current_indent + col_spacing + min(max(len(name) for name, _text in rows), col_max)
        for name, text in rows:
            self.write(" " * self.current_indent + name)
            at = self.current_indent + len(name)
            if at + col_spacing > first:
                self.write("\n")
                at = 0
            for line in _wrapped(text, self.width - first) or [""]:
                self.write(_at_right(line, self.width - at) + "\n")
                at = 0


def _at_right(line: str, width: int) -> str:
    """A line that is read from right to left, from the right edge of so many columns on."""
    return f"{'':>{max(0, width - len(plain(line)))}}{RLI}{line}{PDI}"


def _wrapped(text: str, width: int) -> list[str]:
    """The lines of a paragraph. Isolates that begin in one line and end in another are closed and opened again."""
    lines: list[list[str]] = []
    room = 0
    for word in text.split():
        room -= 1 + len(plain(word))
        if room < 0:
            lines.append([])
            room = width - len(plain(word))
        lines[-1].append(word)
    out, opened = [], ""
    for words in lines:
        line = opened + " ".join(words)
        opened = ""
        for c in line:
            opened = opened[:-1] if c == PDI else opened + c if c in ISOLATES else opened
        out.append(line + PDI * len(opened))
    return out


def _apart(line: str) -> str:
    """A line that shows what to type, and says after two blanks or more what that does."""
    head, gap, tail = line.rpartition("  ")
    return head + gap + directed(tail) if is_turned(tail) else line


class _Context(click.Context):
    formatter_class = _Formatter
