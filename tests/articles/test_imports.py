"""Articles out of files: all of them or none, the same again, and every fault by its line."""

import time

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from widget_server import cli
from widget_server.articles import imports, parsing, service
from widget_server.articles.models import Article
from widget_server.clock import stamp
from widget_server.database import query

from ..support.databases import disconnect

RETURNS = b"""---
title: "Returns: how and when"
tags: [orders, money]
category: Technical help
slug: returns
---

See [shipping](shipping.md#cost) and [the same in Spanish](../es/returns.md).
"""
SHIPPING = b"# Shipping\n\nIt takes two days.\n"
DEVOLUCIONES = "---\ntitle: Devoluciones\nlanguage: es\ndraft: true\n---\nCómo.\n".encode()

FILES = {"en/returns.md": RETURNS, "en/shipping.md": SHIPPING, "es/returns.md": DEVOLUCIONES}


@pytest.fixture
def bring(site):
    def run(files, **options):
        return imports.bring_in(site, files.items(), author="Inés", **options)

    return run


def kept():
    return {each.title: each for each in Article.select()}


def refused(bring, files, **options):
    before = query("SELECT * FROM article")
    with pytest.raises(imports.ImportRefused) as error:
        bring(files, **options)
    assert query("SELECT * FROM article") == before
    return str(error.value).splitlines()


def test_a_folder_becomes_articles_with_their_translations_and_links(site, bring):
    assert bring(FILES) == imports.Outcome(3, 0, 0)
    returns, spanish = kept()["Returns: how and when"], kept()["Devoluciones"]
    assert (returns.slug, returns.tags, returns.category_id) == (
        "returns",
        ["orders", "money"],
        "help",
    )
    assert returns.body == (
        "See [shipping](shipping#cost) and [the same in Spanish](../es/devoluciones)."
    )
    assert returns.is_public
    assert not spanish.is_public
    assert service.translations(returns)[0].id == spanish.id
    assert (kept()["Shipping"].body, kept()["Shipping"].slug) == ("It takes two days.", "shipping")


def test_the_same_files_again_change_only_what_is_different(clock, bring):
    clock("2026-11-23T10:00:00Z")
    bring(FILES)
    clock("2026-11-24T10:00:00Z")
    assert bring(FILES) == imports.Outcome(0, 0, 3)
    changed = FILES | {"en/shipping.md": b"# Shipping and more\n\nThree days."}
    assert bring(changed) == imports.Outcome(0, 1, 2)
    article = kept()["Shipping and more"]
    assert (article.slug, article.body) == ("shipping", "Three days.")
    assert kept()["Devoluciones"].updated_at == stamp(seconds=-86_400)


def test_what_an_agent_published_or_withdrew_stays_so_unless_the_file_says(bring):
    files = {"en/a.md": b"# A\n\nText", "en/b.md": b"---\nstate: published\n---\n# B\n\nText"}
    bring(files, publish=False)
    assert [kept()[name].is_public for name in "AB"] == [False, True]
    service.publish(kept()["A"])
    service.withdraw(kept()["B"])
    assert bring(files, publish=False) == imports.Outcome(0, 1, 1)
    assert [kept()[name].is_public for name in "AB"] == [True, True]


def test_a_csv_is_articles_by_row(bring):
    text = (
        "\ufeffTitle;Body;Language;Tags;State\r\n"
        'Refunds;"Three days.\n\nOr ""five"".";en;money, orders;\r\n'
        ";;;;\r\n"
        "Reembolsos;Tres días.;es;;draft\r\n"
    )
    assert bring({"all.csv": text.encode()}) == imports.Outcome(2, 0, 0)
    assert kept()["Refunds"].body == 'Three days.\n\nOr "five".'
    assert kept()["Refunds"].tags == ["money", "orders"]
    assert not kept()["Reembolsos"].is_public
    assert bring({"all.csv": text.encode()}) == imports.Outcome(0, 0, 2)


