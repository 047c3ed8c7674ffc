"""The plugin's PHP: in a real WordPress, on every PHP it promises, with the oldest WordPress's functions."""

import csv
import json
import re
import subprocess
from pathlib import Path

import pytest

from ..support.nodes import node
from ..support.servers import ROOT
from ..support.wordpress import PLUGIN, SITE
from .versions import INFORMS, on

FILES = sorted(str(path) for path in PLUGIN.rglob("*.php"))
PHP = ROOT / "tests/wordpress/php"


def read(path):
    return Path(path).read_text()


@on("6.1", "6.8")
def test_its_parts_hold_inside_wordpress(build, version, record_property):
    site = build(version)
    site.reset()
    tests = SITE.parent / "units"
    # 6.1 itself uses what PHP 8.2 calls outdated; ours is linted on every version below.
    said = site.php("-d", "error_reporting=E_ALL&~E_DEPRECATED", SITE / "phpunit.php", site.tree,
                    "--no-configuration", "--do-not-cache-result", "--fail-on-warning", "--fail-on-risky", tests)  # fmt: skip
    assert "OK (" in said, said
    record_property(
        "figure", f"WordPress {version}, PHPUnit: {said.split('OK (')[1].split(')')[0]}"
    )


@INFORMS
def test_its_parts_hold_inside_the_newest(build, version, record_property):
    test_its_parts_hold_inside_wordpress(build, version, record_property)


@on("6.1")
def test_the_oldest_wordpress_has_everything_it_names(build, version, record_property, tmp_path):
    site = build(version)
    said = site.php(SITE / "api-check.php", site.tree, PLUGIN)
    assert said.strip().endswith("0 unknown")
    record_property("figure", said.strip())
    # The check finds what is not there.
    (tmp_path / "x.php").write_text(
        "<?php wp_no_such_function(); new No_Such_Class(); NO_SUCH_CONSTANT;"
    )
    with pytest.raises(RuntimeError) as caught:
        site.php(SITE / "api-check.php", site.tree, tmp_path)
    assert str(caught.value).count("is not in WordPress 6.1") == 3


LINT = """<?php
$given = json_decode(file_get_contents('/given.json'), true);
$bad = [];
foreach ($given['code'] as $name => $code) {
    try { token_get_all($code, TOKEN_PARSE); } catch (ParseError $e) { $bad[] = "$name: {$e->getMessage()}"; }
}
$missing = array_values(array_filter($given['functions'], fn($name) => !function_exists($name)));
echo PHP_VERSION, ' ', json_encode([$bad, $missing]);
"""


def run_php(version, *arguments):
    """Run a script under another PHP than the machine's."""
    done = subprocess.run(
        [node(), PHP / "node_modules/@php-wasm/cli/main.js", *arguments],
        env={"PHP": version, "PATH": "/usr/bin:/bin", "HOME": "/tmp"},
        capture_output=True, text=True, timeout=180,
    )  # fmt: skip
    return done.stdout, done.stderr[-2000:]


@pytest.fixture(scope="module")
def functions():
    """The functions of PHP itself that the plugin calls; WordPress's are asked of its oldest."""
    words = set(re.findall(r"\b([a-z][a-z0-9_]+)\(", "".join(map(read, FILES))))
    known = f"echo json_encode(array_values(array_intersect(get_defined_functions()['internal'], {json.dumps(sorted(words))})));"
    return json.loads(subprocess.run(["php", "-r", known], capture_output=True, check=True).stdout)


@pytest.mark.parametrize("version", ["7.4", "8.0", "8.1", "8.2", "8.3", "8.4", "8.5"])
def test_every_php_it_promises_reads_it_and_signs_alike(version, tmp_path, functions):
    code = {path: read(path) for path in FILES} | {"planted": "<?php function x( { }"}
    given = {"code": code, "functions": [*functions, "array_planted"]}
    (tmp_path / "given.json").write_text(json.dumps(given))
    (tmp_path / "lint.php").write_text(LINT.replace("/given.json", str(tmp_path / "given.json")))
    said, errors = run_php(version, tmp_path / "lint.php")
    assert said.startswith(f"{version}."), errors
    bad, missing = json.loads(said.split(" ", 1)[1])
    assert [each.split(":")[0] for each in bad] == ["planted"]
    assert len(functions) > 40
    assert missing == ["array_planted"]
    said, errors = run_php(version, ROOT / "tests/contract/check_vectors.php")
    count, _, all_of_them = said.split()[:3]
    assert count == all_of_them, errors
    assert f"PHP {version}." in said


def test_it_follows_wordpress_s_coding_standard(tmp_path):
    planted = "<?php\necho $_GET['x'];\n$wpdb->query( \"DELETE FROM a WHERE b = $c\" );\nif ( $x == 1 ) { eval( $x ); }\n"
    (tmp_path / "planted.php").write_text(planted)
    said, errors = run_php("7.4", PHP / "phpcs.php", PLUGIN, tmp_path)
    rows = [each for each in csv.reader(said.splitlines()) if len(each) == 8 and each[1].isdigit()]
    assert rows, said + errors
    found = {path: set() for path in ("ours", "planted")}
    for path, line, _, _, message, sniff, *_ in rows:
        name = sniff.split(".")[2]
        if path.endswith("planted.php"):
            found["planted"].add(name)
        elif not re.search(rf"phpcs:ignore .*\b{name}", read(path).splitlines()[int(line) - 1]):
            found["ours"].add(f"{Path(path).name}:{line} {name}: {message}")
    assert found["ours"] == set()
    assert found["planted"] > {"EscapeOutput", "NonceVerification", "PreparedSQL", "YodaConditions"}
