"""kg models."""

from __future__ import annotations

import click

from kg.console import models_option, print_table, write_json
from kg.language import N_, _, directed

#: What may be true of a file.
_STATES = {"ok": N_("ok"), "changed": N_("changed"), "missing": N_("missing"), "unlisted": N_("unlisted")}


@click.group(name="models")
def models_group() -> None:
    """Show models, or fetch Stanza's own."""


@models_group.command(name="list")
@models_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def models_list(models: str | None, as_json: bool) -> None:
    """Show the models that would be used.

    Also whether their files are whole (the hash is the manifest's), and their scores on held-out data.
    """
    from kg.packs import find_models, model_files

    pack = find_models(models)
    files = model_files(pack.directory, pack.manifest)
    about = {key: pack.manifest.get(key) for key in ("name", "version", "licence")}
    if as_json:
        rows = [{"file": f.name, "processor": f.processor, "bytes": f.bytes, "state": f.state, "scores": dict(f.scores)} for f in files]
        write_json({**about, "directory": str(pack.directory), "files": rows})
        return
    name = " ".join(str(about[key]) for key in ("name", "version") if about[key]) or _("models without a manifest")
    click.echo(directed(_("{name}  in {directory}").format(name=name, directory=pack.directory)))
    if about["licence"]:
        message = _("licence of the weights: {licence}")
        if "NC" in str(about["licence"]):
            message = _("licence of the weights: {licence} (no commercial use, share alike; the code of kg is MIT)")
        click.echo(directed(message.format(licence=about["licence"])))
    table = [(_("file"), _("processor"), "MB", "sha256", _("scores"))]
    for f in files:
        scores = "  ".join(f"{name} {value:g}" for name, value in f.scores.items())
        table.append((f.name, f.processor or "-", f"{f.bytes / 1e6:.1f}", _(_STATES[f.state]), scores or "-"))
    print_table(table, right={2})


@models_group.command(name="download")
def models_download() -> None:
    """Fetch Stanza's Arabic package for --models official.

    Needs a network. Prints the folder that it lies in.
    """
    from kg.packs import download_official

    click.echo(download_official())
