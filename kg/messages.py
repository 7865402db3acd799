"""The catalogue of messages, from the code: `python -m kg.messages` (`make messages`) brings `kg/locale/*/LC_MESSAGES/kg.po` and `.mo` up to date.

    code (`_`, `N_`, `ngettext`) ─┐
    help of commands and options ─┼─► Catalog ─► kg.po, where people translate ─► kg.mo, which is read at run time
    click's phrases (click.pot)  ─┘

A new message comes without a translation, or marked as fuzzy with that of one like it; `--check` tells of both and of what is out of date, and
changes nothing. Translators need not see to directions: isolates are set anew each time, around the places of values and around Latin names.
Needs Babel, which nothing does at run time.
"""

from __future__ import annotations

import inspect
import io
import re
import struct
import sys
from collections.abc import Iterable, Iterator
from gettext import GNUTranslations
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from kg.language import DOMAIN, FSI, LOCALE, LRI, PDI, RLI, plain
from kg.localised import RAW, paragraphs
from kg.text import is_arabic

CODE = Path(__file__).parent
#: click's own phrases, of all versions that kg has been used with.
CLICK = LOCALE / "click.pot"
#: Messages that click prints as a whole line.
_LINES = {"Error: {message}", "Aborted!", "Try '{command} {option}' for help."}
_KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}

Id = str | tuple[str, str]


