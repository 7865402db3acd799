"""kg bench view."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from kg.commands.bench import measuring
from kg.console import print_table, write_json
from kg.language import _

if TYPE_CHECKING:
    from kg.bench_view import Run


@click.command(name="view")
@click.argument("nodes", metavar="[NODES]...", nargs=-1, type=click.IntRange(min=2))
@click.option("--timeout", default=120.0, show_default=True, metavar="SECONDS", type=click.FloatRange(min=1), help="Give a page up after so long.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def bench_view(nodes: Sequence[int], timeout: float, as_json: bool) -> None:
    """Measure the page in a browser beside the one of plain pyvis.

    Makes graphs of so many NODES (default: 200, 2000 and 10000) with five events for each node, opens both pages in Chromium
    without a network, and tells how large they are, how long it takes until they answer at once, and how many frames a second
    there are while the view is moved and zoomed for five seconds. Needs playwright and chromium.
    """
    from kg.bench_view import compare

    runs = list(compare(nodes or (200, 2000, 10_000), timeout, measuring))
    if as_json:
        write_json([r.to_json() for r in runs])
    else:
        print_view(runs)


def print_view(runs: Sequence[Run]) -> None:
    """The figures as a table."""
    table: list[tuple[str, ...]] = [
        (
            _("page"),
            _("nodes"),
            _("lines"),
            "MB",
            _("written s"),
            _("interactive s"),
            _("frames/s"),
            _("longest ms"),
        )
    ]
    for r in runs:
        numbers = (r.interactive_seconds, r.frames_per_second, r.longest_frame_ms)
        shown = (f"{n:.{d}f}" if n is not None else "-" for n, d in zip(numbers, (1, 1, 0), strict=True))
        table.append((r.page, str(r.nodes), str(r.edges), f"{r.megabytes:.1f}", f"{r.write_seconds:.1f}", *shown))
    print_table(table, right=set(range(1, 8)))
