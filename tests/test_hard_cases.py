"""Two hundred hard little cases of tokenisation, clitics and offsets: tests/data/hard_cases.toml, which says how to read it.

All cases are parsed at once, each as it stands and in variants that an editor, a phone or a web page makes of it. A reader sees
the same text in all of them, so that what is expected is the same; the offsets are not. Where something stands in the text is
found here without the help of `kg.text`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kg import mentions
from kg.extract import load_lexicon, names_of
from kg.model import ENTITY_TYPES, Document, Mention, Sentence
from kg.packs import find_models
from kg.pipeline import Pipeline
from kg.text import gaps, wholes
from kg.tokens import MAX_WORDS
from tests.small import LEXICON, sentence

CASES: dict[str, dict[str, Any]] = {
    c["id"]: c for c in tomllib.loads((Path(__file__).parent / "data" / "hard_cases.toml").read_text(encoding="utf-8"))["case"]
}
AT_LEAST = {
    "clitics": 60, "blanks": 15, "digits": 15, "latin": 15, "quotes": 15, "signs": 15, "vowels+tatweel": 25, "forms": 10, "marks": 15, "web": 10,
    "lines": 10, "long": 5,
}  # fmt: skip

#: Cases that are right as they stand and that the present weights do not get: names and words that 2015's vocabulary lacks, above all.
KNOWN_TO_FAIL = {
    "mentions": ["clitics-20", "clitics-36", "clitics-66", "clitics-73", "long-03", "long-05"],
    "words": ["clitics-28", "clitics-36", "clitics-46", "clitics-61", "clitics-66", "clitics-77", "clitics-79", "digits-11"],
    "sentences": ["blanks-05"],
}


def cases(kind: str, ids: Iterable[str]) -> list[Any]:
    """The cases as parameters of a test; those that are known to fail may."""
    return [pytest.param(id, marks=[pytest.mark.xfail(reason="the weights")] if id in KNOWN_TO_FAIL[kind] else []) for id in ids]


# ---------------------------------------------------------------------------------------------------------------------
# Where a surface stands in a text


class Letters(NamedTuple):
    """What a reader sees of a text, without marks, hamzas and controls; `at[i]` is where character `i` stands."""

    text: str
    at: tuple[int, ...]


_SAME = str.maketrans("ٱیکھہ", "اي" + "كهه")


def letters(text: str) -> Letters:
    chars: list[str] = []
    at: list[int] = []
    for i, c in enumerate(text):
        for d in unicodedata.normalize("NFKD", c).translate(_SAME):
            if unicodedata.category(d) in ("Mn", "Me", "Cf") or d == "ـ":
                continue
            d = " " if d.isspace() else str(unicodedata.decimal(d, d))
            if d != " " or chars[-1:] != [" "]:
                chars.append(d)
                at.append(i)
    return Letters("".join(chars), tuple(at))


def where(text: str, surface: str, n: int = 1, whole: bool = False) -> tuple[int, int] | None:
    """The n-th place of a surface in a text, marks on its last letter included; only between other characters than letters if `whole`."""
    seen, wanted = letters(text), letters(surface).text.strip()
    edges = (r"(?<!\w)" if whole and wanted[0].isalnum() else "", r"(?!\w)" if whole and wanted[-1].isalnum() else "")
    found = [m.span() for m in re.finditer(edges[0] + re.escape(wanted) + edges[1], seen.text)]
    if len(found) < n:
        return None
    start, end = seen.at[found[n - 1][0]], seen.at[found[n - 1][1] - 1] + 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return start, end


# ---------------------------------------------------------------------------------------------------------------------
# Variants

_JOINING = "بتثجحخسشصضطظعغفقكلمنهيئ"  # letters that join the one after them
_ISOLATED = {
    ord(unicodedata.normalize("NFKC", chr(c))): chr(c) for c in range(0xFE80, 0xFEF5) if unicodedata.name(chr(c), "").endswith("ISOLATED FORM")
}


def marked(case: dict[str, Any]) -> str:
    """The text with a right-to-left mark before every mention, which parts it from a clitic."""
    starts = {place[0] for surface, _, *n in case.get("mentions", ()) if (place := where(case["text"], surface, *n))}
    return "".join("\u200f" * (i in starts) + c for i, c in enumerate(case["text"]))


VARIANTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "as it is": lambda case: case["text"],
    "NFC": lambda case: unicodedata.normalize("NFC", case["text"]),
    "NFD": lambda case: unicodedata.normalize("NFD", case["text"]),
    "CRLF": lambda case: re.sub(r"\r?\n", "\r\n", case["text"]),
    "marks of direction": marked,
    "tatweel": lambda case: re.sub(rf"(?<![\w\u064b-\u0655])([ء-ي][{_JOINING}])(?=[ء-ي]{{2}})", "\\1ـ", case["text"]),
    "vowel signs": lambda case: re.sub(r"(?<![\w\u064b-\u0655])([ء-ي])(?=[ء-ي])", "\\1\u064e", case["text"]),
    "presentation forms": lambda case: case["text"].translate(_ISOLATED),
}


def variants(case: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The variants that differ from those before them; of a long text fewer, for the sake of time."""
    seen: set[str] = set()
    for name, made in VARIANTS.items():
        if (text := made(case)) not in seen and (name in ("as it is", "NFD") or not case["id"].startswith("long")):
            seen.add(text)
            yield name, text


