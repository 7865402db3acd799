"""Draws how kg read a sentence, right to left, as an SVG: `python docs/tools/draw_parse.py` writes docs/explanation/parse.svg.

Above the words stands the parse, an arc from each head to what depends on it; what leads from the trigger of the event to its participants is
drawn strongly. Below stand the trigger and the participants with their roles and how sure the event model is of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from kg.explain import Case, How, event_of, read, steps
from kg.model import Document, Entity, Event, Sentence

SENTENCE = "أعلنت وزارة الدفاع التركية أن أنقرة سلمت أوكرانيا 12 طائرة مسيرة من طراز بيرقدار."
FILE = Path(__file__).resolve().parents[1] / "explanation" / "parse.svg"

#: Pixels. Letters are measured by their number: which font a reader has is not known here.
MARGIN, GAP, LETTER, CAPITAL, LEVEL, LINE = 30, 14, 10, 8.2, 24, 21
QUIET, STRONG, TRIGGER, ROLE = "#9aa5b1", "#0b6e69", "#b3261e", "#1d4ed8"


@dataclass(frozen=True, slots=True)
class Box:
    """A word with the middle of its place and its width."""

    middle: float
    width: float


@dataclass(frozen=True, slots=True)
class Mark:
    """Words from `first` to `last` and what stands below them."""

    first: int
    last: int
    lines: tuple[str, ...]
    colour: str


def places(sentence: Sentence) -> tuple[list[Box], float]:
    """Where each word stands, the first at the right; and how wide all are."""
    widths = [max(len(w.text) * LETTER, len(w.upos) * CAPITAL, len(w.deprel) * CAPITAL) + GAP for w in sentence.words]
    total = sum(widths) + 2 * MARGIN
    boxes, right = [], total - MARGIN
    for width in widths:
        boxes.append(Box(right - width / 2, width))
        right -= width
    return boxes, total


def levels(heads: Sequence[int]) -> dict[int, int]:
    """Dependent -> how high its arc goes: one above the highest that lies within it."""
    spans = {i: (min(i, h), max(i, h)) for i, h in enumerate(heads) if h >= 0}
    out: dict[int, int] = {}
    for i in sorted(spans, key=lambda i: (spans[i][1] - spans[i][0], i)):
        a, b = spans[i]
        out[i] = 1 + max((out[j] for j in out if a <= spans[j][0] and spans[j][1] <= b), default=0)
    return out


def marks(case: Case, event: Event, sentence: Sentence) -> tuple[list[Mark], set[int]]:
    """What to write below the words, and the words whose arcs lead from participants to the trigger."""

    def words(start: int, end: int) -> list[int]:
        return [w.index for w in sentence.words if w.start < end and start < w.end]

    how = How.of(event.path)
    trigger = words(event.trigger.start, event.trigger.end)
    at = trigger[0]
    out = [Mark(trigger[0], trigger[-1], (event.type, f"{how.probability:.2f}" if how and how.probability is not None else ""), TRIGGER)]
    entities: dict[str, Entity] = {e.id: e for e in case.extraction.entities}
    path: set[int] = set()
    filled = [(role, n, id) for role, ids in event.roles.items() for n, id in enumerate(ids)] + [("source", 0, id) for id in event.source]
    for role, n, id in filled:
        here = [m for m in entities[id].mentions if sentence.start <= m.start < sentence.end]
        if not here:
            continue
        covered = words(here[0].start, here[0].end)
        way = how.way(role, n) if how else None
        out.append(Mark(covered[0], covered[-1], (role, f"{way.probability:.2f}" if way and way.probability is not None else ""), ROLE))
        if role != "source":
            head = next((i for i in covered if sentence.words[i].head not in covered), covered[0])
            path.update(i for i in steps(sentence, head, at) if i != at)
    return out, path


def svg(case: Case, event: Event) -> str:
    """The drawing of an event's sentence."""
    sentence = next(s.sentence for s in case.scenes if s.sentence.start <= event.trigger.start < s.sentence.end)
    boxes, width = places(sentence)
    heads = [w.head for w in sentence.words]
    heights = levels(heads)
    below, path = marks(case, event, sentence)
    base = MARGIN + (max(heights.values(), default=0) + 1) * LEVEL
    height = base + 5 * LINE + MARGIN
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" '
        'font-family="Noto Naskh Arabic, Amiri, Arial, sans-serif" text-anchor="middle" role="img">',
        f"<title>{escape(case.extraction.document.text[sentence.start : sentence.end])}</title>",
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#fff"/>',
    ]
    for i in sorted(heights, key=lambda i: (i in path, i)):
        out += _arc(boxes, i, heads[i], heights[i], base, sentence.words[i].deprel, STRONG if i in path else QUIET)
    for i, w in enumerate(sentence.words):
        x = boxes[i].middle
        if w.head < 0:
            out += [
                f'<path d="M{x:.1f} {base - LEVEL:.1f}V{base - 4:.1f}" stroke="{QUIET}" fill="none"/>',
                _text(x + 15, base - LEVEL + 8, "root", 13, QUIET),
            ]
        out += [_text(x, base + LINE, w.text, 20, "#111", rtl=True), _text(x, base + 1.8 * LINE, w.upos, 11, "#667")]
    for mark in below:
        left, right = (boxes[mark.last].middle - boxes[mark.last].width / 2 + 4, boxes[mark.first].middle + boxes[mark.first].width / 2 - 4)
        y = base + 2.2 * LINE
        out.append(f'<path d="M{left:.1f} {y:.1f}v5H{right:.1f}v-5" stroke="{mark.colour}" stroke-width="1.5" fill="none"/>')
        out += [_text((left + right) / 2, y + (n + 1.1) * LINE, line, 14, mark.colour) for n, line in enumerate(mark.lines) if line]
    return "\n".join([*out, "</svg>"]) + "\n"


