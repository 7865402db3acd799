"""The finished models as a pack: files, manifest with checksums and scores, model card.

python -m kg.training.pack [--work build] [--out kg/models]
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import click

from kg.pipeline import FILES, sha256

NAME, VERSION = "kg-arabic", "0.1"
LICENCE = "CC BY-NC-SA 4.0 (the data's own: PADT is CC BY-NC-SA 3.0, the news text CC BY-NC-SA 4.0, ANERcorp is not used)"


def manifest(work: Path, scores: dict[str, dict[str, float]]) -> dict[str, Any]:
    """Describe the files in a folder of models; `scores` are by file."""
    files = {}
    for name, processor in FILES.items():
        path = work / name
        files[name] = {"processor": processor, "bytes": path.stat().st_size, "sha256": sha256(path), "scores": scores.get(name, {})}
    return {"name": NAME, "version": VERSION, "licence": LICENCE, "files": files}


@click.command()
@click.option("--work", default="build", type=click.Path(path_type=Path), show_default=True, help="Where the training left its models.")
@click.option("--out", default="kg/models", type=click.Path(path_type=Path), show_default=True)
def main(work: Path, out: Path) -> None:
    """Copy the trained models to OUT and describe them in manifest.json; scores are read from scores.json in WORK if it is there."""
    out.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        source = work / "models" / ("vectors.half.pt" if name == "vectors.pt" else name)
        shutil.copyfile(source, out / name)
    (out / "resources.json").write_text("{}\n", encoding="utf-8")
    scores_file = work / "scores.json"
    scores = json.loads(scores_file.read_text(encoding="utf-8")) if scores_file.is_file() else {}
    (out / "manifest.json").write_text(json.dumps(manifest(out, scores), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
