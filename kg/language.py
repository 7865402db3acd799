"""The language in which kg speaks to people: English, or Arabic by gettext from `kg/locale`.

    raise KgError(_("cannot read {path}: {why}").format(path=path, why=strerror(e)))
    say(ngettext("{n} input could not be read", "{n} inputs could not be read", n).format(n=n))

A message is written in English, as one literal with named places, and looked up when it is said, never when a module is imported: constants
are marked with `N_` and looked up where they are printed. `make messages` collects what is marked, and the help of commands.

Only people are spoken to: JSON, RDF and other data are the same in every language. As a library kg speaks English until `use` is called;
the command line calls it, with what `--lang` or the environment asks for, and worker processes are told.

Arabic lines hold Latin names. Isolates (U+2066 to U+2069) in the catalogue keep these, and what is put into the places, from being torn apart;
`directed` and `isolated` do so for whole lines and for the cells of tables. Text is always in its logical order: turning it is what terminals do.
"""

from __future__ import annotations

import gettext
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

LANGUAGES = ("ar", "en")
DOMAIN = "kg"
LOCALE = Path(__file__).parent / "locale"

#: The locale of messages, the strongest first.
_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
#: Isolates: from left to right, from right to left, as the first letter has it; and the end of all three.
LRI, RLI, FSI, PDI = "\u2066", "\u2067", "\u2068", "\u2069"
#: What begins one.
ISOLATES = (LRI, RLI, FSI)
_ARABIC = re.compile("[\u0621-\u064a]")
_MARKS = re.compile("[\u2066-\u2069]")

_catalogue = gettext.NullTranslations()
_language = "en"


def use(language: str) -> None:
    """Speak a language from now on, in all threads of this process: one of `LANGUAGES`."""
    global _catalogue, _language
    if language not in LANGUAGES:
        raise ValueError(f"kg does not speak {language!r}, but {' and '.join(LANGUAGES)}")
    _catalogue = gettext.NullTranslations() if language == "en" else gettext.translation(DOMAIN, LOCALE, [language])
    _language = language


def spoken() -> str:
    """The language that is spoken now."""
    return _language


@contextmanager
def using(language: str) -> Iterator[None]:
    """Speak a language meanwhile."""
    before = _language
    use(language)
    try:
        yield
    finally:
        use(before)


def preferred(environment: Mapping[str, str] = os.environ) -> str:
    """The language that the environment asks for: that of KG_LANG, else of the locale; English where kg does not speak it."""
    own = _name(environment.get("KG_LANG", ""))
    if own in LANGUAGES:
        return own
    locale = next((value for name in _LOCALE_VARIABLES if (value := environment.get(name))), "")
    return found if (found := _name(locale)) in LANGUAGES else "en"


def _name(locale: str) -> str:
    """The language of a locale: "ar" of "ar_EG.UTF-8"."""
    return re.split(r"[-_.@]", locale, maxsplit=1)[0].lower()


def _(message: str) -> str:
    """A message in the language that is spoken."""
    return _catalogue.gettext(message) if message else ""


def ngettext(singular: str, plural: str, n: int) -> str:
    """A message about a number of things."""
    return _catalogue.ngettext(singular, plural, n)


def N_(message: str) -> str:
    """Mark a message that is looked up later, where it is printed."""
    return message


def environment() -> dict[str, str]:
    """The environment of a program that shall speak the same language, as `preferred` finds it."""
    return {**os.environ, "KG_LANG": _language}


def joined(words: Iterable[object]) -> str:
    """Things one after the other, with the commas of the language."""
    return _(", ").join(map(str, words))


def strerror(error: BaseException) -> str:
    """What the system says of an error, in the language; of others what they say themselves."""
    text = getattr(error, "strerror", None)
    return _(text) if text else str(error)


#: What the system says most often. Its own translations would need a locale that may not be installed.
SYSTEM = (
    N_("No such file or directory"), N_("Permission denied"), N_("Is a directory"), N_("Not a directory"), N_("File exists"),
    N_("File name too long"), N_("File too large"), N_("No space left on device"), N_("Disk quota exceeded"), N_("Read-only file system"),
    N_("Input/output error"), N_("Too many open files"), N_("Cannot allocate memory"), N_("Too many levels of symbolic links"),
    N_("Address already in use"), N_("Cannot assign requested address"), N_("Connection refused"), N_("Connection reset by peer"),
    N_("Name or service not known"), N_("Temporary failure in name resolution"), N_("Network is unreachable"), N_("Operation not permitted"),
    N_("Invalid argument"),
)  # fmt: skip


# Right to left


def is_turned(text: str) -> bool:
    """Whether the language runs from right to left and the text is in it, at least in part."""
    return _language == "ar" and _ARABIC.search(text) is not None


def directed(line: str) -> str:
    """A line that is read from right to left as a whole where it is in such a language; its indentation stays at the left."""
    text = line.strip()
    return line.replace(text, f"{RLI}{text}{PDI}", 1) if is_turned(line) and not line.startswith(RLI) else line


def isolated(cell: str) -> str:
    """Text that stands beside other text, each of them with a direction of its own."""
    return f"{FSI}{cell}{PDI}" if is_turned(cell) else cell


def is_isolate(character: str) -> bool:
    """Whether a character, in a language that needs it, holds the words around it in their order and is not shown."""
    return _language == "ar" and _MARKS.match(character) is not None


def plain(text: str) -> str:
    """Text without isolates, which take no room."""
    return _MARKS.sub("", text)


def padded(cell: str, width: int, *, right: bool = False) -> str:
    """A cell of a table: isolated, and as wide as its column."""
    space = " " * (width - len(plain(cell)))
    return space + isolated(cell) if right else isolated(cell) + space
