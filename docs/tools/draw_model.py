"""Draws the model of the graph, its classes and what leads from one to another: `python docs/tools/draw_model.py` writes docs/assets/model.svg.

What leads where is `kg.ontology_page.DIAGRAM`; where each class stands is said here.
"""

from __future__ import annotations

from html import escape
from math import hypot
from pathlib import Path

from kg.ontology_page import DIAGRAM, KINDS

FILE = Path(__file__).resolve().parents[1] / "assets" / "model.svg"

#: Column and row of each class.
PLACES = {
    "Run": (0, 0), "Edge": (1, 0), "Event": (2, 0), "EventCluster": (3, 0),
    "Fact": (0, 1), "Claim": (1, 1), "Entity": (3, 1),
    "Span": (1, 2), "Document": (2, 2), "Candidate": (3, 2), "Concept": (4, 0),
}  # fmt: skip
#: Pixels.
COLUMN, ROW, WIDTH, HEIGHT, MARGIN, LETTER = 220, 130, 120, 34, 40, 6.6
LINE, INK = "#5b6770", "#0b6e69"


def middle(name: str) -> tuple[float, float]:
    column, row = PLACES[name]
    return MARGIN + WIDTH / 2 + column * COLUMN, MARGIN + HEIGHT / 2 + row * ROW


def draw() -> str:
    """The drawing."""
    width = 2 * MARGIN + WIDTH + COLUMN * max(column for column, _ in PLACES.values())
    height = 2 * MARGIN + HEIGHT + ROW * max(row for _, row in PLACES.values())
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="Arial, sans-serif" text-anchor="middle" role="img">',
        "<title>Classes of a graph of kg and the properties between them</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    pairs = {(a, b) for a, _, b in DIAGRAM}
    for a, name, b in DIAGRAM:
        # Of two arrows between the same classes each keeps to its right.
        out += _loop(a, name) if a == b else _arrow(a, name, b, 9 if (b, a) in pairs else 0)
    for name in PLACES:
        x, y = middle(name)
        out.append(f'<rect x="{x - WIDTH / 2}" y="{y - HEIGHT / 2}" width="{WIDTH}" height="{HEIGHT}" rx="5" fill="#eef7f6" stroke="{INK}"/>')
        out.append(_text(x, y + 5, name, 15, "#111"))
    x, y = middle("Entity")
    x, y = x + COLUMN, y - 14 * (len(KINDS) - 1) / 2
    out.append(f'<path d="M{x - 56:.1f} {y + 14 * (len(KINDS) - 1) / 2:.1f}H{x - COLUMN + WIDTH / 2 + 12}" stroke="{LINE}" fill="none"/>')
    out.append(f'<path d="M{x - COLUMN + WIDTH / 2 + 1} {middle("Entity")[1]}l11 -6v12z" stroke="{LINE}" fill="#fff"/>')
    out += [_text(x, y + 14 * n + 4, kind, 13, "#111") for n, kind in enumerate(KINDS)]
    return "\n".join([*out, "</svg>"]) + "\n"


def _arrow(a: str, name: str, b: str, aside: float) -> list[str]:
    (x1, y1), (x2, y2) = middle(a), middle(b)
    length = hypot(x2 - x1, y2 - y1)
    across, down = (x2 - x1) / length, (y2 - y1) / length
    x1, x2, y1, y2 = x1 - down * aside, x2 - down * aside, y1 + across * aside, y2 + across * aside
    # Lines end at the boxes.
    inside = min(WIDTH / 2 / abs(across) if across else length, HEIGHT / 2 / abs(down) if down else length)
    x1, y1, x2, y2 = x1 + across * inside, y1 + down * inside, x2 - across * inside, y2 - down * inside
    tip = f"M{x2:.1f} {y2:.1f}l{-9 * across - 4 * down:.1f} {-9 * down + 4 * across:.1f}l{8 * down:.1f} {-8 * across:.1f}z"
    x, y = (x1 + x2) / 2, (y1 + y2) / 2 + (aside and 10 * across)
    wide = len(name) * LETTER if down else 0  # a name on a line that is level stands above it, or below if there are two
    return [
        f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{LINE}" fill="none"/>',
        f'<path d="{tip}" fill="{LINE}"/>',
        *([f'<rect x="{x - wide / 2:.1f}" y="{y - 8:.1f}" width="{wide:.1f}" height="16" fill="#fff"/>'] if wide else []),
        _text(x, y + (4 if down else -5 if across > 0 and not aside else 5), name, 12, INK),
    ]


def _loop(a: str, name: str) -> list[str]:
    x, y = middle(a)
    x, y = x + WIDTH / 2, y + HEIGHT / 2
    return [
        f'<path d="M{x - 14:.1f} {y:.1f}v20h44v-{20 + HEIGHT / 2 - 8:.1f}h-22" stroke="{LINE}" fill="none"/>',
        f'<path d="M{x + 1:.1f} {y - HEIGHT / 2 + 8:.1f}l9 -4v8z" fill="{LINE}"/>',
        _text(x + 10, y + 34, name, 12, INK),
    ]


def _text(x: float, y: float, text: str, size: int, colour: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}">{escape(text)}</text>'


if __name__ == "__main__":
    FILE.write_text(draw(), encoding="utf-8")
