"""How well the assistant finds: ``python -m benchmarks.suggestions --data FOLDER [--runs FOLDER]``.

``--scale 10000`` also measures time and size with as many solved requests beside the articles.

The folder holds ``tasks.json`` (task: ``queries``, ``qrels``, ``corpus``, ``evidence``, ``kind``),
and documents, questions and what is relevant as JSON lines; ``benchmarks/data`` is a small one of
our own. Beside each figure stands plain FTS5: every word joined by OR, ``bm25`` as it comes.
"""

import argparse
import json
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from widget_server import database, migrations
from widget_server.assistant.index import ANSWERS, PIECED, SOLVED, Text, put
from widget_server.assistant.ranking import rank
from widget_server.database import query, transaction
from widget_server.sites import service as sites

from . import verdicts
from .figures import keep

OWN = Path(__file__).with_name("data")
SHOWN = 10

#: Questions asked where there are many documents.
SAMPLE = 300

#: Documents indexed in one transaction.
BATCH = 100


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


class Task:
    """Documents, questions and answers of one task."""

    def __init__(self, folder: Path, name: str, given: dict[str, Any]) -> None:
        self.name, self.is_off_topic = name, given["kind"] == "off-topic"
        self.documents = [d for c in given["corpus"] for d in self._corpus(folder, c) if "id" in d]
        self.evidence = [d for c in given["evidence"] for d in self._corpus(folder, c)]
        self.relevant = {row["id"]: set(row["rel"]) for row in lines(folder / given["qrels"])}
        self.questions = [q for q in lines(folder / given["queries"]) if q["id"] in self.relevant]
        self.locale = self.questions[0]["lang"] if self.questions else "en"

    @staticmethod
    def _corpus(folder: Path, name: str) -> list[dict[str, Any]]:
        # Hold-out tasks name corpora of the public folder beside them.
        path = folder / "corpus" / f"{name}.jsonl"
        return lines(path if path.exists() else folder.parent / "public" / "corpus" / path.name)

    def texts(self) -> Iterator[tuple[int, Text]]:
        titles: dict[str, list[str]] = {}
        for each in self.evidence:
            if "article" in each:
                titles.setdefault(each["article"], []).append(each["title"])
        for each in self.documents:
            yield ANSWERS, text_of(each, titles.get(each["id"], []))
        for each in self.evidence:
            if "id" in each:
                yield SOLVED, text_of(each, [])


def text_of(each: dict[str, Any], titles: list[str]) -> Text:
    parts = (each.get(name, "") for name in ("summary", "summary", "text", "answer"))
    return Text(
        ref=each["id"],
        locale=each.get("lang", "en"),
        titles=[each.get("title", ""), *titles],
        body="\n".join(parts),
        links=each.get("links", []),
    )


def index(site_id: int, texts: Iterable[tuple[int, Text]]) -> None:
    """Index texts some at a time: what PostgreSQL replaces it keeps until its transaction ends."""
    for some in batched(texts):
        with transaction():
            for shelf, text in some:
                put(site_id, shelf, text, pieced=PIECED[shelf])


def batched(texts: Iterable[tuple[int, Text]]) -> Iterator[list[tuple[int, Text]]]:
    left = iter(texts)
    while some := list(islice(left, BATCH)):
        yield some


def ours(site_id: int, question: dict[str, Any], known: set[str]) -> tuple[list[str], list[str]]:
    """Return what would be shown, and the ranking before the rule of silence."""
    found = rank(site_id, question.get("subject", ""), question["text"], question["lang"])
    refs = [ref for ref, _ in found.refs if ref in known][:SHOWN]
    return (refs if found.is_worth_showing else []), refs


class Plain:
    """FTS5 as it comes."""

    def __init__(self, texts: Iterable[tuple[int, Text]], *, every: bool = False) -> None:
        self.database = sqlite3.connect(":memory:")
        self.database.execute(
            "CREATE VIRTUAL TABLE d USING fts5(title, body, ref UNINDEXED,"
            " tokenize='unicode61 remove_diacritics 2')"
        )
        rows = [(t.titles[0], t.body, t.ref) for shelf, t in texts if every or shelf == ANSWERS]
        self.database.executemany("INSERT INTO d VALUES (?, ?, ?)", rows)

    def megabytes(self) -> float:
        sizes = (self.database.execute(f"PRAGMA page_{name}") for name in ("count", "size"))
        pages, each = (cursor.fetchone()[0] for cursor in sizes)
        return float(pages * each) / 1e6

    def find(self, question: dict[str, Any]) -> list[str]:
        text = f"{question.get('subject', '')} {question['text']}".lower()
        said = dict.fromkeys("".join(c if c.isalnum() else " " for c in text).split())
        if not said:
            return []
        wanted = " OR ".join(f'"{word}"' for word in said)
        rows = self.database.execute(
            "SELECT ref FROM d WHERE d MATCH ? ORDER BY bm25(d) LIMIT ?", (wanted, SHOWN)
        )
        return [row[0] for row in rows]


def quality(
    runs: dict[str, list[str]], relevant: dict[str, set[str]]
) -> tuple[float, float, float]:
    """Return hit@1, hit@3 and mean reciprocal rank over questions that have an answer."""
    first = third = reciprocal = 0.0
    asked = [name for name, rel in relevant.items() if rel]
    for name in asked:
        good = [ref in relevant[name] for ref in runs.get(name, [])]
        first += any(good[:1])
        third += any(good[:3])
        reciprocal += next((1 / at for at, hit in enumerate(good, 1) if hit), 0.0)
    return first / len(asked), third / len(asked), reciprocal / len(asked)