def _arc(boxes: Sequence[Box], dependent: int, head: int, level: int, base: float, label: str, colour: str) -> list[str]:
    # Arcs leave a head a little beside its middle, on the side to which they go, so that the arrow at the middle is that of the word itself.
    side = 5 if boxes[dependent].middle > boxes[head].middle else -5
    start, end, top = boxes[head].middle + side, boxes[dependent].middle, base - 4 - level * LEVEL
    bend = min(12.0, abs(end - start) / 2)
    turn = bend if end > start else -bend
    up = f"M{start:.1f} {base - 4:.1f}V{top + bend:.1f}q0 {-bend:.1f} {turn:.1f} {-bend:.1f}"
    line = f"{up}H{end - turn:.1f}q{turn:.1f} 0 {turn:.1f} {bend:.1f}V{base - 4:.1f}"
    middle = (start + end) / 2
    wide = len(label) * CAPITAL * 0.85
    return [
        f'<path d="{line}" stroke="{colour}" stroke-width="{1.8 if colour == STRONG else 1}" fill="none"/>',
        f'<path d="M{end - 3:.1f} {base - 9:.1f}h6l-3 7z" fill="{colour}"/>',
        f'<rect x="{middle - wide / 2:.1f}" y="{top - 6:.1f}" width="{wide:.1f}" height="12" fill="#fff"/>',
        _text(middle, top + 4, label, 13, colour),
    ]


def _text(x: float, y: float, text: str, size: int, colour: str, rtl: bool = False) -> str:
    direction = ' direction="rtl"' if rtl else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}"{direction}>{escape(text)}</text>'


def draw() -> str:
    """The drawing of `SENTENCE`, read with the models that kg uses."""
    case = read(Document("parse", SENTENCE))
    return svg(case, event_of(case.extraction, "1"))


if __name__ == "__main__":
    FILE.write_text(draw(), encoding="utf-8")
