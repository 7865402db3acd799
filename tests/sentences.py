"""Sentences made by hand, parse and all, for tests that need no model."""

from __future__ import annotations

from kg.model import Sentence, Word


def sentence(rows: str, ner: tuple[tuple[int, int, str], ...] = (), index: int = 0) -> tuple[Sentence, str]:
    """A sentence and its text from rows `form lemma upos head deprel [Feature=Value|…]`; heads count from 1, 0 is the root.

    A form that begins with `+` is written together with the one before it.
    """
    words: list[Word] = []
    text = ""
    for line in rows.strip().splitlines():
        form, lemma, upos, head, deprel, *feats = line.split()
        glued = form.startswith("+")
        form = form.removeprefix("+")
        if text and not glued:
            text += " "
        start = len(text)
        text += form
        token = words[-1].token if glued else (words[-1].token + 1 if words else 0)
        features = dict(f.split("=") for f in feats[0].split("|")) if feats else {}
        words.append(Word(len(words), form, lemma, upos, features, int(head) - 1, deprel, start, len(text), token))
    return Sentence(index, 0, len(text), tuple(words), ner), text
