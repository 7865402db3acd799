"""What a run read, found and skipped, how sure and how fast it was, in one HTML file: `kg build --report`.

    documents ─► Watch.documents ─► … ─► Watch.extractions ─► …      write_report(Watch) ─► report.html

Counts are taken from what passes by, which costs a thousandth of the reading, and are held in bounded memory: of more than 100,000 names the rarest
are forgotten. The page holds times, and so is no output that two runs give alike.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from kg.errors import KgError
from kg.files import replacing
from kg.graph import pairs
from kg.language import _, spoken, strerror
from kg.model import Document, Entity, Extraction
from kg.namespaces import class_name
from kg.problems import Problem
from kg.run_plots import bars, columns, line
from kg.text import is_arabic
from kg.vocabulary import Vocabulary, vocabulary

#: Different names that are counted, and rows of a table.
NAMES, ROWS = 100_000, 15
#: Problems that are listed; of the others the report tells how many there are.
LISTED = 500
#: Half of the points that the curve of the words may have.
POINTS = 200


class Unwatched:
    """Lets everything pass."""

    def documents(self, documents: Iterable[Document]) -> Iterable[Document]:
        return documents

    def extractions(self, extractions: Iterable[Extraction]) -> Iterable[Extraction]:
        return extractions


@dataclass(slots=True)
class Watch:
    """The figures of a run, as it goes on."""

    vocabulary: Vocabulary
    begun: float = field(default_factory=time.monotonic)
    counts: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    days: Counter[str] = field(default_factory=Counter)
    entities: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    stances: Counter[str] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)
    sure: list[int] = field(default_factory=lambda: [0] * 10)
    actors: Counter[str] = field(default_factory=Counter)
    relations: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    progress: list[tuple[float, int]] = field(default_factory=list)  # seconds, words
    versions: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    _every: int = 1

    @classmethod
    @contextmanager
    def of(cls, path: Path | None, frames: Sequence[Path], problems: Sequence[Problem], title: str | None = None) -> Iterator[Watch | Unwatched]:
        """A watch over what is done meanwhile, whose report is written when that ends, however it does; none if there is no path.

        Raises:
            KgError: the report cannot be written, which is told before the work is begun.
        """
        if path is None:
            yield Unwatched()
            return
        watch = cls(vocabulary(*frames))
        try:
            with TemporaryFile(dir=path.parent):
                pass
        except OSError as e:
            raise KgError(_("cannot write {path}: {why}").format(path=path, why=strerror(e))) from e
        try:
            yield watch
        finally:
            write_report(watch, problems, path, title)

    def documents(self, documents: Iterable[Document]) -> Iterator[Document]:
        for d in documents:
            self.counts["read"] += 1
            self.counts["characters"] += len(d.text)
            yield d

    def extractions(self, extractions: Iterable[Extraction]) -> Iterator[Extraction]:
        for x in extractions:
            self._take(x)
            yield x
        self.seconds = time.monotonic() - self.begun

    def _take(self, x: Extraction) -> None:
        words = len(x.document.text.split())
        self.counts += Counter(
            documents=1, words=words, sentences=len(x.sentences), entities=len(x.entities), events=len(x.events), facts=len(x.facts)
        )
        self.sources[x.document.source or ""] += 1
        self.days[x.document.day.isoformat() if x.document.day else ""] += 1
        self.entities.update(e.type for e in x.entities)
        self.events.update(e.type for e in x.events)
        self.stances.update(e.modality if e.polarity == "positive" else "negative" for e in x.events)
        self.facts.update(f.predicate for f in x.facts)
        for confidence in (*(e.confidence for e in x.events), *(f.confidence for f in x.facts)):
            self.sure[min(9, max(0, int(confidence * 10)))] += 1
        keys = {e.id: self._key(e) for e in x.entities}
        for e in x.events:
            if e.polarity != "positive" or e.modality != "asserted":
                continue
            roles = {role: [i for i in ids if i in keys] for role, ids in e.roles.items()}
            found_pairs = pairs(e.type, roles, self.vocabulary)
            self.actors.update({keys[a] for a, _, _ in found_pairs} or {keys[i] for i in roles.get("agent", ())})
            self.relations.update((keys[a], predicate, keys[b]) for a, b, predicate in found_pairs)
        self.versions = dict(x.versions)
        self._forget()
        elapsed = time.monotonic() - self.begun
        if self.counts["documents"] % self._every == 0:
            self.progress.append((elapsed, self.counts["words"]))
            if len(self.progress) > 2 * POINTS:
                self.progress, self._every = self.progress[1::2], 2 * self._every

    def _key(self, e: Entity) -> str:
        key = e.qid or e.concept or e.label
        self.names.setdefault(key, (e.label, "" if is_arabic(e.name) else e.name))
        return key

    def _forget(self) -> None:
        counter: Counter[Any]
        for counter in (self.actors, self.relations, self.sources, self.days):
            if len(counter) > NAMES:
                rarest = counter.most_common()[NAMES // 2 :]
                for name, _count in rarest:
                    del counter[name]
        if len(self.names) > 4 * NAMES:
            used = {*self.actors, *(k for a, _, b in self.relations for k in (a, b))}
            self.names = {k: v for k, v in self.names.items() if k in used}


def write_report(watch: Watch, problems: Iterable[Problem], path: Path, title: str | None = None) -> None:
    """Write the page.

    Raises:
        KgError: it cannot be written.
    """
    from importlib.resources import files

    from jinja2 import Environment, StrictUndefined

    from kg.view.page import fonts, source_hash

    problems = list(problems)
    style = fonts() + _colours() + files("kg").joinpath("run_report.css").read_text(encoding="utf-8")
    template = files("kg").joinpath("run_report.html").read_text(encoding="utf-8")
    policy = f"default-src 'none'; style-src {source_hash(style)}; font-src data:; base-uri 'none'; form-action 'none'"
    page = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string(template)
    text = page.render(title=title or "تقرير القراءة", style=style, policy=policy, **_figures(watch, problems))
    with replacing(path) as file:
        file.write(text.encode("utf-8", "replace"))


def _colours() -> str:
    """Those of the view's page, light or dark as the reader's system has it."""
    from kg.view.page import part

    light, dark = (block.split("}")[0] for block in part("css", "base.css").split("{")[1:3])
    return f":root{{{light}}}\n@media (prefers-color-scheme: dark){{:root{{{dark}}}}}\n"


def _figures(w: Watch, problems: list[Problem]) -> dict[str, Any]:
    lost = [p for p in problems if not p.harmless]
    seconds = w.seconds or time.monotonic() - w.begun
    word = w.vocabulary.label

    def named(counter: Counter[str], label: Any) -> list[tuple[str, int]]:
        return [(label(k), n) for k, n in _most(counter)]

    def both(name: str) -> str:
        return word(name, "ar")

    def shown(key: str) -> tuple[str, str]:
        return w.names.get(key, (key, ""))

    days = sorted((d, n) for d, n in w.days.items() if d)
    return {
        "tiles": [
            ("وثائق", "documents", w.counts["documents"]), ("مدخلات متروكة", "inputs skipped", len(lost)), ("كلمات", "words", w.counts["words"]),
            ("كيانات", "entities", w.counts["entities"]), ("أحداث", "events", w.counts["events"]), ("حقائق", "facts", w.counts["facts"]),
            ("ثوان", "seconds", round(seconds, 1)), ("كلمات في الثانية", "words a second", round(w.counts["words"] / seconds) if seconds else 0),
        ],
        "unread": w.counts["read"] - w.counts["documents"],
        "language": spoken(), "heading": (_("input"), _("what"), _("lost")), "yes": _("yes"), "no": _("no"),
        "problems": problems[:LISTED], "more": max(0, len(problems) - LISTED), "lost": len(lost),
        "entities": bars(named(w.entities, lambda t: both(class_name(t)))), "events": bars(named(w.events, lambda t: both(class_name(t)))),
        "facts": bars(named(w.facts, both)), "stances": bars(named(w.stances, both)),
        "sources": bars(named(w.sources, lambda s: s or "—")), "sure": columns([(f"{n / 10:g}", count) for n, count in enumerate(w.sure)]),
        "days": columns(_binned(days)), "undated": w.days[""], "speed": line([(0, 0), *w.progress]),
        "actors": [(*shown(k), n) for k, n in _most(w.actors)],
        "relations": [(shown(a), (both(p), word(p, "en")), shown(b), n) for (a, p, b), n in _most(w.relations)],
        "versions": sorted(w.versions.items()),
    }  # fmt: skip


def _most(counter: Counter[Any]) -> list[tuple[Any, int]]:
    return sorted(counter.items(), key=lambda c: (-c[1], c[0]))[:ROWS]


def _binned(days: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Days, or months or years where there are more of them than can be told apart."""
    for length in (10, 7, 4):
        out: Counter[str] = Counter()
        for day, count in days:
            out[day[:length]] += count
        if len(out) <= 31:
            break
    return sorted(out.items()) if days else []
