"""kg speaks two languages: every message has its translation, whatever the command line says is said in the one asked for, and data in neither."""

from __future__ import annotations

import ast
import gettext
import os
import re
import string
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from kg import language, messages
from kg.cli import cli
from kg.errors import KgError
from kg.frame_check import check
from kg.language import FSI, LRI, PDI, RLI, _, directed, joined, ngettext, padded, plain, preferred, spoken, strerror, use, using
from kg.localised import RAW, paragraphs
from kg.messages import settled
from kg.model import Document
from kg.problems import Problems
from kg.run_report import Watch
from kg.workers import Failure, Workers
from tests.poison import Rule

ROOT = Path(__file__).resolve().parents[1]
CODE = sorted(p for p in (ROOT / "kg").rglob("*.py") if "training" not in p.parts)
EXTRACTIONS = ROOT / "tests" / "data" / "extractions.jsonl"
ARABIC = re.compile("[\u0621-\u064a]")


def run(*arguments: str | Path, language: str = "ar") -> Result:
    return CliRunner().invoke(cli, ["--lang", language, *map(str, arguments)])


def spawn(*arguments: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """`kg` in a process of its own, of whose environment nothing tells the language but what is given."""
    hidden = {"KG_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"}
    clean = {k: v for k, v in os.environ.items() if k not in hidden}
    return subprocess.run(
        [sys.executable, "-m", "kg.cli", *arguments], env={**clean, **environment}, capture_output=True, encoding="utf-8", check=False
    )


# The catalogue


@pytest.mark.parametrize("path", messages.catalogues(), ids=lambda p: p.parent.parent.name)
def test_every_message_is_translated_and_nothing_is_stale(path: Path) -> None:
    """`make messages` says the same, and mends what needs no translator."""
    assert messages.mistakes(path) == []


def test_there_is_a_catalogue_for_each_language_but_that_of_the_code() -> None:
    assert [p.parent.parent.name for p in messages.catalogues()] == [name for name in language.LANGUAGES if name != "en"]


def test_the_check_finds_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "ar" / "LC_MESSAGES" / "kg.po"
    path.parent.mkdir(parents=True)
    (original,) = messages.catalogues()
    catalogue = messages.read(original)
    catalogue.delete("interrupted")
    catalogue.add("nobody says this", "لا أحد يقول هذا")
    catalogue["cannot read {path}: {why}"].string = "تتعذر القراءة: {why}"
    catalogue["standard input"].string = ""
    path.write_bytes(original.read_bytes())
    messages.write(path, catalogue)
    path.with_suffix(".mo").write_bytes(original.with_suffix(".mo").read_bytes())
    found = "\n".join(messages.mistakes(path))
    for line in (
        "is not in the catalogue: 'interrupted'", "and nowhere else: 'nobody says this'", "is not translated: 'standard input'",
        "has other places than 'cannot read {path}: {why}'", "isolates in other places", "is not compiled: kg.mo",
    ):  # fmt: skip
        assert line in found


def test_values_can_be_put_into_every_message() -> None:
    for message in messages.read(messages.catalogues()[0]):
        texts = [message.string] if isinstance(message.string, str) else list(message.string)
        for text in texts:
            if "python-brace-format" in message.flags:
                list(string.Formatter().parse(text))  # ValueError for a brace that is not closed


@pytest.mark.parametrize(
    ("n", "text"),
    [(1, "مدخل واحد"), (2, "مدخلين"), (3, "3 مدخلات"), (10, "10 مدخلات"), (11, "11 مدخلا"), (99, "99 مدخلا"), (100, "100 مدخل"), (103, "103 مدخلات")],
)
def test_arabic_counts_in_six_forms(n: int, text: str) -> None:
    with using("ar"):
        assert text in ngettext("{n} input could not be read", "{n} inputs could not be read", n).format(n=n)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("لا شيء", "لا شيء"),
        ("كلمة SPARQL وحدها", "كلمة SPARQL وحدها"),
        ("أعط --store DIR، أو ملفات.", "أعط ‹--store DIR›، أو ملفات."),
        ("اقرأ {path}: {why}", "اقرأ «{path}›: «{why}›"),
        ("في {path}:{line} خطأ", "في ‹«{path}›:«{line}›› خطأ"),
        ("عدده {n} وحجمه {size:.1f}", "عدده {n} وحجمه {size:.1f}"),
        ("صيغة JSON ({why})", "صيغة JSON («{why}›)"),
        ("نفذ `kg load` (مرة)", "نفذ ‹`kg load`› (مرة)"),
        ("[إن لم يُذكر: $KG_MODELS]", "[إن لم يُذكر: ‹$KG_MODELS›]"),
        ("kg query 'SELECT'\nواسأل", "kg query 'SELECT'\nواسأل"),
    ],
)
def test_isolates_hold_what_is_latin_together(text: str, wanted: str) -> None:
    marked = wanted.replace("‹", LRI).replace("«", FSI).replace("›", PDI)
    assert settled("any", text) == marked
    assert settled("any", marked) == marked
    assert plain(marked) == text