def catalogues() -> list[Path]:
    """The catalogues that there are, a language each."""
    return sorted(LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def read(path: Path) -> Catalog:
    """A catalogue from its file. The language is that of its folder."""
    language = None if path.suffix == ".pot" else path.parent.parent.name
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


# What there is to translate


def collected() -> dict[Id, list[str]]:
    """All messages, singular or both numbers, with the files that have them, in a fixed order."""
    found: dict[Id, list[str]] = {}
    for id, where in (*_in_code(CODE, skip=("training",)), *_in_help(), *((_id(m), "click") for m in read(CLICK) if m.id)):
        files = found.setdefault(id, [])
        if where not in files:
            files.append(where)
    return found


def _in_code(folder: Path, skip: Iterable[str] = ()) -> Iterator[tuple[Id, str]]:
    for path in sorted(folder.rglob("*.py")):
        if not set(path.relative_to(folder).parts) & set(skip):
            with path.open("rb") as file:
                for _line, id, _comments, _context in extract("python", file, _KEYWORDS):
                    yield id if isinstance(id, str) else (id[0], id[1]), f"{folder.name}/{path.relative_to(folder).as_posix()}"


def _in_help() -> Iterator[tuple[Id, str]]:
    from kg.cli import cli

    def walk(command: click.Command) -> Iterator[tuple[Id, str]]:
        where = Path(inspect.unwrap(command.callback).__code__.co_filename) if command.callback else CODE
        file = f"{CODE.name}/{where.relative_to(CODE).as_posix()}"
        for paragraph in paragraphs(command.help or ""):
            yield paragraph.removeprefix(RAW).strip("\n"), file
        for parameter in command.params:
            if isinstance(parameter, click.Option) and parameter.help:
                yield parameter.help, file
        if isinstance(command, click.Group):
            for _name, sub in sorted(command.commands.items()):
                yield from walk(sub)

    return walk(cli)


def of_click() -> list[Id]:
    """The phrases of the click that is installed."""
    return sorted({id for id, _where in _in_code(Path(click.__file__).parent)}, key=str)


def updated(path: Path) -> Catalog:
    """The catalogue of a file with all messages that there are now, and no others."""
    catalogue, template = read(path), Catalog(domain=DOMAIN)
    for id, files in collected().items():
        template.add(id, locations=[(file, 0) for file in files])
    template.creation_date = catalogue.creation_date
    catalogue.update(template, no_fuzzy_matching=False)
    catalogue.obsolete.clear()
    for message in catalogue:
        if message.id:
            id = _id(message)
            strings = [settled(id, s) for s in _strings(message)]
            message.string = strings[0] if isinstance(id, str) else tuple((*strings, *[""] * catalogue.num_plurals)[: catalogue.num_plurals])
    return catalogue


# Directions

_PLACE = re.compile(r"\{[a-z_][^{}]*\}|%\(\w+\)s")
_NUMBER = re.compile(r"\{n(?::[^{}]*)?\}|\{\w+:[^{}]*[,fdg%]\}")
#: Words between which there is one blank, none of them Arabic.
_RUN = re.compile(r"[!-~…]+(?: [!-~…]+)*")


def settled(id: Id, translation: str) -> str:
    """A translation with isolates around what has, or may have, another direction than the words around it."""
    lines = plain(translation).split("\n")
    text = "\n".join(_RUN.sub(_isolated_runs, line) if is_arabic(line) else line for line in lines)
    return f"{RLI}{text}{PDI}" if text and id in _LINES else text


def _isolated_runs(match: re.Match[str]) -> str:
    # What follows a colon, or stands in brackets, is a run of its own.
    return " ".join(_isolated(run) for run in re.split(r"(?<=:) | (?=\()", match[0]))


def _isolated(run: str) -> str:
    """A run of Latin words without the punctuation of the sentence that it stands in, isolated where its ends or its places need it."""
    head, run, tail = _trimmed(run)
    if not run:
        return head + tail
    beside = _PLACE.sub("", run)
    if re.search("[A-Za-z<>/:=@#$*'\"-]", beside) and (not (run[0].isalnum() and run[-1].isalnum()) or _PLACE.search(run)):
        run = f"{LRI}{_PLACE.sub(_place, run)}{PDI}"
    else:
        run = _PLACE.sub(_place, run)
    return head + run + tail


def _place(match: re.Match[str]) -> str:
    return match[0] if _NUMBER.fullmatch(match[0]) else f"{FSI}{match[0]}{PDI}"


def _trimmed(run: str) -> tuple[str, str, str]:
    """A run without the punctuation and the brackets around it that are those of the sentence, and these."""
    start, end = 0, len(run)
    while start < end:
        first, last, inner = run[start], run[end - 1], run[start:end]
        stop = last in " ,;:!?([" or (last == "." and not inner.endswith("..")) or (last == '"' and inner.count('"') % 2)
        if stop or (last in ")]" and inner.count(_OPENING[last]) < inner.count(last)):
            end -= 1
        elif first in " ,;:!?)]" or (first in "([" and inner.count(_CLOSING[first]) < inner.count(first)):
            start += 1
        elif first in "([" and last == _CLOSING[first]:
            start, end = start + 1, end - 1
        else:
            break
    return run[:start], run[start:end], run[end:]


_CLOSING = {"(": ")", "[": "]"}
_OPENING = {")": "(", "]": "["}


# What is wrong with a catalogue


def mistakes(path: Path) -> list[str]:
    """What is wrong with a catalogue, a line each: messages missing, left over or not translated, values that get lost, a file not compiled."""
    catalogue, wanted = read(path), collected()
    messages: dict[Id, Message] = {_id(m): m for m in catalogue if m.id}
    out = [f"is not in the catalogue: {id!r}" for id in wanted if id not in messages]
    out += [f"is in the catalogue and nowhere else: {id!r}" for id in messages if id not in wanted]
    for id, message in messages.items():
        strings = _strings(message)
        if message.fuzzy:
            out.append(f"has a translation that nobody has looked at (fuzzy): {id!r}")
        elif not all(strings) or len(strings) != (1 if isinstance(id, str) else catalogue.num_plurals):
            out.append(f"is not translated: {id!r}")
        else:
            out += (f"{fault}: {s!r}" for s in strings for fault in _faults(id, s))
    compiled = path.with_suffix(".mo")
    # What it says counts, not its bytes: another Babel may lay them out otherwise.
    if not compiled.exists() or _said(compiled.read_bytes()) != _said(binary(catalogue)):
        out.append(f"is not compiled: {compiled.name}")
    return out


def _id(message: Message) -> Id:
    return message.id if isinstance(message.id, str) else (message.id[0], message.id[1])


def _strings(message: Message) -> list[str]:
    return [message.string or ""] if message.string is None or isinstance(message.string, str) else list(message.string)


def _faults(id: Id, translation: str) -> Iterator[str]:
    numbers = [set(_PLACE.findall(number)) for number in ([id] if isinstance(id, str) else id)]
    found = set(_PLACE.findall(translation))
    # "One document" needs no number, in any language.
    needed = {p for p in set.intersection(*numbers) if isinstance(id, str) or not _NUMBER.fullmatch(p)}
    if not needed <= found <= set.union(*numbers):
        yield f"has other places than {id!r}"
    if settled(id, translation) != translation:
        yield "has isolates in other places than they belong"


def _said(compiled: bytes) -> dict[str, str]:
    """The messages of a compiled catalogue; none of one that cannot be read."""
    try:
        found = GNUTranslations(io.BytesIO(compiled))._catalog  # type: ignore[attr-defined]  # there is no public way to all of them
    except (OSError, struct.error, ValueError, UnicodeDecodeError):
        return {}
    return {str(id): text for id, text in found.items() if id}


def binary(catalogue: Catalog) -> bytes:
    """A catalogue as `gettext` reads it."""
    out, compiled = io.BytesIO(), _Compiled(locale=catalogue.locale, domain=DOMAIN)
    for message in catalogue:
        if message.id and not message.fuzzy:
            compiled.add(message.id, message.string)
    write_mo(out, compiled)
    return out.getvalue()


class _Compiled(Catalog):
    """A catalogue whose head tells what reading it takes, and neither a date nor the version of Babel."""

    @property  # type: ignore[misc, unused-ignore]  # Babel 2.19 lets it be set too
    def mime_headers(self) -> list[tuple[str, str]]:
        return [("Plural-Forms", self.plural_forms), ("Content-Type", "text/plain; charset=utf-8")]


def main(arguments: list[str]) -> int:
    """Update, or with `--check` look at, all catalogues; 1 if something is to be done."""
    if arguments != ["--check"]:
        phrases = read(CLICK)
        for id in of_click():
            phrases.add(id)
        write(CLICK, phrases)
        for path in catalogues():
            catalogue = updated(path)
            write(path, catalogue)
            path.with_suffix(".mo").write_bytes(binary(read(path)))
    found = [f"{path}: {line}" for path in catalogues() for line in mistakes(path)]
    for line in found:
        print(line)
    return 1 if found else 0


def write(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue into its file, which people translate."""
    out = io.BytesIO()
    write_po(out, catalogue, width=150, ignore_obsolete=True, include_lineno=False)
    path.write_bytes(out.getvalue())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
