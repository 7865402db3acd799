"""PADT's ways of tagging and attaching brought to PUD's, where PUD has one way for a word and PADT another.

`كل الدول`: PADT makes كل the head of the noun, PUD its determiner; `غير مسبوقة`: a noun with a modifier in PADT, a negated
adjective in PUD; weekdays, months and names of places: nouns in PADT, proper nouns in PUD. One tagger and one parser
learn from both, and should not have to guess whose sentence they read.
"""

from __future__ import annotations

import functools
from typing import Any

from kg.extract import load_lexicon
from kg.lexicon import Lexicon

Node = Any  # udapi.core.node.Node, which is untyped
Tree = Any

#: Words before a noun (PUD: UPOS and relation, eight times in ten or more).
_BEFORE_NOUN = {w: ("DET", "det") for w in ("كل", "بعض", "أحد", "إحدى", "عدة", "جميع", "معظم", "كافة", "أي")} | {"غير": ("PART", "advmod")}
_DAYS = "السبت الأحد الاحد الاثنين الإثنين الثلاثاء الأربعاء الاربعاء الخميس الجمعة"
_MONTHS = (
    "يناير فبراير مارس أبريل ابريل إبريل مايو يونيو يونيه يوليو يوليه أغسطس اغسطس سبتمبر أكتوبر اكتوبر نوفمبر ديسمبر "
    "كانون شباط آذار اذار نيسان أيار ايار حزيران تموز آب أيلول ايلول تشرين رمضان شعبان شوال رجب محرم صفر"
)
_TIMES = frozenset(f"{_DAYS} {_MONTHS}".split())
_ADVERBS = frozenset(["الآن", "الان", "جدا", "مجددا", "لاحقا", "غدا", "حاليا"])


def demote_determiners(tree: Tree) -> None:
    """`كل` + noun, `غير` + adjective: the second becomes the head and the first its dependent."""
    for node in tree.descendants:
        if node.form not in _BEFORE_NOUN or node.upos not in ("NOUN", "ADJ"):
            continue
        upos, relation = _BEFORE_NOUN[node.form]
        wanted = ("nmod", "amod") if upos == "DET" else ("nmod", "amod", "advmod", "conj", "obj")
        noun = next((c for c in node.children if node.precedes(c) and c.udeprel in wanted and c.upos in ("NOUN", "PROPN", "ADJ", "NUM")), None)
        if noun is None:
            continue
        deprel = "amod" if upos == "PART" and noun.upos == "ADJ" and node.udeprel == "nmod" else node.deprel
        noun.parent, noun.deprel = node.parent, deprel
        for child in node.children:
            child.parent = noun
        node.parent, node.deprel, node.upos = noun, relation, upos


def retag(tree: Tree) -> None:
    """Weekdays, months, places and a few adverbs, by form."""
    for node in tree.descendants:
        if node.upos == "NOUN" and (node.form in _TIMES or _is_place(node.form)):
            node.upos = "PROPN"
        elif node.upos in ("NOUN", "ADJ") and node.form in _ADVERBS:
            node.upos = "ADV"


@functools.cache
def _lexicon() -> Lexicon:
    return load_lexicon()


@functools.cache
def _is_place(form: str) -> bool:
    """Whether kg's lexicon knows the word as the name of a state or place, and as nothing else."""
    found = _lexicon().match([form])
    types = {_lexicon().entry(e).type for m in found for e in m.entries}
    return bool(types) and types <= {"STATE", "PLACE"} and not any(m.ambiguous for m in found)