def test_names_and_folders_tell_language_and_topic():
    for name, told in {
        "es/returns.md": ("returns", "es"),
        "returns.es.md": ("returns", "es"),
        "shop/es/orders/returns.md": ("shop/orders/returns", "es"),
        "v1.2.md": ("v1.2", ""),
        "returns.MD": ("returns", ""),
    }.items():
        assert parsing._named(name) == told


@pytest.mark.parametrize(
    ("name", "data", "fault"),
    [
        ("en/a.md", b"---\ntitle: A\n", "en/a.md:1: the front matter has no end; close it with ---"),
        ("en/a.md", b"---\ntitle: A\ntags: [a\n---\nx", "en/a.md:4: this front matter cannot be read; text with a colon needs quotes"),
        ("en/a.md", b"---\n- a\n---\nx", "en/a.md:2: this front matter cannot be read; text with a colon needs quotes"),
        ("en/a.md", b"---\ntags: a\ntitle: {a: b}\n---\n# T\nx", "en/a.md:3: title has to be a text or a list of texts"),
        ("en/a.md", b"Just text", "en/a.md:1: has no title"),
        ("en/a.md", b"---\ntitle: A\n---\n", "en/a.md:1: has no text"),
        ("a.md", b"# A\n\nx", "a.md:1: in which language? Say it in the front matter, the folder or the file's name"),
        ("a.md", b"---\ntitle: A\nlang: xx\n---\nx", "a.md:3: xx is not one of es, it, en, fr, de, pt"),
        ("en/a.md", b"---\nstate: done\n---\n# A\nx", "en/a.md:2: done is neither draft nor published"),
        ("en/a.md", b"---\nslug: A b\n---\n# A\nx", "en/a.md:2: A b is no address: small letters, digits and hyphens"),
        ("en/a.md", b"---\n\ncategory: x\n---\n# A\nx", "en/a.md:3: the site has no category x"),
        ("en/a.md", b"---\nslug: taken\n---\n# A\nx", "en/a.md:2: another article has the address taken"),
        ("en/a.md", b"# A\n\nok\n\xff", "en/a.md:4: is not UTF-8 text"),
        ("en/a.md", b"# A\n\nok\x00", "en/a.md:3: contains characters that cannot be stored"),
        ("en/a.md", b"# " + b"A" * 201 + b"\nx", "en/a.md:1: title is longer than 200 characters"),
        ("en/a.md", b"---\ntags: " + b"a" * 41 + b"\n---\n# A\nx", "en/a.md:2: has too many or too long tags"),
        ("en/a.txt", b"x", "en/a.txt: is neither Markdown nor CSV"),
        ("a.csv", b"title,text\nA,x", "a.csv:1: there is no column body"),
        ("a.csv", b'title,body,language\n"A\nB",x,en\nC,x,en,d', "a.csv:4: has more cells than the header"),
        ("a.csv", b'title,body,language\nA,x,en\nC,"x', "a.csv:3: this is not CSV"),
        ("a.csv", b"title,body,language\nA,x,en\n,x,en", "a.csv:3: has no title"),
        ("a.csv", b"language,body,title\nen,x,A\nen,and a line more", "a.csv:3: has no title"),
        ("a.csv", b"title,body,language\nA,x,en\nA,y,en", "a.csv:3: a is there twice in this language"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_file_and_line_and_nothing_is_imported(
    bring, write, name, data, fault
):
    write("Taken")
    assert refused(bring, {"en/good.md": SHIPPING, name: data}) == [fault]


def test_every_fault_is_told_at_once(bring):
    files = {"en/a.md": b"x", "en/b.md": b"# B\n", "en/c.md": SHIPPING}
    assert refused(bring, files) == ["en/a.md:1: has no title", "en/b.md:1: has no text"]
    assert refused(bring, {}) == ["there is nothing to import"]


def test_deep_or_endless_front_matter_is_refused(bring):
    for front in (b"[" * 15_000, b"a: &a [*a]\nb: " + b"x" * 30_000):
        (fault,) = refused(bring, {"en/a.md": b"---\n" + front + b"\n---\n# A\nx"})
        assert fault.startswith("en/a.md:")


@given(st.binary(max_size=400), st.sampled_from(["a.md", "a.csv"]))
def test_no_bytes_make_the_reader_stumble(data, name):
    found, faults = parsing.parse(name, data, "en")
    for article in found:
        assert article.line >= 1
    assert all(str(fault).startswith(name) for fault in faults)


@given(st.text("-: \n#abc[]{}&*!|>'\",;", max_size=200), st.sampled_from(["a.md", "a.csv"]))
def test_no_marks_make_the_reader_stumble(text, name):
    parsing.parse(name, f"---\n{text}\n---\n{text}".encode(), "en")


FULL = parsing.FILE_BYTES - 20


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b"title,body\n" + b"a,b\n" * (FULL // 4)),
        ("a.csv", b"title,body\n" + b"a,\n" * (FULL // 3)),
        ("a.csv", b"title,body\n" + b"a,b,c\n" * (FULL // 6)),
        ("a.csv", b"title,body\n" + b"\n" * FULL),
        ("a.csv", b"title,body" + b",a" * (FULL // 2)),
        ("a.csv", b'title,body\n"' + b'""' * (FULL // 2)),
        ("a.md", b"# a" + b" #" * (FULL // 2)),
        ("a.md", b"#" + b" " * FULL),
        ("a.md", b"\n" * FULL),
        ("a.md", b"---\n" + b"a: &a [*a, *a]\n" * 1_200 + b"---\nx"),
        ("a.md", b"---\n" + b"{a: " * 4_000 + b"\n---\nx"),
        ("a.md", b"---\n" + b"- " * 9_000 + b"\n---\nx"),
    ],
    ids=range(12),
)
def test_no_file_takes_the_reader_more_than_a_moment_or_much_memory(name, data):
    # Processor time, with a generous bound: rows without end took ten seconds and a gigabyte.
    begun = time.process_time()
    found, faults = parsing.parse(name, data, "en")
    assert time.process_time() - begun < 3
    assert len(found) <= parsing.MOST
    assert len(faults) <= 2 * parsing.MOST + 1


def test_a_csv_has_at_most_so_many_rows(bring):
    (fault,) = refused(bring, {"a.csv": b"title,body,language\n" + b"a,b,en\n" * 5_001})[:1]
    assert fault == "a.csv:5002: more than 5000 articles at once"


def test_the_command_imports_a_folder_or_says_what_is_wrong(
    site, database_url, tmp_path, monkeypatch
):
    monkeypatch.setenv("VENTANILLA_SECRET_KEY", "s" * 40)
    monkeypatch.setenv("VENTANILLA_DATABASE_URL", database_url)
    for name, data in (FILES | {".git/x.md": b"", "notes.txt": b"x"}).items():
        path = tmp_path / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def run():
        # Each command is a process of its own, with its own connection.
        disconnect()
        return CliRunner().invoke(cli.main, ["import-articles", site.key, str(tmp_path / "docs")])

    done = run()
    assert (done.exit_code, done.output) == (0, "3 added, 0 changed, 0 unchanged\n")
    (tmp_path / "docs/en/bad.md").write_bytes(b"no title")
    done = run()
    assert (done.exit_code, done.output) == (1, "en/bad.md:1: has no title\n")


def test_links_are_found_however_a_file_is_called(bring):
    files = {
        "en/index.md": b'# Index\n\n[Mail](how%20we%20mail.md#when) [pago](env%C3%ADo.md "Pago")',
        "en/how we mail.md": b"# By mail\n\nx",
        "en/env\u00edo.md": b"# Shipping\n\nx",
    }
    bring(files)
    assert kept()["Index"].body == '[Mail](by-mail#when) [pago](shipping "Pago")'


def test_long_titles_that_are_alike_are_imported_again(bring):
    long = b"# What to send back " + b"when " * 8 + b"you live on an island"
    files = {"en/a.md": long + b"\n\nx", "en/b.md": long + b"\n\ny"}
    assert bring(files) == imports.Outcome(2, 0, 0)
    assert bring(files) == imports.Outcome(0, 0, 2)