def test_isolates_are_closed() -> None:
    for message in messages.read(messages.catalogues()[0]):
        for text in [message.string] if isinstance(message.string, str) else message.string:
            depth = 0
            for c in text:
                depth += (c in {LRI, RLI, FSI}) - (c == PDI)
                assert depth >= 0, text
            assert depth == 0, text


# The code

#: What says something to people, and which of its arguments.
SAYING = {
    "KgError": 0, "_Bad": 0, "NotText": 0, "NoReader": 0, "LexiconError": 0, "Unreadable": 0, "UsageError": 0, "BadParameter": 0, "ClickException": 0,
    "say": 0, "echo": 0, "finish": 1, "Failure": 0, "mistake": 1, "warning": 1, "TextColumn": 0, "print_table": 0,
}  # fmt: skip
#: What is looked up, or is no text.
QUIET = {"_", "N_", "ngettext", "get", "decode", "write", "dumps", "removesuffix", "endswith", "startswith", "isinstance", "get_parameter_source"}


#: Names that are the same in every language: of options, files, prefixes, units.
_NAMES = re.compile(r"--[a-z-]+|\b\w+:|\w+\.\w+|\b(MB|PLOVER, CAMEO|kg|pagerank|degree|betweenness)\b|sha256")


def said(tree: ast.AST) -> Iterator[ast.expr]:
    """The arguments that are shown to people."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = _called(node)
            if name == "add" and isinstance(node.func, ast.Attribute) and "problems" in ast.unparse(node.func.value).lower():
                yield node.args[1]
            elif name == "say" and isinstance(node.func, ast.Attribute):
                continue  # of a ledger
            elif name in SAYING and len(node.args) > SAYING[name]:
                yield node.args[SAYING[name]]


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""


def untranslated(node: ast.AST) -> Iterator[str]:
    """English words in what is shown that do not pass through `_`."""
    if isinstance(node, ast.Call) and _called(node) in QUIET:
        return
    if isinstance(node, ast.Subscript):
        yield from untranslated(node.value)
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, str) and re.search("[A-Za-z]{2}", _NAMES.sub("", node.value)):
            yield node.value
    elif isinstance(node, ast.Dict | ast.Compare | ast.Lambda):
        return
    else:
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.keyword) or child.arg not in ("encoding", "errors", "fg", "key"):
                yield from untranslated(child)


@pytest.mark.parametrize("path", CODE, ids=lambda p: p.relative_to(ROOT / "kg").as_posix())
def test_nothing_is_said_that_could_not_be_translated(path: Path) -> None:
    if path.parts[-2] == "serve" and path.stem in ("app", "child", "protocol", "guard", "evaluate"):
        return  # the answers of a server are data
    found = [text for node in said(ast.parse(path.read_text(encoding="utf-8"))) for text in untranslated(node)]
    assert found == []


@pytest.mark.parametrize("path", CODE, ids=lambda p: p.relative_to(ROOT / "kg").as_posix())
def test_no_variable_takes_the_name_of_the_function(path: Path) -> None:
    """`for _ in …` would make `_("…")` in the same function fail, and only when it is said."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            names = [n for n in ast.walk(function) if isinstance(n, ast.Name) and n.id == "_"]
            comprehended = {
                id(n) for c in ast.walk(function) if isinstance(c, ast.comprehension) for n in ast.walk(c.target) if isinstance(n, ast.Name)
            }
            bound = [n for n in names if isinstance(n.ctx, ast.Store) and id(n) not in comprehended]
            called = [n for n in ast.walk(function) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "_"]
            assert not (bound and called), f"{function.name}: line {bound[0].lineno}"


