"""kg.bench_documents: corpora that are the same each time, and the figures of builds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.bench_documents import DAYS, SOURCES, WORDS, Built, Report, generated, write_documents
from kg.bench_variants import count_words
from kg.documents import read
from kg.errors import KgError
from kg.model import Document
from kg.problems import Problems, refuse

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def news() -> list[Document]:
    return list(read([str(ROOT / "seeds")], Problems(refuse)))


def test_the_same_seed_gives_the_same_documents_and_few_are_the_beginning_of_many(news: list[Document]) -> None:
    many = list(generated(200, news))
    assert list(generated(200, iter(news))) == many
    assert list(generated(20, news)) == many[:20]
    assert list(generated(20, news, seed=2)) != many[:20]


def test_documents_are_short_dated_and_of_several_publishers(news: list[Document]) -> None:
    many = list(generated(500, news))
    assert len({d.id for d in many}) == 500 and len({d.text for d in many}) > 450
    assert all(WORDS[0] <= count_words(d.text) <= WORDS[1] for d in many)
    assert len({d.source for d in many}) == SOURCES
    assert 0.9 * DAYS < len({d.day for d in many}) <= DAYS
    known = {w for d in news for w in d.text.split()}
    assert {w for d in many for w in d.text.split()} <= known


def test_kg_reads_what_is_written(news: list[Document], tmp_path: Path) -> None:
    words = write_documents(tmp_path / "news.jsonl", 30, news)
    assert list(read([str(tmp_path / "news.jsonl")], Problems(refuse))) == list(generated(30, news))
    assert words == sum(count_words(d.text) for d in generated(30, news))


def test_a_corpus_without_a_sentence_is_refused() -> None:
    with pytest.raises(KgError, match="no sentence"):
        list(generated(1, [Document("d1", "كلمة")]))


def test_growth_is_told_without_what_one_document_takes() -> None:
    one = Built(1, 50, 10.0, 8.0, 700, 0, 700)
    few, many = Built(100, 5_000, 20.0, 18.0, 800, 0, 800), Built(1000, 50_000, 110.0, 118.0, 820, 0, 840)
    report = Report(one, (few, many), 0)
    assert (report.a_word(few), report.a_word(many)) == (2.0, 2.0)
    rows = json.loads(json.dumps(report.to_json()))["runs"]
    assert [row["memory_to_first"] for row in rows] == [1.0, 1.05]
    assert [row["cpu_a_word_to_first"] for row in rows] == [1.0, 1.1]
