"""kg.pipeline without models: paragraphs, and packs that are not what they should be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.errors import KgError
from kg.packs import FILES, ModelPack, find_models, sha256
from kg.pipeline import paragraphs
from kg.text import clean


def split(text: str) -> list[str]:
    cleaned = clean(text)
    return [cleaned.text[a:b] for a, b in paragraphs(cleaned)]


def test_a_line_is_a_paragraph() -> None:
    assert split("عنوان\n\nسطر أول.\nسطر ثان") == ["عنوان", "سطر أول.", "سطر ثان"]


def test_lines_of_a_wrapped_text_belong_together() -> None:
    line = "كلمة " * 12 + "تتمة"
    assert len(split("\n".join([line] * 8) + "\n\n" + "\n".join([line] * 4))) == 2


def pack(folder: Path) -> Path:
    for name in FILES:
        (folder / name).write_bytes(name.encode())
    files = {name: {"sha256": sha256(folder / name), "bytes": len(name), "processor": FILES[name], "scores": {}} for name in FILES}
    (folder / "manifest.json").write_text(json.dumps({"name": "test", "version": "1", "files": files}), encoding="utf-8")
    return folder


def test_a_sound_pack_is_found_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = find_models(str(pack(tmp_path)))
    found.check()
    assert found.version().startswith("test 1 ")
    monkeypatch.setenv("KG_MODELS", str(tmp_path))
    assert find_models() == found


@pytest.mark.parametrize("manifest", ["{", "[]", "{}", '{"files": []}'])
def test_a_bad_manifest_is_named(tmp_path: Path, manifest: str) -> None:
    (pack(tmp_path) / "manifest.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(KgError, match=r"manifest\.json"):
        find_models(str(tmp_path))


def test_a_damaged_or_missing_file_is_named(tmp_path: Path) -> None:
    found: ModelPack = find_models(str(pack(tmp_path)))
    (tmp_path / "parser.pt").write_bytes(b"no")
    with pytest.raises(KgError, match=r"parser\.pt is damaged"):
        found.check()
    (tmp_path / "ner.pt").unlink()
    (tmp_path / "parser.pt").write_bytes(b"parser.pt")
    with pytest.raises(KgError, match=r"ner\.pt is missing"):
        found.check()


def test_a_pack_that_lacks_a_model_is_refused(tmp_path: Path) -> None:
    manifest = pack(tmp_path) / "manifest.json"
    described = json.loads(manifest.read_text(encoding="utf-8"))
    del described["files"]["ner.pt"]
    manifest.write_text(json.dumps(described), encoding="utf-8")
    with pytest.raises(KgError, match=r"does not list ner\.pt"):
        find_models(str(tmp_path)).check()


def test_no_folder_no_models(tmp_path: Path) -> None:
    with pytest.raises(KgError, match="--models"):
        find_models(str(tmp_path / "none"))
