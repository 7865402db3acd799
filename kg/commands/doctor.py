"""kg doctor."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from kg.console import models_option, write

_COLOURS = {"ok": "green", "warning": "yellow", "problem": "red"}


@click.command()
@models_option
@click.option("--store", metavar="DIR", type=click.Path(path_type=Path), help="Look at this store too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(models: str | None, store: Path | None, as_json: bool) -> None:
    """Check that kg has all it needs on this machine.

    Versions, models and their checksums, licence, memory, disk, fonts, browser; each ok, a warning or a problem with what to do about
    it. Exit status 1 if there is a problem.
    """
    from dataclasses import asdict

    from kg.doctor import Check, examine, worst

    checks: list[Check] = []
    for check in examine(models, store):
        checks.append(check)
        if not as_json:
            click.echo(f"{click.style(f'{check.state:<8}', fg=_COLOURS[check.state])} {check.name:<17} {check.found}")
            if check.advice:
                click.echo(f"{'':<27}{check.advice}")
    state = worst(checks)
    if as_json:
        write(json.dumps({"state": state, "checks": [asdict(c) for c in checks]}, ensure_ascii=False, indent=1) + "\n")
    sys.exit(1 if state == "problem" else 0)
