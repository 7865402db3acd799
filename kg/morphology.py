"""Inflected forms of Arabic verbs and nouns, undiacritised and folded, so that frames can name base forms only.

Generation, not analysis: frames list a few hundred words, and a table of their forms finds them by one look-up even where
tagger and lemmatizer are wrong. Forms are keys (`kg.text.fold`), in which hamza seats and ى/ي do not differ.
"""

from __future__ import annotations

from kg.text import fold

_PERFECT = ("", "ت", "ا", "تا", "وا", "و", "ن", "نا", "تم")
_IMPERFECT = ("", "ان", "ون", "ين", "وا", "و", "ن", "ا", "ي")
_PREFIXES = "يتنا"  # ي ت ن أ, the last folded
_WEAK_LETTERS = "اوي"


def perfect(base: str) -> set[str]:
    """Forms of a perfect given in the third person masculine singular: `أرسل` -> ارسلت, ارسلوا …; `زار` -> زرنا too."""
    b = fold(base)
    forms = {b + s for s in _PERFECT}
    if b.endswith("ي") or (b.endswith("ا") and len(b) > 2):  # أعطى, دعا: أعطت, أعطوا, أعطينا, أعطا|ه
        stem = b[:-1]
        forms |= {stem + s for s in ("", "ت", "تا", "وا", "و", "ا", "ي", "يا", "يت", "ينا", "وت", "ونا")} - {stem}
    if len(b) >= 3 and b[-2] == "ا":  # hollow: زار -> زرت
        stem = b[:-2] + b[-1]
        forms |= {stem + s for s in ("ت", "نا", "ن", "تم")}
    return forms


def imperfect(base: str) -> set[str]:
    """Forms of an imperfect given in the third person masculine singular: `يرسل` -> ترسل, نرسل, يرسلون …."""
    b = fold(base)
    if not b or b[0] not in "يت":
        return {b}
    rest = b[1:]
    forms = {p + rest + s for p in _PREFIXES for s in _IMPERFECT}
    if rest.endswith(("ي", "و", "ا")) and len(rest) > 2:  # final weak: يعطي -> يعطون, jussive يعط
        forms |= {p + rest[:-1] + s for p in _PREFIXES for s in ("", "ون", "وا", "ين")}
    if len(rest) >= 3 and rest[-2] in _WEAK_LETTERS and rest[-3] not in _WEAK_LETTERS:  # hollow: يزور -> jussive يزر
        forms |= {p + rest[:-2] + rest[-1] for p in _PREFIXES}
    return forms


def passive(base: str) -> set[str]:
    """Forms whose letters change in the passive: `قال` -> قيل, `فاوض` -> فووض, `يقول` -> يقال, `اتهم` as it is."""
    b = fold(base)
    if len(b) == 3 and b[1] == "ا":
        return {b[0] + "ي" + b[2] + s for s in ("", "ت", "وا")}
    if len(b) == 4 and b[1] == "ا":
        return {b[0] + "و" + b[2:] + s for s in ("", "ت", "وا")}
    if b.endswith("ي") and len(b) > 3:
        return {b + s for s in ("ت", "ا")}
    return set()


def noun(base: str) -> set[str]:
    """Forms of a noun: definite, accusative, dual, before a pronoun or a genitive; the broken plural is a word of its own."""
    b = fold(base)
    forms = {b}
    if b.endswith("ه"):
        forms |= {b[:-1] + s for s in ("ت", "تان", "تين", "تا", "تي")}
    elif b.endswith("ات"):
        pass
    else:
        forms |= {b + s for s in ("ا", "ان", "ين", "ي")} if len(b) > 2 else {b + "ا"}
    return forms | {"ال" + f for f in forms if not f.startswith("ال")}


def participle(base: str) -> set[str]:
    """Forms of a participle or adjective: gender, number, definiteness."""
    b = fold(base).removesuffix("ه")
    forms = {b + s for s in ("", "ه", "ا", "ون", "ين", "ات", "ان", "تان", "تين", "و", "ي")}
    return forms | {"ال" + f for f in forms}