@pytest.mark.parametrize("path", CODE, ids=lambda p: p.relative_to(ROOT / "kg").as_posix())
def test_messages_are_literals_that_can_be_collected(path: Path) -> None:
    """An f-string inside `_( )` would be looked up with its values in it, and never found."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_", "ngettext"):
            assert not any(isinstance(a, ast.JoinedStr | ast.BinOp) for a in node.args), f"line {node.lineno}"


# Which language


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, "en"), ({"LANG": "ar_SY.UTF-8"}, "ar"), ({"LANG": "ar"}, "ar"), ({"LANG": "C.UTF-8"}, "en"), ({"LANG": "arz_EG"}, "en"),
        ({"LC_ALL": "C", "LANG": "ar_EG"}, "en"), ({"LC_ALL": "", "LC_MESSAGES": "ar_EG", "LANG": "en_GB"}, "ar"),
        ({"LC_MESSAGES": "fr_FR", "LANG": "ar"}, "en"),
        ({"KG_LANG": "ar", "LC_ALL": "en_GB.UTF-8"}, "ar"), ({"KG_LANG": "en", "LC_ALL": "ar_EG"}, "en"), ({"KG_LANG": "AR-sy"}, "ar"),
        ({"KG_LANG": "fr", "LANG": "ar_EG"}, "ar"), ({"KG_LANG": "", "LANG": "ar_EG"}, "ar"),
    ],
)  # fmt: skip
def test_the_environment_chooses(environment: dict[str, str], wanted: str) -> None:
    assert preferred(environment) == wanted


def test_the_option_comes_first() -> None:
    arabic = {"KG_LANG": "ar", "LC_ALL": "C", "PYTHONUTF8": "0"}
    assert spawn("--help", environment=arabic).stdout.startswith("الاستعمال: kg [OPTIONS]")
    assert spawn("--help", environment={"LANG": "ar_EG.UTF-8"}).stdout.startswith("الاستعمال: kg [OPTIONS]")
    assert spawn("--lang", "en", "--help", environment=arabic).stdout.startswith("Usage: kg [OPTIONS]")
    for arguments in (["--lang", "ar", "--help"], ["--lang=ar", "--help"], ["-h", "--lang", "ar"]):
        assert spawn(*arguments, environment={}).stdout.startswith("الاستعمال: kg [OPTIONS]")
    wrong = spawn("--lang", "fr", "--help", environment={})
    assert "الاستعمال" not in wrong.stdout + wrong.stderr


def test_a_command_leaves_the_process_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "de")
    domain = gettext.textdomain()
    assert run("--help").stdout.startswith("الاستعمال")
    assert (spoken(), gettext.textdomain(), os.environ["LANGUAGE"]) == ("en", domain, "de")
    assert run("--help", language="en").stdout.startswith("Usage:")
    assert cli.help and cli.help.startswith("Arabic news in")


def test_a_library_speaks_english_until_it_is_told_otherwise() -> None:
    program = (
        "import kg.language\nfrom kg.namespaces import checked_base\n"
        "for language in (None, 'ar', 'en'):\n"
        "    if language: kg.language.use(language)\n"
        "    try: checked_base('x')\n"
        "    except Exception as e: print(e)\n"
    )
    environment = {**os.environ, "KG_LANG": "ar", "LC_ALL": "ar_EG.UTF-8", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, encoding="utf-8", check=True)
    first, second, third = done.stdout.splitlines()
    assert first == third == "the base 'x' is no absolute IRI that ends in / or #"
    assert plain(second).startswith("الأصل 'x'")


def test_a_language_that_kg_does_not_speak() -> None:
    with pytest.raises(ValueError, match="'fr'"):
        use("fr")
    assert spoken() == "en"


# What the command line says


def commands(command: click.Command = cli, *names: str) -> Iterator[tuple[str, ...]]:
    yield names
    if isinstance(command, click.Group):
        for name, sub in sorted(command.commands.items()):
            yield from commands(sub, *names, name)


@pytest.mark.parametrize("names", list(commands()), ids=" ".join)
def test_help(names: tuple[str, ...]) -> None:
    command: click.Command = cli
    for name in names:
        assert isinstance(command, click.Group)
        command = command.commands[name]
    english, arabic = (run(*names, "--help", language=spoken) for spoken in ("en", "ar"))
    assert (english.exit_code, arabic.exit_code) == (0, 0)
    text = arabic.stdout
    assert f"الاستعمال: cli {' '.join(names)}".strip() in text or "الاستعمال: " in text
    # Nothing of the English is left, but for examples.
    for paragraph in paragraphs(command.help or ""):
        if not paragraph.startswith(RAW):
            assert paragraph[:40] not in " ".join(plain(text).split())
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.help:
            assert parameter.help[:25] not in plain(text)
            assert f"  {', '.join(sorted(parameter.opts, key=len))}" in text
    for line in text.splitlines():
        if line.startswith("  -"):
            assert not ARABIC.search(re.split(r"\s{2,}", line.strip())[0]), "an option without a metavar"
    # Names begin at the left, below one another, and what is said of them at the right edge.
    ends = {len(plain(line)) for line in text.splitlines() if line.endswith(PDI) and (line.startswith("  -") or line.lstrip().startswith(RLI))}
    wide = {end for end in ends if end >= 70}
    assert len(wide) == 1
    assert all(line.count(PDI) == sum(line.count(c) for c in (LRI, RLI, FSI)) for line in text.splitlines())


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["bild"], "لا أمر بالاسم 'bild'"),
        (["build", "--nonsense"], "لا خيار بالاسم '--nonsense'"),
        (["build", "--workers", "0"], "ليست 0 في المجال"),
        (["build", "--workers", "x"], "ليست 'x' قيمة صالحة للنوع مجال أعداد صحيحة"),
        (["build", "--format", "x"], "ليست 'x' من"),
        (["build", "--base", "no iri"], "الأصل 'no iri' ليس معرف IRI"),
        (["build", "--store"], "يحتاج الخيار '--store' إلى قيمة"),
        (["validate", "missing.ttl"], "'missing.ttl' غير موجود"),
        (["extract"], "ينقص المعطى"),
        (["query"], "أعط سؤالا"),
    ],
)
def test_wrong_usage(arguments: list[str], wanted: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    *usage, last = result.stderr.splitlines()
    assert all(line.startswith(("الاستعمال: ", RLI)) for line in usage if line)
    assert plain(last).startswith("خطأ: ") and wanted in plain(last)
    assert last.startswith(RLI) and last.endswith(PDI)


def test_an_error_is_one_line(tmp_path: Path) -> None:
    result = run("models", "list", "--models", tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"kg: {RLI}") and result.stderr.count("\n") == 1
    assert plain(result.stderr).startswith(f"kg: لا نماذج في {tmp_path} (لا manifest.json فيه)")


def test_what_the_system_says(tmp_path: Path) -> None:
    problems = Problems()
    from kg.documents import read

    with using("ar"):
        assert list(read([str(tmp_path / "none.txt"), str(tmp_path)], problems)) == []
        assert strerror(FileNotFoundError(2, "No such file or directory")) == "لا ملف ولا مجلد بهذا الاسم"
        assert strerror(OSError(9999, "Something new")) == "Something new"
        assert strerror(ValueError("as it is")) == "as it is"
    assert [plain(p.what) for p in problems] == [
        "غير موجود: تحقق من الاسم ومن المجلد الذي أنت فيه",
        "لا وثائق فيه: نهايات أسمائها .txt، .jsonl، .json، .html، .htm أو واحدة منها مع .gz",
    ]


def test_bad_inputs_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("no letters", encoding="utf-8")
    result = run("extract", tmp_path / "a.txt", tmp_path / "b.txt")
    assert (result.exit_code, result.stdout) == (1, "")
    assert plain(result.stderr).splitlines() == [
        f"kg: {tmp_path}/a.txt: لا حروف عربية فيه: لا يقرأ kg إلا العربية (تُرك)",
        f"kg: {tmp_path}/b.txt: غير موجود: تحقق من الاسم ومن المجلد الذي أنت فيه (تُرك)",
        "kg: تعذرت قراءة مدخلين",
    ]


def test_tables_keep_their_columns() -> None:
    result = run("evaluate", EXTRACTIONS, "--predicted", EXTRACTIONS)
    head, *rows = result.stdout.split("\n\n")[0].splitlines()
    assert plain(head).split() == ["الدقة", "الاستدعاء", "F1", "المشروح", "المستخرج"]
    assert plain(rows[0]).split() == ["ذِكر", "1.000", "1.000", "1.000", "17", "17"]
    assert len({len(plain(line)) for line in (head, *rows)}) == 1
    # Each Arabic cell has a direction of its own, else a terminal that orders text would order the columns too.
    assert all(line.strip().startswith(FSI) for line in rows)


def test_reports(tmp_path: Path) -> None:
    assert plain(run("frames", "show", "MEET").stdout).splitlines()[1].split()[0] == "الإطارات"
    listed = plain(run("explain", EXTRACTIONS, "--list", "--doc", "d1").stdout).splitlines()
    assert listed[0].split()[:2] == ["حدث", "الجملة"] and "V1" in listed[1]
    assert plain(run("diff", EXTRACTIONS, EXTRACTIONS).stdout) == "الثلاثيات         +0       -0\n"
    own = ROOT / "tests" / "data" / "own_words" / "launder.ttl"
    assert plain(run("frames", "check", own).stdout) == "إطار واحد بلا أخطاء\n"
    (tmp_path / "bad.ttl").write_text(own.read_text(encoding="utf-8").replace('"غسل يغسل"', '"غسل"'), encoding="utf-8")
    with using("ar"):
        (mistake, *_others) = check([tmp_path / "bad.ttl"]).mistakes
    assert "ليس 'غسل' في kgo:verb ماضيا ومضارعا" in plain(mistake)


def test_the_page_on_a_run(tmp_path: Path) -> None:
    for name, heading, lost in (
        ("en", "<th>input</th><th>what</th><th>lost</th>", "yes"),
        ("ar", "<th>المدخل</th><th>ما يقال عنه</th><th>تُرك</th>", "نعم"),
    ):
        problems = Problems()
        with using(name), Watch.of(tmp_path / "r.html", (), problems):
            problems.add("a.txt", _("is empty"))
        page = (tmp_path / "r.html").read_text(encoding="utf-8")
        assert heading in page and f"<td>{lost}</td>" in page and f'lang="{name}"' in page


# What it does not say


@pytest.mark.parametrize("command", ["evaluate", "models", "diff", "describe", "doctor"])
def test_data_is_the_same_in_every_language(command: str, tmp_path: Path) -> None:
    graph = tmp_path / "graph.ttl"
    assert run("convert", EXTRACTIONS, graph).exit_code == 0
    turtle = graph.read_bytes()
    (tmp_path / "less.nt").touch()
    arguments: dict[str, list[str | Path]] = {
        "evaluate": [EXTRACTIONS, "--predicted", EXTRACTIONS, "--json"], "models": ["list", "--json"],
        "diff": [tmp_path / "less.nt", graph, "--format", "json"], "describe": [graph], "doctor": ["--json"],
    }  # fmt: skip
    english, arabic = (run(command, *arguments[command], language=name) for name in ("en", "ar"))
    assert english.exit_code == arabic.exit_code
    # What is free on a machine changes from moment to moment.
    first, second = (re.sub(r"\d+\.\d", "0", r.stdout) if command == "doctor" else r.stdout for r in (english, arabic))
    assert first == second and len(first) > 50
    if command == "describe":
        assert run("convert", EXTRACTIONS, graph, language="en").exit_code == 0
        assert graph.read_bytes() == turtle


# Other processes


def test_worker_processes_speak_the_same() -> None:
    document = Document("a", "RAISE an error", None, None, None)
    for name, words in (("en", "cannot be read, which is a mistake in kg"), ("ar", "تتعذر قراءته لخطأ في kg")):
        with using(name):
            workers = Workers(Rule(), 1)
            try:
                workers.submit(0, [document])
                ((_number, result),) = workers.done(block=True)
            finally:
                workers.close()
        assert isinstance(result, Failure) and plain(result.what).startswith(words)


def test_the_process_that_runs_a_query_speaks_the_same() -> None:
    done = spawn("--lang", "ar", "query", "SELECT", str(EXTRACTIONS), environment={"LC_ALL": "C"})
    assert done.returncode == 2
    assert plain(done.stderr).startswith("kg: السؤال غير سليم: ")


# Lines


def test_lines_and_cells() -> None:
    assert (directed("  a"), padded("a", 3), padded("a", 3, right=True), joined([1, 2])) == ("  a", "a  ", "  a", "1, 2")
    with using("ar"):
        assert directed("  نص") == f"  {RLI}نص{PDI}"
        assert directed(directed("نص")) == directed("نص")
        assert directed("text") == "text"
        assert padded("نص", 4) == f"{FSI}نص{PDI}  "
        assert padded("نص", 4, right=True) == f"  {FSI}نص{PDI}"
        assert padded(f"{FSI}ab{PDI}", 4) == f"{FSI}ab{PDI}  "
        assert joined(["أ", "ب"]) == "أ، ب"


def test_isolates_of_an_error_are_kept_where_the_language_needs_them() -> None:
    hostile = f"a{RLI}b\u202ec"
    assert str(KgError(hostile)) == "a b c"
    with using("ar"):
        assert str(KgError(hostile)) == f"a{RLI}b c"


@pytest.mark.slow
def test_a_build(tmp_path: Path, models: Path) -> None:
    (tmp_path / "a.txt").write_text("أرسلت كوريا الشمالية 3000 جندي إلى روسيا.", encoding="utf-8")
    (tmp_path / "b.txt").write_text("nothing", encoding="utf-8")
    environment = {"KG_MODELS": str(models), "LC_ALL": "ar_EG.UTF-8"}
    done = spawn(
        "build", str(tmp_path), "-o", str(tmp_path / "out"), "--workers", "2", "--report", str(tmp_path / "run.html"), environment=environment
    )
    assert done.returncode == 1
    lines = plain(done.stdout).splitlines()
    assert [line.split() for line in lines[:1]] == [["الوثائق", "1"]]
    assert [line.split()[0] for line in lines[1:4]] == ["الكيانات", "الأحداث", "الحقائق"]
    assert plain(done.stderr).splitlines() == [
        f"kg: {tmp_path}/b.txt: لا حروف عربية فيه: لا يقرأ kg إلا العربية (تُرك)", "kg: تعذرت قراءة مدخل واحد",
    ]  # fmt: skip
    assert "<td>نعم</td>" in (tmp_path / "run.html").read_text(encoding="utf-8")
    english = spawn("--lang", "en", "build", str(tmp_path / "a.txt"), "-o", str(tmp_path / "again"), environment=environment)
    assert english.stdout.splitlines()[0].split() == ["documents", "1"]
    for name in ("graph.ttl", "graph.html", "extractions.jsonl"):
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "out" / name).read_bytes()
