"""Settings that are wrong stop the start with their name and what to write."""

from pathlib import Path

import pytest

from widget_server import config
from widget_server.config import SETTINGS, ConfigurationError, load

GOOD = {"VENTANILLA_SECRET_KEY": "s" * 40}


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("FILES_URL", "http://bucket", "write s3://bucket"),
        ("FILES_URL", "s3://", "write s3://bucket"),
        ("FILES_ENDPOINT", "s3.example.com", "write scheme and host"),
        ("FILES_DOWNLOADS", "direct", "write one of proxied, presigned"),
        ("REDIS_URL", "localhost:6379", "write redis://host:6379/0"),
        ("HOST", "", "write 127.0.0.1, or 0.0.0.0 for every address"),
        ("DATABASE_URL", "sqlite://file.db", "write sqlite:///file.db"),
        ("DATABASE_URL", "sqlite:///", "write sqlite:///file.db"),
        ("DATABASE_URL", "sqlite:///:memory:", "write sqlite:///file.db"),
        ("DATABASE_POOL", "0", "write a whole number from 1"),
        ("DATABASE_TIMEOUT", "soon", "write a whole number from 0"),
        ("DOCUMENT_FONT", "/no/such.ttf", "/no/such.ttf cannot be read: No such file"),
        ("DOCUMENT_FONT", __file__, ".* is no font; name a .ttf, .otf or .ttc file"),
    ],
)
def test_a_wrong_value_is_told_with_what_to_write(name, value, advice):
    with pytest.raises(ConfigurationError, match=f"VENTANILLA_{name}: {advice}"):
        load(GOOD | {f"VENTANILLA_{name}": value})


READ = [each for each in SETTINGS if each.parse not in (str, Path)]


@pytest.mark.parametrize("setting", READ, ids=lambda setting: setting.name)
def test_no_setting_takes_nonsense(setting):
    with pytest.raises(ConfigurationError) as told:
        load(GOOD | {f"VENTANILLA_{setting.name}": "non sense !"})
    (line,) = str(told.value).splitlines()
    assert line.startswith(f"VENTANILLA_{setting.name}: ")
    assert len(line) > len(f"VENTANILLA_{setting.name}: ") + 20


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(ConfigurationError) as told:
        load({"VENTANILLA_PORT": "0", "VENTANILLA_WORKER": "maybe", "VENTANILLA_PROT": "1"})
    for name in ("PORT:", "WORKER:", "PROT is not a setting", "SECRET_KEY is not set"):
        assert f"VENTANILLA_{name}" in str(told.value)


@pytest.mark.parametrize(
    ("name", "value", "extra"),
    [
        ("DATABASE_URL", "postgresql://desk@db/desk", "postgres"),
        ("FILES_URL", "s3://bucket", "s3"),
        ("REDIS_URL", "redis://cache", "redis"),
        ("RATE_LIMIT_URL", "rediss://cache", "redis"),
    ],
)
def test_a_package_that_is_missing_is_told_with_its_extra(monkeypatch, name, value, extra):
    environment = GOOD | {f"VENTANILLA_{name}": value}
    assert load(environment)[name] == value
    monkeypatch.setattr(config, "find_spec", lambda package: None)
    with pytest.raises(ConfigurationError, match=rf"{name}: .*ventanilla\[{extra}\]"):
        load(environment)
    load(GOOD)
