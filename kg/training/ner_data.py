"""NER training files: character spans to labelled tokens, in the JSON that Stanza's trainer reads.

A token is what the tokenizer gives at run time, clitics included (`لروسيا`), and takes the label of the span that it
holds or overlaps; clitics are cut off after tagging. Were tokens cut where a span begins, the tagger would learn to read
the cut (DESIGN, data traps).
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.text import Clean, clean

Labelled = list[tuple[str, str]]  # a sentence: (token, BIO label)

_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|[^\w\s]|_")
_SENTENCE_END = re.compile(r"(?<=[.!؟?])\s+|\n+")


def sentences(cleaned: Clean) -> Iterator[tuple[int, int]]:
    """Rough sentence spans of a cleaned text: ends at final punctuation and line breaks."""
    start = 0
    for found in [*_SENTENCE_END.finditer(cleaned.text), None]:
        end = found.start() if found else len(cleaned.text)
        if cleaned.text[start:end].strip():
            yield start, end
        start = found.end() if found else end


def label(text: str, spans: Iterable[tuple[int, int, str]]) -> Iterator[Labelled]:
    """The sentences of a text as tokens with BIO labels. Spans are offsets in `text`."""
    cleaned = clean(text)
    wanted = sorted(spans)
    for start, end in sentences(cleaned):
        rows: Labelled = []
        last: tuple[int, int, str] | None = None
        for token in _TOKEN.finditer(cleaned.text, start, end):
            left, right = cleaned.span(token.start(), token.end())
            span = next((s for s in wanted if s[0] < right and left < s[1]), None)
            rows.append((token.group(), "O" if span is None else f"{'I' if span == last else 'B'}-{span[2]}"))
            last = span
        if rows:
            yield rows


def from_spans(path: Path) -> Iterator[Labelled]:
    """Sentences of a file with `text` and `spans` a line."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            d = json.loads(line)
            yield from label(d["text"], [(s, e, t) for s, e, t in d["spans"]])


def from_gold(path: Path) -> Iterator[Labelled]:
    """Sentences of annotated documents, with all mentions of their entities."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            d = json.loads(line)
            yield from label(d["text"], [(m["start"], m["end"], e["type"]) for e in d["entities"] for m in e["mentions"]])


def write(rows: Iterable[Labelled], path: Path) -> int:
    """Write sentences as Stanza's JSON; returns how many."""
    data = [[{"text": token, "ner": tag} for token, tag in sentence] for sentence in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return len(data)


def misspell(sentence: Labelled, rng: random.Random) -> Labelled:
    """The sentence as a hasty writer types it: no hamzas, ه for ة, ي for ى, each with its own chance."""
    swaps = [pair for pair in (("أإآ", "ا"), ("ة", "ه"), ("ى", "ي")) if rng.random() < 0.6]
    table = str.maketrans({c: to for letters, to in swaps for c in letters})
    return [(token.translate(table), tag) for token, tag in sentence]


def prepare(data: Path, gold: Path, out: Path, seed: int) -> dict[str, int]:
    """Write `ner.train.json` and `ner.dev.json`: every training sentence, and one in six again with other spelling."""
    rng = random.Random(seed)
    train = [*from_spans(data / "ner" / "fine.train.jsonl"), *from_gold(gold / "train.jsonl")]
    seen: set[str] = set()
    unique = []
    for sentence in train:  # about a hundred sentences stand in both files
        key = " ".join(token for token, _ in sentence)
        if key not in seen:
            seen.add(key)
            unique.append(sentence)
    unique += [misspell(s, rng) for s in unique if rng.random() < 1 / 6]
    return {"train": write(unique, out / "ner.train.json"), "dev": write(from_spans(data / "ner" / "fine.dev.jsonl"), out / "ner.dev.json")}