TEXTS = {(id, name): text for id, case in CASES.items() for name, text in variants(case)}

# ---------------------------------------------------------------------------------------------------------------------
# The file


def test_there_are_enough_cases_of_every_kind() -> None:
    kinds = [id.rsplit("-", 1)[0] for id in CASES]
    assert len(CASES) >= 200
    assert {names: n for names, least in AT_LEAST.items() if (n := sum(kinds.count(k) for k in names.split("+"))) < least} == {}


@pytest.mark.parametrize("id", CASES)
def test_what_is_expected_stands_in_the_text(id: str) -> None:
    case = CASES[id]
    assert set(case) <= {"id", "text", "mentions", "none", "words", "sentences", "longest"} and len(case) > 2
    for surface, types, *n in case.get("mentions", ()):
        assert where(case["text"], surface, *n), surface
        assert set(types.split("|")) <= set(ENTITY_TYPES)
    for stretch, words in case.get("words", {}).items():
        assert where(case["text"], stretch, whole=True), stretch
        # No letter is added, none lost.
        assert list(filter(str.isalnum, letters(words).text)) == list(filter(str.isalnum, letters(stretch).text))


def test_variants_are_what_they_are_called() -> None:
    case = {"id": "x", "text": "قصفت لبنان\nوأوكرانيا", "mentions": [["لبنان", "STATE"]]}
    made = dict(variants(case))
    assert list(made) == ["as it is", "NFD", "CRLF", "marks of direction", "tatweel", "vowel signs", "presentation forms"]
    assert made["marks of direction"] == "قصفت \u200fلبنان\nوأوكرانيا"
    assert made["tatweel"] == "قصـفت لبـنان\nوأوكرانيا"
    assert made["CRLF"] == "قصفت لبنان\r\nوأوكرانيا"
    assert all(where(text, "لبنان") and where(text, "أوكرانيا") for text in made.values())


# ---------------------------------------------------------------------------------------------------------------------
# The rules, without a model


@pytest.mark.parametrize(
    "spaced",
    [
        "الأحد. وقال", "د.محمد", "أ.ف.ب", "نعم؟ ثم", "عام 2024", "إس 400", "إس-400", "الناتو (NATO) إن", "(24 عاما)", "قال \" نعم \" ثم", "\"نعم\"",
        "' نعم '", "50% من", "https://t.co/a.b?c=1,2", "2.5", "روسيا | إيران", "بوتين: \"روسيا", "..", "Patriot باتريوت", "ليبيا", "روسيا/إيران",
    ],
)  # fmt: skip
def test_blanks_are_missed_where_a_careful_writer_leaves_one(spaced: str) -> None:
    kept = spaced in ("(24 عاما)",)
    text = spaced if kept else spaced.replace(" ", "")
    found = gaps(text)
    assert "".join(" " * (i in found) + c for i, c in enumerate(text)) == spaced


