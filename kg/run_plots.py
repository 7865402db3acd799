"""Plots as inline SVG: bars that grow from the right, as Arabic is read; columns; a curve. Colours are classes of the page's style."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

#: Width of a plot, height of a bar with its label, height of columns and curves; in pixels of a page of 1:1.
WIDTH, ROW, HEIGHT = 520, 26, 180
_LABEL, _COUNT, _BELOW, _LEFT = 190, 64, 34, 48


def bars(rows: Sequence[tuple[str, int]]) -> Markup:
    """A bar for each label, in this order; nothing if there are none."""
    if not rows:
        return Markup("")
    most = max(n for _, n in rows) or 1
    room = WIDTH - _LABEL - _COUNT
    parts = []
    for i, (label, count) in enumerate(rows):
        length, y = max(1, round(room * count / most)), i * ROW
        end = WIDTH - _LABEL - length
        parts.append(
            Markup(
                '<text class="label" x="{}" y="{}" direction="{}">{}</text><rect class="bar" x="{}" y="{}" width="{}" height="{}" rx="3"/>'
                '<text class="count" x="{}" y="{}">{}</text>'
            ).format(WIDTH, y + 18, "rtl", f"\u2068{_short(label)}\u2069", end, y + 5, length, ROW - 9, end - 6, y + 18, f"{count:,}")
        )
    return _svg(len(rows) * ROW, parts, "، ".join(f"{label}: {count}" for label, count in rows))


def columns(rows: Sequence[tuple[str, int]]) -> Markup:
    """A column for each label, from left to right as numbers are."""
    if not rows:
        return Markup("")
    most = max(n for _, n in rows) or 1
    wide = (WIDTH - _LEFT) / len(rows)
    every = -(-len(rows) // max(1, int((WIDTH - _LEFT) / (9 * max(len(label) for label, _ in rows) + 8))))
    parts = _axis(most)
    for i, (label, count) in enumerate(rows):
        x, tall = _LEFT + i * wide, (HEIGHT - 20) * count / most
        parts.append(
            Markup('<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{}: {:,}</title></rect>').format(
                x + wide * 0.1, HEIGHT - tall, wide * 0.8, tall, label, count
            )
        )
        if i % every == 0:
            parts.append(Markup('<text class="tick" x="{:.1f}" y="{}">{}</text>').format(x + wide / 2, HEIGHT + 18, label))
    return _svg(HEIGHT + _BELOW, parts, ", ".join(f"{label}: {count}" for label, count in rows))


def line(points: Sequence[tuple[float, float]]) -> Markup:
    """A curve over seconds; nothing of fewer than two points."""
    if len(points) < 2:
        return Markup("")
    most, last = max(y for _, y in points) or 1, points[-1][0] or 1
    path = " ".join(f"{_LEFT + (WIDTH - _LEFT) * x / last:.1f},{HEIGHT - (HEIGHT - 20) * y / most:.1f}" for x, y in points)
    parts = [*_axis(most), Markup('<polyline class="curve" points="{}"/>').format(path)]
    for part in (0, 0.5, 1):
        x = _LEFT + (WIDTH - _LEFT - 24) * part + 6
        parts.append(Markup('<text class="tick" x="{:.1f}" y="{}">{:.3g} s</text>').format(x, HEIGHT + 18, last * part))
    return _svg(HEIGHT + _BELOW, parts, f"{most:,.0f} in {last:.0f} seconds")


def _axis(most: float) -> list[Markup]:
    rule = Markup('<line class="rule" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="count" x="{}" y="{}">{:,.0f}</text>')
    return [rule.format(_LEFT, WIDTH, y, y, _LEFT - 6, y + 4, value) for y, value in ((HEIGHT, 0), (20, most))]


def _svg(height: int, parts: Sequence[Markup], said: str) -> Markup:
    start = Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}">').format(WIDTH, height, said)
    return start + Markup("").join(parts) + Markup("</svg>")


def _short(label: str) -> str:
    return label if len(label) <= 26 else label[:25] + "…"
