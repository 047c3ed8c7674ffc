"""`make audit`: which packages of the lock files have known holes, as OSV tells them."""

import json
import threading

import pytest
from flask import Flask, jsonify, request
from werkzeug.serving import make_server

from ..support.packing import ROOT, script

PINNED = (
    "# by hand\nflask==3.1.0 \\\n    --hash=sha256:00\npsycopg[binary]==3.2.1\n    # via flask\n"
)
HOLE = {
    "id": "GHSA-1",
    "summary": "Anybody  may\nenter",
    "affected": [
        {"package": {"name": "flask"}, "ranges": [
            {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "9.9"}]},
            {"type": "GIT", "events": [{"fixed": "0a1b2c"}]},
        ]},
        {"package": {"name": "else"}, "ranges": [{"type": "SEMVER", "events": [{"fixed": "1"}]}]},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def audit():
    return script("audit")


@pytest.fixture
def osv():
    """An OSV that knows of one hole in Flask, and of two in another, told on two pages."""
    app, asked = Flask("osv"), []

    @app.post("/v1/querybatch")
    def batch():
        queries = request.json["queries"]
        asked.extend(queries)
        known = {"flask": {"vulns": [{"id": "GHSA-1"}]}}
        pages = {
            "": {"vulns": [{"id": "GHSA-2"}], "next_page_token": "more"},
            "more": {"vulns": [{"id": "GHSA-3"}, {"id": "GHSA-2"}]},
        }
        answers = []
        for query in queries:
            name = query["package"]["name"]
            answers.append(
                pages[query.get("page_token", "")] if name == "left-pad" else known.get(name, {})
            )
        return jsonify(results=answers)

    @app.get("/v1/vulns/<number>")
    def vuln(number):
        return jsonify(HOLE if number == "GHSA-1" else {"id": number, "affected": []})

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


def test_both_kinds_of_lock_file_are_read(audit):
    assert audit.of_python(PINNED) == [("PyPI", "flask", "3.1.0"), ("PyPI", "psycopg", "3.2.1")]
    lock = {"packages": {"": {"name": "own"}, "node_modules/a": {"version": "1.0.0"},
                         "node_modules/a/node_modules/@b/c": {"version": "2.0.0"}}}  # fmt: skip
    assert audit.of_node(json.dumps(lock)) == [("npm", "a", "1.0.0"), ("npm", "@b/c", "2.0.0")]


def test_everything_that_is_locked_is_asked_about(audit):
    found = audit.locked(ROOT)
    assert len(found) == len(set(found)) > 150
    for ecosystem, name in (("PyPI", "flask"), ("PyPI", "pytest"), ("npm", "preact")):
        assert any(each[:2] == (ecosystem, name) for each in found)


def test_holes_are_told_with_what_mends_them(audit, osv, monkeypatch, capsys):
    url, asked = osv
    packages = [audit.Package("PyPI", "flask", "3.1.0"), audit.Package("PyPI", "click", "8.0"),
                audit.Package("npm", "left-pad", "1.3.0")]  # fmt: skip
    monkeypatch.setattr(audit, "locked", lambda root: packages)
    monkeypatch.setenv("OSV_URL", f"{url}/")
    assert audit.main() == 1
    assert capsys.readouterr().out.splitlines() == [
        "flask 3.1.0: GHSA-1: Anybody may enter; mended in 9.9",
        "left-pad 1.3.0: GHSA-2: no summary; not mended yet",
        "left-pad 1.3.0: GHSA-3: no summary; not mended yet",
        "3 packages, 2 with known holes",
    ]
    assert asked[0] == {"package": {"ecosystem": "PyPI", "name": "flask"}, "version": "3.1.0"}


def test_many_are_asked_about_in_calls_of_bounded_size(audit, osv, monkeypatch):
    url, asked = osv
    monkeypatch.setattr(audit, "MOST", 2)
    packages = [audit.Package("PyPI", f"p{n}", "1") for n in range(5)]
    assert audit.holes(packages, url) == {}
    assert len(asked) == 5


def test_who_cannot_ask_is_not_told_that_all_is_well(audit, monkeypatch, capsys):
    monkeypatch.setenv("OSV_URL", "http://127.0.0.1:9")
    assert audit.main() == 2
    assert "cannot be asked" in capsys.readouterr().err
