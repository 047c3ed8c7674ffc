"""Do the rooms still lie where the plan has them? Nothing imports upward; few modules know HTTP."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "widget_server"
MODULES = sorted(
    path for path in PACKAGE.rglob("*.py") if not {"static", "examples"} & set(path.parts)
)

#: From the ground up. A room may use its own floor's rooms only if they are named on a lower one.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("spelling", "clock", "ids", "turns"),
    ("config", "counting"),
    ("errors", "postgres", "text"),
    ("database", "signals", "money", "wire", "assets", "vault", "outbound"),
    ("jobs",),
    ("audit", "idempotency", "migrations"),
    ("limits", "logs"),
    ("hours",),
    ("sites",),
    ("identity",),
    ("attachments", "proof"),
    ("tickets",),
    ("articles",),
    ("orders", "assistant", "mail"),
    ("payments", "figures", "plain"),
    ("agents", "persons"),
    ("desk", "retention", "webhooks"),
    ("rules",),
    ("agent_api", "console", "hosts"),
    ("edge", "moving", "openapi", "packing", "polls", "routing", "site_routes", "vitals"),
    ("app", "worker"),
    ("checkups", "sample", "server", "wsgi"),
    ("commands", "demo", "doctor"),
    ("cli",),
)
FLOOR = {room: height for height, rooms in enumerate(FLOORS) for room in rooms}

#: Below the factory, only these may know there is HTTP.
HTTP_ROLES = {"routes", "guards", "errors"}
HTTP_ROOMS = {
    "errors",
    "limits",
    "console",
    "openapi",
    "packing",
    "routing",
    "site_routes",
    "app",
    "server",
    "demo",
}
WEB = {"flask", "flask_smorest", "flask_cors", "werkzeug"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_room_imports_upward(path):
    room = room_of(path)
    for used, line in rooms_used(path):
        assert used in FLOOR, f"{used} has no floor; give it one in {Path(__file__).name}"
        assert used == room or FLOOR[used] < FLOOR[room], (
            f"{path.relative_to(PACKAGE)}:{line}: {room} (floor {FLOOR[room]}) imports "
            f"{used} (floor {FLOOR[used]})"
        )


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_routes_guards_and_errors_know_http(path):
    known = {name for name, _ in imported(path) if name.split(".")[0] in WEB}
    roles = {part.removesuffix(".py") for part in path.relative_to(PACKAGE).parts}
    assert not known or room_of(path) in HTTP_ROOMS or roles & HTTP_ROLES, (
        f"{path.relative_to(PACKAGE)} imports {', '.join(sorted(known))}"
    )


def test_the_house_is_drawn_as_it_is():
    drawn = (PACKAGE.parent / "docs/house.md").read_text()
    rows = re.findall(r"^\| (\d+) \| ((?:`\w+`(?:, )?)+) \|", drawn, re.M)
    assert [int(floor) for floor, _ in rows] == list(range(1, len(FLOORS) + 1))
    assert [tuple(re.findall(r"\w+", rooms)) for _, rooms in rows] == list(FLOORS)


def test_modules_stay_small():
    long = {
        str(path.relative_to(PACKAGE)): lines
        for path in MODULES
        if (lines := len(path.read_text().splitlines())) > 300
    }
    assert not long, f"a file past 300 lines holds two rooms: {long}"


def room_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    # The package's own __init__ holds a version and nothing else: it lies at the bottom.
    return "config" if parts == ("__init__.py",) else parts[0].removesuffix(".py")


def rooms_used(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each room of ours a module imports, with the line."""
    for name, line in imported(path):
        parts = name.split(".")
        if parts[0] == PACKAGE.name and len(parts) > 1 and (parts[1] in FLOOR or exists(parts[1])):
            yield parts[1], line


def exists(room: str) -> bool:
    return (PACKAGE / room).is_dir() or (PACKAGE / f"{room}.py").is_file()


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Yield every absolute dotted name a module imports, relative ones resolved."""
    package = (PACKAGE.name, *path.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            prefix = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((f"{prefix}.{alias.name}", node.lineno) for alias in node.names)
