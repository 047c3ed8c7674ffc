"""A running server with the sample data."""

from pathlib import Path

from widget_server import database, migrations, sample
from widget_server.attachments.service import furnish
from widget_server.sites.models import Site, SiteKey

from .servers import Ventanilla


def with_sample(
    folder: Path, origins: list[str], **settings: str
) -> tuple[Ventanilla, Site, SiteKey]:
    """Start a server whose sample site allows ``origins``; return it, the site and its key."""
    live = Ventanilla(folder, **settings)
    migrations.migrate(database.connect(live.settings["DATABASE_URL"]))
    furnish(
        {
            "FILES_URL": "",
            "FILES_DIR": folder / "files",
            "SECRET_KEY": [live.settings["SECRET_KEY"]],
            "SERVER_URL": live.url,
            "FILE_BYTES": 26_214_400,
        }
    )
    site, key = sample.fill(origins)
    database.db.close()
    return live.start(), site, key