def test_links_numbers_and_latin_words_are_whole() -> None:
    text = "قال @RT_a في https://x.org/a_b?c=1. إن 1,250.5 عند 10:30 O'Brien a.b@c.org 3-2"
    assert [text[a:b] for a, b in wholes(text)] == ["@RT_a", "https://x.org/a_b?c=1", "1,250.5", "10:30", "O'Brien", "a.b@c.org", "3", "2"]


@pytest.mark.parametrize(
    ("text", "rows", "ner", "expected"),
    [
        ("زار وبوتين", "زار زار VERB 0 root\nوبوتين وبوتين PROPN 1 nsubj", (1, 2, "PERSON"), [("بوتين", "PERSON")]),
        ("زار ولبوتين", "زار زار VERB 0 root\nولبوتين ولبوتين PROPN 1 nsubj", (1, 2, "STATE"), [("بوتين", "PERSON")]),
        ("زار بوتين", "زار زار VERB 0 root\nب ب ADP 3 case\nوتين وتين PROPN 1 obl", (1, 3, "PERSON"), [("بوتين", "PERSON")]),
        ("زار ليابان", "زار زار VERB 0 root\nليابان ليابان PROPN 1 obl", (1, 2, "STATE"), [("يابان", "STATE")]),
        ("لل\u064eـيابان", "ل ل ADP 2 case\nل\u064eـيابان يابان PROPN 0 root", (0, 2, "STATE"), [("يابان", "STATE")]),
        ("هاجمت حماس إيران", "هاجمت هاجم VERB 0 root\nحماس حماس PROPN 1 nsubj\nإيران إيران PROPN 1 obj", (1, 3, "ORGANISATION"),
         [("حماس", "ORGANISATION"), ("إيران", "STATE")]),
        ("جندي باليمن", "جندي جندي NOUN 0 root\nب ب ADP 3 case\nاليمن يمن PROPN 1 nmod", (0, 3, "FORCE"), [("جندي", "FORCE"), ("اليمن", "STATE")]),
        ("زار https://t.co/a", "زار زار VERB 0 root\nhttps://t.co/a x X 1 obj", (1, 2, "WEAPON"), []),
        ("قناة \"حماس\" هنا", "قناة قناة NOUN 0 root\n\" \" PUNCT 3 punct\nحماس حماس PROPN 1 nmod\n\" \" PUNCT 3 punct\nهنا هنا ADV 1 advmod",
         (0, 3, "ORGANISATION"), [("قناة \"حماس\"", "ORGANISATION")]),
    ],
)  # fmt: skip
def test_a_name_is_cut_where_the_lexicon_knows_it(text: str, rows: str, ner: tuple[int, int, str], expected: list[tuple[str, str]]) -> None:
    found = mentions.find(sentence(text, rows, [ner]), text, LEXICON)
    assert [(m.span.text, m.type) for m in found] == expected
    assert all(text[m.span.start : m.span.end] == m.span.text for m in found)


# ---------------------------------------------------------------------------------------------------------------------
# What kg makes of it


class Parsed(NamedTuple):
    text: str
    sentences: tuple[Sentence, ...]
    mentions: list[Mention]


@pytest.fixture(scope="session")
def parsed(models: Path) -> dict[tuple[str, str], Parsed]:
    """All cases in all variants, parsed in one call."""
    lexicon = load_lexicon()
    pipeline = Pipeline(find_models(str(models)), names_of(lexicon))
    documents = (Document(f"{id}: {name}", text) for (id, name), text in TEXTS.items())
    return {
        key: Parsed(d.text, sentences, [m for s in sentences for m in mentions.find(s, d.text, lexicon)])
        for key, (d, sentences) in zip(TEXTS, pipeline(documents), strict=True)
    }


def each(id: str, parsed: dict[tuple[str, str], Parsed]) -> Iterator[tuple[str, Parsed]]:
    yield from ((name, parsed[key]) for key in TEXTS for i, name in [key] if i == id)