def run(task: Task, site_id: int, runs: Path | None) -> dict[str, Any]:
    texts = list(task.texts())
    before = size()
    index(site_id, texts)
    after = size()
    known = {each["id"] for each in task.documents}
    shown, ranked, times = {}, {}, []
    for question in task.questions:
        began = time.perf_counter()
        shown[question["id"]], ranked[question["id"]] = ours(site_id, question, known)
        times.append(1000 * (time.perf_counter() - began))
    plain = Plain(texts)
    baseline, plain_times = {}, []
    for question in task.questions:
        began = time.perf_counter()
        baseline[question["id"]] = plain.find(question)
        plain_times.append(1000 * (time.perf_counter() - began))
    if runs:
        runs.mkdir(parents=True, exist_ok=True)
        # Off-topic questions must be met with silence; the others are scored on their ranking.
        chosen = shown if task.is_off_topic else ranked
        rows = (json.dumps({"id": name, "docs": docs}) for name, docs in chosen.items())
        (runs / f"{task.name}.jsonl").write_text("\n".join(rows) + "\n")
    result: dict[str, Any] = {
        "task": task.name,
        "locale": task.locale,
        "documents": len(texts),
        "questions": len(task.questions),
        "megabytes": after - before,
        "times": times,
        "plain_times": plain_times,
    }
    if task.is_off_topic:
        result["false"] = statistics.mean(bool(docs) for docs in shown.values())
        result["plain_false"] = statistics.mean(bool(docs) for docs in baseline.values())
        return result
    result["quality"] = quality(ranked, task.relevant)
    result["plain"] = quality(baseline, task.relevant)
    result["asked"] = sum(bool(relevant) for relevant in task.relevant.values())
    good = [n for n, docs in ranked.items() if task.relevant[n] & set(docs[:3])]
    result["good_count"], result["kept_count"] = len(good), sum(bool(shown[n]) for n in good)
    result["kept"] = result["kept_count"] / len(good) if good else 0.0
    return result


def measure(data: Path, runs: Path | None = None) -> Iterator[dict[str, Any]]:
    """Index and ask every task of a folder, each in a site of its own."""
    for name, given in json.loads((data / "tasks.json").read_text()).items():
        site, _ = sites.add_site(name=name, origins=["https://benchmark.example"])
        yield run(Task(data, name, given), site.id, runs)


def size() -> float:
    """Return how many megabytes the index of all sites takes."""
    if database.is_sqlite():
        rows = query("SELECT sum(pgsize) FROM dbstat WHERE name LIKE '%retrieval%'")
    else:
        tables = ("retrieval_posting", "retrieval_term", "retrieval_document", "retrieval_shelf")
        sizes = " + ".join(f"pg_total_relation_size('{table}')" for table in tables)
        rows = query(f"SELECT {sizes}")
    return float(rows[0][0] or 0) / 1e6


def scale(data: Path, many: int) -> verdicts.Scaled:
    """Measure with a first task's articles and ``many`` solved requests, taken round and round."""
    tasks = json.loads((data / "tasks.json").read_text())
    name = next(name for name, given in tasks.items() if given["kind"] != "off-topic")
    task = Task(data, name, tasks[name])
    articles = [text for shelf, text in task.texts() if shelf == ANSWERS]
    solved = [text for shelf, text in task.texts() if shelf == SOLVED] or articles
    site, _ = sites.add_site(name="scale", origins=["https://benchmark.example"])
    before = size()
    texts = [(ANSWERS, text) for text in articles]
    texts += [(SOLVED, replace(solved[at % len(solved)], ref=str(at))) for at in range(many)]
    index(site.id, texts)
    megabytes = size() - before
    plain = Plain(texts, every=True)
    times, plain_times = [], []
    for question in task.questions[:SAMPLE]:
        began = time.perf_counter()
        ours(site.id, question, set())
        times.append(1000 * (time.perf_counter() - began))
        began = time.perf_counter()
        plain.find(question)
        plain_times.append(1000 * (time.perf_counter() - began))
    return verdicts.Scaled(times, plain_times, megabytes, plain.megabytes())


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.suggestions")
    parser.add_argument("--data", type=Path, default=OWN, help="folder with tasks.json")
    parser.add_argument("--runs", type=Path, help="write each task's ranking here")
    parser.add_argument("--database", help="address of an empty database; default: a new SQLite")
    parser.add_argument("--scale", type=int, default=0, help="also measure with so many requests")
    chosen = parser.parse_args()
    if not (chosen.data / "tasks.json").is_file():
        parser.error(f"There is no tasks.json in {chosen.data}.")
    with tempfile.TemporaryDirectory(prefix="ventanilla-bench-") as folder:
        opened = database.connect(chosen.database or f"sqlite:///{folder}/index.db")
        migrations.migrate(opened)
        said = []
        results = []
        for result in measure(chosen.data, chosen.runs):
            results.append(result)
            said.append(verdicts.told(result))
            print(said[-1], flush=True)
        said.append(verdicts.summary(results))
        print(said[-1], flush=True)
        kept = verdicts.figures(results)
        if chosen.scale:
            many = scale(chosen.data, chosen.scale)
            kept += many.figures(chosen.scale)
            said.append(many.told())
            print(said[-1])
        keep(kept, Path(__file__).with_name("suggestions.json"))
    return 0 if verdicts.met("\n".join(said)) else 1


if __name__ == "__main__":
    sys.exit(main())
