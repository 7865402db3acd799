"""kg.pipeline without models: paragraphs, and what is said of a folder of models that is wrong."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import sys
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from kg import scorer, word_models
from kg.errors import KgError
from kg.extract import load_scorer
from kg.packs import EXTRAS, FILES, ModelPack, find_models
from kg.pipeline import paragraphs
from kg.text import clean
from tests import tiny


def parts(text: str) -> list[str]:
    c = clean(text)
    return [c.text[start:end].strip() for start, end in paragraphs(c)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t\n", []),
        ("سطر واحد", ["سطر واحد"]),
        ("عنوان\nنص أول.\n\n\nنص ثان.", ["عنوان", "نص أول.", "نص ثان."]),
        ("أول\r\nثان\r\n", ["أول", "ثان"]),
    ],
)
def test_a_line_is_a_paragraph(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


def test_wrapped_text_is_parted_by_empty_lines() -> None:
    line = "قالت الوزارة في بيان لها صباح اليوم إن قواتها وصلت إلى مشارف المدينة"
    first, second = "\n".join([line] * 4), "\n".join([line] * 3)
    assert parts(f"{first}\n\n{second}") == [first, second]
    finished = [line + "."] * 7
    assert parts("\n".join(finished)) == finished


@given(st.text(alphabet="اب .\n\r\tَ", max_size=60))
def test_paragraphs_hold_all_that_is_not_blank(text: str) -> None:
    c = clean(text)
    spans = list(paragraphs(c))
    assert spans == sorted(spans) and all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    assert "".join("".join(c.text[s:e].split()) for s, e in spans) == "".join(c.text.split())


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A folder of files that are as the manifest says, though they are no models."""
    described = {}
    for name in FILES:
        (tmp_path / name).write_bytes(name.encode())
        described[name] = {"sha256": hashlib.sha256(name.encode()).hexdigest()}
    (tmp_path / "manifest.json").write_text(json.dumps({"name": "test", "version": "1", "files": described}), encoding="utf-8")
    return tmp_path


def test_a_good_folder(pack: Path) -> None:
    found = find_models(str(pack))
    found.check()
    assert found.directory == pack and not found.official
    assert found.version().startswith("test 1 ")


def test_the_folder_of_the_environment(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_MODELS", str(pack))
    assert find_models().directory == pack
    with pytest.raises(KgError, match="nowhere"):
        find_models(str(pack / "nowhere"))


def test_the_version_tells_other_files(pack: Path) -> None:
    one = find_models(str(pack))
    other = ModelPack(pack, {**one.manifest, "files": {**one.manifest["files"], "ner.pt": {"sha256": "0" * 64}}})
    assert one.version() != other.version()
    assert ModelPack(pack, {}, official=True).version() == "stanza-official"


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (None, "no models in"),
        ("{", "is not JSON"),
        ("\ufeff", "is not JSON"),
        ("[]", "does not describe the files"),
        ('"text"', "does not describe the files"),
        ("{}", "does not describe the files"),
        ('{"files": []}', "does not describe the files"),
    ],
)
def test_a_wrong_manifest(tmp_path: Path, manifest: str | None, message: str) -> None:
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(KgError, match=message) as e:
        find_models(str(tmp_path))
    assert str(tmp_path) in str(e.value) and "\n" not in str(e.value)


def test_a_manifest_that_is_not_text(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(KgError, match="is not JSON"):
        find_models(str(tmp_path))


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_missing_or_damaged_file_is_named(pack: Path, name: str) -> None:
    (pack / name).write_bytes(b"cut off")
    with pytest.raises(KgError, match="damaged") as damaged:
        find_models(str(pack)).check()
    (pack / name).unlink()
    with pytest.raises(KgError, match="missing") as missing:
        find_models(str(pack)).check()
    assert str(pack / name) in str(damaged.value) and str(pack / name) in str(missing.value)


def test_extras_may_be_left_out_but_not_damaged(pack: Path) -> None:
    manifest = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))
    assert not EXTRAS.keys() & manifest["files"].keys()
    find_models(str(pack)).check()
    for name in EXTRAS:
        listed = {**manifest, "files": {**manifest["files"], name: {"sha256": hashlib.sha256(b"weights").hexdigest()}}}
        (pack / "manifest.json").write_text(json.dumps(listed), encoding="utf-8")
        (pack / name).write_bytes(b"weights")
        find_models(str(pack)).check()
        (pack / name).write_bytes(b"other weights")
        with pytest.raises(KgError, match=f"{re.escape(name)} is damaged"):
            find_models(str(pack)).check()


def save_events(folder: Path, **settings: float) -> None:
    """Put a tiny event model and its vectors into a pack."""
    scorer.save(scorer.Scorer([tiny.network()], settings), folder / "events.pt")
    torch.save({"vocab": {"_unit2id": {}}, "emb": tiny.VECTORS}, folder / "vectors.pt")
    word_models.save(tiny.READER, folder / "words.pt")


def test_the_event_model_of_a_pack(pack: Path) -> None:
    found = find_models(str(pack))
    assert load_scorer(found) is None
    save_events(pack, trigger=0.25)
    loaded = load_scorer(found)
    assert loaded is not None and loaded.settings == {"trigger": 0.25}
    (pack / "vectors.pt").unlink()
    assert load_scorer(found) is None


def test_the_official_pack_borrows_the_bundled_event_model(pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundled = tmp_path / "bundled"
    bundled.mkdir()
    save_events(bundled, trigger=0.2)
    save_events(pack, trigger=0.9)
    monkeypatch.setattr(sys.modules[load_scorer.__module__], "bundled_models_dir", lambda: bundled)
    official, other = load_scorer(ModelPack(pack, {}, official=True)), load_scorer(ModelPack(pack, {}))
    assert official is not None and other is not None
    assert (official.settings["trigger"], other.settings["trigger"]) == (0.2, 0.9)


def test_official_models_that_are_not_there(tmp_path: Path) -> None:
    from kg.packs import stanza_resources

    if (stanza_resources() / "ar").is_dir():
        pytest.skip("the official models are installed")
    with pytest.raises(KgError, match="kg models download"):
        find_models("official")