@pytest.mark.slow
@pytest.mark.parametrize(("id", "variant"), TEXTS)
def test_words_stand_one_behind_the_other(id: str, variant: str, parsed: dict[tuple[str, str], Parsed]) -> None:
    text, sentences, _ = parsed[id, variant]
    assert sentences
    at, token = 0, (-1, -1)
    for s in sentences:
        assert (s.start, s.end) == (s.words[0].start, s.words[-1].end)
        for w in s.words:
            assert 0 <= w.start < w.end <= len(text)
            assert text[w.start : w.end].strip() == text[w.start : w.end]
            if (s.index, w.token) != token:
                assert w.start >= at, f"{w.text} overlaps the token before it"
            at, token = max(at, w.end), (s.index, w.token)
        starts = [w.start for w in s.words]
        assert starts == sorted(starts)


@pytest.mark.slow
@pytest.mark.parametrize(("id", "variant"), TEXTS)
def test_mentions_are_what_stands_in_the_text(id: str, variant: str, parsed: dict[tuple[str, str], Parsed]) -> None:
    text, sentences, found = parsed[id, variant]
    last = 0
    for m in found:
        surface, words = m.span.text, sentences[m.sentence].words[m.words[0] : m.words[1]]
        assert text[m.span.start : m.span.end] == surface != ""
        assert last <= m.span.start < m.span.end <= len(text)
        last = m.span.end
        assert surface[0].isalnum() and surface[0] != "ـ", f"{surface!r} begins with no letter"
        assert surface[-1].isalnum() or unicodedata.combining(surface[-1]) or surface[-1] in ")]\"'»”’“", f"{surface!r} ends with no letter"
        first, after = words[0], words[1:2]
        cut = first.text in {"و", "ف", "ب", "ل", "ك"} and after and after[0].token == first.token
        # What the lexicon knows as a name of more letters may begin like that: باتريوت, كرمانشاه.
        assert not cut or m.concept, f"{surface!r} begins with a clitic"
        glued = len(words) > 1 and words[-1].upos == "PRON" and words[-1].token == words[-2].token
        assert not glued or m.concept, f"{surface!r} ends with a pronoun"


@pytest.mark.slow
@pytest.mark.parametrize("id", cases("mentions", [id for id, case in CASES.items() if "mentions" in case]))
def test_expected_mentions_are_found(id: str, parsed: dict[tuple[str, str], Parsed]) -> None:
    missing = {}
    for name, (text, _, found) in each(id, parsed):
        types = {(m.span.start, m.span.end): m.type for m in found}
        wanted = CASES[id]["mentions"]
        if lacking := [w for w in wanted if types.get(where(text, w[0], *w[2:]) or (0, 0)) not in w[1].split("|")]:
            missing[name] = lacking, [(m.span.text, m.type) for m in found]
    assert missing == {}


@pytest.mark.slow
@pytest.mark.parametrize("id", cases("words", [id for id, case in CASES.items() if "words" in case]))
def test_tokens_are_cut_into_the_words_expected(id: str, parsed: dict[tuple[str, str], Parsed]) -> None:
    wrong = {}
    for name, (text, sentences, _) in each(id, parsed):
        for stretch, wanted in CASES[id]["words"].items():
            start, end = where(text, stretch, whole=True) or (0, 0)
            words = " ".join(w.text for s in sentences for w in s.words if w.start < end and start < w.end)
            if words != wanted:
                wrong[name, stretch] = words
    assert wrong == {}


@pytest.mark.slow
@pytest.mark.parametrize("id", [id for id, case in CASES.items() if "none" in case])
def test_links_and_handles_name_nothing(id: str, parsed: dict[tuple[str, str], Parsed]) -> None:
    for name, (text, _, found) in each(id, parsed):
        for surface in CASES[id]["none"]:
            place = where(text, surface)
            assert place, (name, surface)
            start, end = place
            assert [m.span.text for m in found if m.span.start < end and start < m.span.end] == [], name


@pytest.mark.slow
@pytest.mark.parametrize("id", cases("sentences", CASES))
def test_sentences_are_neither_too_many_nor_too_long(id: str, parsed: dict[tuple[str, str], Parsed]) -> None:
    case = CASES[id]
    for name, (text, sentences, _) in each(id, parsed):
        assert max(len(s.words) for s in sentences) <= case.get("longest", MAX_WORDS), name
        if "sentences" in case:
            assert len(sentences) == case["sentences"], (name, [text[s.start : s.end] for s in sentences])
