"""kg.training.annotations: what people write about a text, checked and resolved to characters."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kg.training import annotations
from kg.training.annotations import places, read

TEXT = "أرسلت روسيا جنودا إلى سوريا\nقالت موسكو إن الجنود سيدربون قوات الجيش السوري، وقواتها لن تقاتل"
SOUND = """# a remark
E\trussia\tSTATE\tروسيا | موسكو
E\tsoldiers\tFORCE\tجنودا | الجنود | قوات#2
E\tsyria\tSTATE\tسوريا
E\tarmy\tFORCE\tقوات الجيش السوري
V\tTRAIN\tيدربون\tagent=soldiers recipient=army modality=planned source=russia
V\tSEND\tأرسلت\tagent=russia theme=soldiers recipient=syria modality=asserted
V\tFIGHT\tتقاتل\tagent=soldiers polarity=negative modality=planned source=russia
"""


def spans(row: dict[str, list[dict[str, list[list[int]]]]]) -> dict[str, list[str]]:
    return {str(e["id"]): [TEXT[a:b] for a, b in e["mentions"]] for e in row["entities"]}


def test_a_sound_annotation() -> None:
    row, errors = read(TEXT, SOUND)
    assert errors == []
    assert spans(row) == {
        "russia": ["روسيا", "موسكو"],
        "soldiers": ["جنودا", "الجنود", "قوات"],
        "syria": ["سوريا"],
        "army": ["قوات الجيش السوري"],
    }
    assert [(e["type"], TEXT[slice(*e["trigger"])]) for e in row["events"]] == [("SEND", "أرسلت"), ("TRAIN", "يدربون"), ("FIGHT", "تقاتل")]
    assert row["events"][0] == {
        "type": "SEND", "trigger": [0, 5], "roles": {"agent": ["russia"], "theme": ["soldiers"], "recipient": ["syria"]},
    }  # fmt: skip
    assert row["events"][2] | {"trigger": None} == {
        "type": "FIGHT", "trigger": None, "roles": {"agent": ["soldiers"]}, "polarity": "negative", "modality": "planned", "source": ["russia"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("وبوتين", "بوتين", [(1, 6)]),
        ("لليمن", "يمن", [(2, 5)]),
        ("قواته وقوات", "قوات", [(0, 4), (7, 11)]),
        ("القوات", "قوات", []),  # the article is part of the mention
        ("قواتنا الجنوب", "جنوب", []),
        ("سيرسل", "يرسل", [(1, 5)]),
        ("روسيا", "", []),
        ("العراقي", "العراق", []),  # a nisba
        ("قالَت", "قال", []),
        ("جنودُهم", "جنود", [(0, 4)]),
    ],
)
def test_words_stand_where_only_clitics_are_beside_them(text: str, words: str, found: list[tuple[int, int]]) -> None:
    assert places(text, words) == found


@given(st.text("وبالقتهم ", max_size=30), st.text("قتهم", min_size=1, max_size=3))
def test_places_hold_the_words(text: str, words: str) -> None:
    for a, b in places(text, words):
        assert text[a:b] == words
        before, behind = text[:a].split(" ")[-1], text[b:].split(" ")[0]
        assert len(before) <= 3 and set(before) <= set("وبل") and behind in ("", "ه", "هم")


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ("E\ta\tSTATE\tفرنسا", "line 1: «فرنسا» stands at 0 places"),
        ("E\ta\tFORCE\tقوات#3", "line 1: «قوات#3» stands at 2 places"),
        ("E\ta\tCITY\tسوريا", "line 1: an entity is a new id, a type and its mentions"),
        ("E\ta\tSTATE\tسوريا\nE\ta\tSTATE\tروسيا", "line 2: an entity is a new id, a type and its mentions"),
        ("E\ta\tSTATE\tسوريا\nE\tb\tSTATE\tسوريا", "b: «سوريا» at 22 is a's too: say which place is whose (#1)"),
        ("E\ta\tFORCE\tقوات الجيش السوري\nE\tb\tFORCE\tقوات#1", "b: «قوات» at 57 is a's too: say which place is whose (#1)"),
        ("E\ta\tSTATE\tسوريا\nV\tSEND\tقوات\tagent=a", "line 2: «قوات» stands at 2 places: which? (#1)"),
        ("E\ta\tSTATE\tسوريا\nV\tSENT\tأرسلت\tagent=a", "line 2: an event is a type, a trigger and who takes part"),
        ("E\ta\tSTATE\tسوريا\nV\tSEND\tأرسلت\tvictim=a", "line 2: SEND has no victim=a"),
        ("E\ta\tSTATE\tسوريا\nV\tSEND\tأرسلت\tmodality=sure agent=a", "line 2: SEND has no modality=sure"),
        ("E\ta\tSTATE\tسوريا\nV\tSEND\tأرسلت\tsource=a", "line 2: nobody takes part"),
        ("E\ta\tSTATE\tسوريا\nV\tSEND\tأرسلت\tagent=a agent=a", "line 2: agent twice; several are parted by commas"),
        ("E\ta\tSTATE\tسوريا\nV\tSEND\tأرسلت\tagent=a\nV\tFIRE\tأرسلت\tagent=a", "line 3: «أرسلت» triggers an event already"),
        ("E\ta\tORGANISATION\tالجيش السوري\nE\tb\tORGANISATION\tالجيش", "b: all its places are in longer mentions; - says that it has none"),
        ("V\tSEND\tأرسلت\tagent=a,b", "SEND at 0: no entity a, b"),
        ("E\ta\tSTATE\t-", "line 1: which state? Its Wikidata item (Q1049) comes behind -"),
        ("X\ta", "line 1: begins with neither E nor V"),
    ],
)
def test_what_is_wrong_is_said(rows: str, error: str) -> None:
    assert error in read(TEXT, rows)[1]


def test_a_numbered_place_goes_before_one_without_a_number() -> None:
    row, errors = read("جنود وجنود", "E\tall\tFORCE\tجنود\nE\tthese\tFORCE\tجنود#2")
    assert errors == []
    assert {e["id"]: e["mentions"] for e in row["entities"]} == {"all": [[0, 4]], "these": [[6, 10]]}


def test_an_entity_that_only_a_nisba_names_has_its_item() -> None:
    row, errors = read(TEXT, "E\tsudan\tSTATE\t-\tQ1049\nV\tSEND\tأرسلت\tagent=sudan")
    assert (errors, row["entities"]) == ([], [{"id": "sudan", "type": "STATE", "mentions": [], "qid": "Q1049"}])


def test_a_folder_is_written_when_all_is_sound(tmp_path: Path) -> None:
    (tmp_path / "d1.txt").write_text(TEXT + "\n", encoding="utf-8")
    (tmp_path / "d1.tsv").write_text(SOUND, encoding="utf-8")
    out = tmp_path / "rows.jsonl"
    done = CliRunner().invoke(annotations.main, [str(tmp_path), "--out", str(out)])
    assert (done.exit_code, done.output) == (0, "1 documents, 3 events\n")
    (row,) = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert row == {"id": "d1", "text": TEXT, **read(TEXT, SOUND)[0]}
    out.unlink()
    (tmp_path / "d2.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "d2.tsv").write_text("E\ta\tSTATE\tفرنسا", encoding="utf-8")
    done = CliRunner().invoke(annotations.main, [str(tmp_path), "--out", str(out)])
    assert done.exit_code == 1
    assert "d2: line 1: «فرنسا» stands at 0 places" in done.output and "1 of 2 documents" in done.output
    assert not out.exists()


def test_a_text_that_is_not_there(tmp_path: Path) -> None:
    done = CliRunner().invoke(annotations.main, [str(tmp_path)])
    assert done.exit_code == 1 and "has no .tsv" in done.output
    (tmp_path / "d.tsv").write_text(SOUND, encoding="utf-8")
    done = CliRunner().invoke(annotations.main, [str(tmp_path)])
    assert done.exit_code == 1 and "d: d.txt is not there" in done.output
