"""An installation that has lived a little, and empty ones on either database to move to."""

import itertools
import threading

import pytest

from widget_server import database, jobs
from widget_server.attachments import service as attachments
from widget_server.moving.counting import tally
from widget_server.moving.stores import open_store
from widget_server.sites import service as sites

from ..recovery.test_kill import PNG, Client
from ..support.databases import disconnect
from ..support.visitor import ORIGIN

_numbers = itertools.count()


@pytest.fixture
def lived(app, ada, site):
    """Three requests with files, one of them answered; what is due is done."""
    for number in range(3):
        file = ada.upload(f"picture {number}.png", PNG).json
        ada.open(title=f"Envíos número {number}", attachments=[file["id"]])
    jobs.schedule()
    jobs.run_due()
    return app.config


@pytest.fixture
def elsewhere(request, app, tmp_path):
    """Settings of an installation that does not exist yet, on the other kind of database."""
    if database.is_sqlite():
        url = request.getfixturevalue("postgres_supply").create(f"elsewhere_{next(_numbers)}")
    else:
        url = f"sqlite:///{tmp_path}/elsewhere.db"
    yield app.config | {
        "DATABASE_URL": url,
        "FILES_DIR": tmp_path / "elsewhere",
    }
    disconnect()


@pytest.fixture
def contents():
    """Return the count and digest of every table, and the names of all files."""

    def read(settings):
        store = open_store(settings["DATABASE_URL"])
        store.freeze()
        found = {
            table.name: (counted.rows, counted.digest)
            for table in store.tables()
            for counted in [tally(store, table, sorted(table.columns))]
        }
        store.commit()
        store.close()
        return found, _files(settings)

    return read


def _files(settings):
    """Return the bytes of all files by their place, from the folder or the bucket itself."""
    home = attachments.home(settings)
    if settings["FILES_URL"]:
        pages = home.client.get_paginator("list_objects_v2").paginate(Bucket=home.bucket)
        keys = [each["Key"] for page in pages for each in page.get("Contents", ())]
        return {
            key.removeprefix(home.prefix): home.client.get_object(Bucket=home.bucket, Key=key)[
                "Body"
            ].read()
            for key in keys
        }
    return {
        str(path.relative_to(home.folder)): path.read_bytes()
        for path in home.folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def load(start_server, database_url, tmp_path):
    """A server on a database that people write to all the time, and who they are."""
    database.connect(database_url)
    site, key = sites.add_site(name="Shop", origins=[ORIGIN])
    site.signing = key
    disconnect()
    server = start_server(DATABASE_URL=database_url)
    clients = [Client(server, site, number) for number in range(4)]
    stop = threading.Event()
    threads = [threading.Thread(target=client.run, args=(stop,)) for client in clients]
    for thread in threads:
        thread.start()
    yield server, clients
    stop.set()
    for thread in threads:
        thread.join(timeout=30)
