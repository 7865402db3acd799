"""kg doctor."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg.console import models_option, write_json
from kg.language import N_, _, directed, isolated, padded, spoken, using

_COLOURS = {"ok": "green", "warning": "yellow", "problem": "red"}
_STATES = {"ok": N_("ok"), "warning": N_("warning"), "problem": N_("problem")}


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
    # What programs read is the same in every language.
    with using("en" if as_json else spoken()):
        for check in examine(models, store):
            checks.append(check)
            if not as_json:
                state = click.style(padded(_(_STATES[check.state]), 8), fg=_COLOURS[check.state])
                click.echo(f"{state} {padded(check.name, 17)} {isolated(check.found)}")
                if check.advice:
                    click.echo(directed(f"{'':<27}{check.advice}"))
    state = worst(checks)
    if as_json:
        write_json({"state": state, "checks": [asdict(c) for c in checks]})
    sys.exit(1 if state == "problem" else 0)
