"""The errors that a user can do something about."""

from __future__ import annotations

from kg.language import is_isolate


class KgError(Exception):
    """Something outside kg is wrong: a file, a model, an option. The message is one line and says what to do about it.

    The command line prints it without a traceback and ends with status 2.
    """

    def __init__(self, message: str = "") -> None:
        # What parsers say of a file quotes it, line breaks and controls included.
        super().__init__("".join(c if c.isprintable() or is_isolate(c) else " " for c in message))
