"""Annotations as people write them -> the rows of `kg/training/data`.

    python -m kg.training.annotations FOLDER                     # check FOLDER/*.tsv against FOLDER/*.txt
    python -m kg.training.annotations FOLDER --out FILE.jsonl    # and write them, if they are sound

A document is `ID.txt` with `ID.tsv` beside it, whose rows are entities and events, fields parted by tabs:

    E	us	STATE	الولايات المتحدة | واشنطن#2
    E	troops	FORCE	جندي#1 | الجنود
    E	sudan	STATE	-	Q1049
    V	SEND	إرسال#2	agent=us theme=troops recipient=ukraine modality=planned source=kirby

Mentions and triggers are written as in the text, without clitics. `#2` is the second place where they stand as a word, `#1,3` are two of
them; a mention without a number takes all that no longer mention holds. Where لل has swallowed an article, the word stands without it
(«ولايات المتحدة» in «للولايات المتحدة»). `-` is no mention, as of the state of a nisba; its Wikidata item, by which the event model knows it
in the text, comes behind. Types and roles are those of `kg.model`. `# …` is a remark.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from kg.files import replacing
from kg.model import ENTITY_TYPES, EVENT_ROLES, MODALITIES, POLARITIES

_MARKS = "\u064b-\u0652"
_BEFORE = re.compile(rf"[{_MARKS}]*(?:[وفأ]?[{_MARKS}]*(?:[بلكس]|لل)?[{_MARKS}]*)")
# ي is not among them: it makes nisbas («العراق» in «العراقي») far more often than it says "my".
_BEHIND = re.compile(rf"[{_MARKS}]*(?:ه|ها|هم|هما|هن|ك|كم|نا|ني)?[{_MARKS}]*(?![\w{_MARKS}])")
_NUMBERED = re.compile(r"(.*?)(?:#([\d,]+))?", re.DOTALL)

Place = tuple[int, int]


def places(text: str, words: str) -> list[Place]:
    """Where words stand in a text, in characters: nothing but clitics before and behind them in the same token."""
    out = []
    for found in re.finditer(f"(?={re.escape(words)})", text) if words else ():
        at, end = found.start(), found.start() + len(words)
        start = at
        while start and (text[start - 1].isalnum() or "\u064b" <= text[start - 1] <= "\u0652"):
            start -= 1
        if _BEFORE.fullmatch(text[start:at]) and _BEHIND.match(text, end):
            out.append((at, end))
    return out


@dataclass
class _Reader:
    """One document in the making: what has been read of it, and what is wrong."""

    text: str
    errors: list[str] = field(default_factory=list)
    entities: dict[str, dict[str, Any]] = field(default_factory=dict)
    spoken: list[tuple[Place, str, bool]] = field(default_factory=list)  # where, which entity, whether by number
    events: list[dict[str, Any]] = field(default_factory=list)
    unnamed: set[str] = field(default_factory=set)  # entities that are to have no mention

    def spot(self, said: str, row: str) -> tuple[list[Place], bool]:
        """The places that are meant, and whether numbers say so."""
        found = _NUMBERED.fullmatch(said.strip())
        words, wanted = found.groups() if found else ("", None)
        at = places(self.text, words)
        numbers = [int(n) for n in (wanted or "").split(",") if n]
        if not at or any(not 1 <= n <= len(at) for n in numbers):
            self.errors.append(f"{row}: «{said.strip()}» stands at {len(at)} places")
            return [], True
        return ([at[n - 1] for n in numbers], True) if numbers else (at, False)

    def entity(self, row: str, fields: list[str]) -> None:
        if len(fields) not in (3, 4) or fields[1] not in ENTITY_TYPES or fields[0] in self.entities:
            self.errors.append(f"{row}: an entity is a new id, a type and its mentions")
            return
        id, type, mentions, *qid = fields
        self.entities[id] = {"id": id, "type": type, "mentions": [], **({"qid": qid[0]} if qid else {})}
        if mentions == "-" and type == "STATE" and not qid:
            self.errors.append(f"{row}: which state? Its Wikidata item (Q1049) comes behind -")
        if mentions == "-":
            self.unnamed.add(id)
            return
        for said in mentions.split("|"):
            at, numbered = self.spot(said, row)
            self.spoken += [(place, id, numbered) for place in at]

    def event(self, row: str, fields: list[str]) -> None:
        if len(fields) != 3 or fields[0] not in EVENT_ROLES:
            self.errors.append(f"{row}: an event is a type, a trigger and who takes part")
            return
        type, trigger, parts = fields
        at, _ = self.spot(trigger, row)
        if len(at) != 1:
            if at:
                self.errors.append(f"{row}: «{trigger}» stands at {len(at)} places: which? (#1)")
            return
        event: dict[str, Any] = {"type": type, "trigger": list(at[0]), "roles": {}}
        for part in parts.split():
            name, _, value = part.partition("=")
            if name in event["roles"] or name in event:
                self.errors.append(f"{row}: {name} twice; several are parted by commas")
            if name in ("modality", "polarity") and value in (MODALITIES if name == "modality" else POLARITIES):
                if value not in ("asserted", "positive"):
                    event[name] = value
                continue
            ids = value.split(",")
            if name in EVENT_ROLES[type]:
                event["roles"][name] = ids
            elif name == "source":
                event["source"] = ids
            else:
                self.errors.append(f"{row}: {type} has no {part}")
        if not event["roles"]:
            self.errors.append(f"{row}: nobody takes part")
        if any(event["trigger"] == e["trigger"] for e in self.events):
            self.errors.append(f"{row}: «{trigger}» triggers an event already")
        self.events.append(event)

    def finish(self) -> None:
        """Give every mention to one entity: the longest first, one by number before one without."""
        kept: list[tuple[Place, str, bool]] = []
        for (start, end), id, numbered in sorted(set(self.spoken), key=lambda x: (x[0][0] - x[0][1], not x[2], x[0], x[1])):
            over = [k for k in kept if k[0][0] < end and start < k[0][1]]
            if not over:
                kept.append(((start, end), id, numbered))
            elif numbered or (over[0][0] == (start, end) and not over[0][2] and over[0][1] != id):
                others = ", ".join(sorted({k[1] for k in over}))
                self.errors.append(f"{id}: «{self.text[start:end]}» at {start} is {others}'s too: say which place is whose (#1)")
        for place, id, _ in sorted(kept):
            self.entities[id]["mentions"].append(list(place))
        for id, entity in self.entities.items():
            if not entity["mentions"] and id not in self.unnamed:
                self.errors.append(f"{id}: all its places are in longer mentions; - says that it has none")
        for event in self.events:
            unknown = {i for group in (*event["roles"].values(), event.get("source", ())) for i in group} - self.entities.keys()
            if unknown:
                self.errors.append(f"{event['type']} at {event['trigger'][0]}: no entity {', '.join(sorted(unknown))}")
        self.events.sort(key=lambda e: (e["trigger"], e["type"]))


def read(text: str, annotation: str) -> tuple[dict[str, Any], list[str]]:
    """The entities and events of an annotation in the form of `kg/training/data`, and what is wrong with it, a line each."""
    reader = _Reader(text)
    for number, line in enumerate(annotation.splitlines(), 1):
        kind, *fields = [f.strip() for f in line.split("\t")]
        row = f"line {number}"
        if kind == "E":
            reader.entity(row, fields)
        elif kind == "V":
            reader.event(row, fields)
        elif kind and not kind.startswith("#"):
            reader.errors.append(f"{row}: begins with neither E nor V")
    reader.finish()
    return {"entities": list(reader.entities.values()), "events": reader.events}, reader.errors


def documents(folder: Path) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """The annotated documents of a folder, in the order of their names, each with what is wrong with it."""
    for path in sorted(folder.glob("*.tsv")):
        text = path.with_suffix(".txt")
        if not text.is_file():
            yield {"id": path.stem, "text": "", "entities": [], "events": []}, [f"{text.name} is not there"]
            continue
        whole = text.read_text(encoding="utf-8").rstrip("\n")
        known, errors = read(whole, path.read_text(encoding="utf-8"))
        yield {"id": path.stem, "text": whole, **known}, errors


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to write the rows.")
def main(folder: Path, out: Path | None) -> None:
    """Check the annotations in FOLDER, and write them if all are sound."""
    rows, wrong = [], 0
    for row, errors in documents(folder):
        rows.append(row)
        wrong += bool(errors)
        for error in errors:
            click.echo(f"{row['id']}: {error}")
    if not rows:
        raise click.ClickException(f"{folder} has no .tsv: an annotation is ID.tsv beside ID.txt.")
    if wrong:
        raise click.ClickException(f"{wrong} of {len(rows)} documents are to be mended; nothing was written.")
    if out:
        with replacing(out) as file:
            file.writelines((json.dumps(r, ensure_ascii=False, separators=(",", ":")) + "\n").encode() for r in rows)
    click.echo(f"{len(rows)} documents, {sum(len(r['events']) for r in rows)} events")


if __name__ == "__main__":
    main()
