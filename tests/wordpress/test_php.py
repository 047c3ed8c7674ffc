"""The plugin's PHP: in a real WordPress, on every PHP it promises, with the oldest WordPress's functions."""

import json
import subprocess
from pathlib import Path

import pytest

from ..support.nodes import node
from ..support.servers import ROOT
from ..support.wordpress import PLUGIN, SITE
from .versions import on

FILES = sorted(str(path) for path in PLUGIN.rglob("*.php"))
PHP = ROOT / "tests/wordpress/php"


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


LINT = """
$bad = [];
foreach (json_decode(file_get_contents('/work.json'), true) as $name => $code) {
    try { token_get_all($code, TOKEN_PARSE); } catch (ParseError $e) { $bad[] = "$name: {$e->getMessage()}"; }
}
echo PHP_VERSION, ' ', json_encode($bad);
"""


@pytest.mark.parametrize("version", ["7.4", "8.0", "8.1", "8.2", "8.3", "8.4", "8.5"])
def test_every_php_it_promises_reads_it(version, tmp_path):
    code = {path: Path(path).read_text() for path in FILES}
    code["planted"] = "<?php function x( { }"
    (tmp_path / "lint.php").write_text(
        LINT.join(["<?php ", ""]).replace("/work.json", str(tmp_path / "code.json"))
    )
    (tmp_path / "code.json").write_text(json.dumps(code))
    done = subprocess.run(
        [node(), PHP / "node_modules/@php-wasm/cli/main.js", tmp_path / "lint.php"],
        env={"PHP": version, "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.stdout.startswith(f"{version}."), done.stderr[-2000:]
    found = json.loads(done.stdout.split(" ", 1)[1])
    assert [each.split(":")[0] for each in found] == ["planted"]
