"""Debian's nginx with a test's own servers, in a folder of its own."""

import os
import shutil
from pathlib import Path

from .servers import Part, wait_for

MAIN = """
{user}worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  {http}
}}
"""


class Nginx(Part):
    """``http`` is what stands inside the block of that name."""

    def __init__(self, folder: Path, http: str) -> None:
        self.folder = folder
        # As root it would serve as nobody, who may not enter the folder.
        user = "user root; " if os.getuid() == 0 else ""
        (folder / "nginx.conf").write_text(MAIN.format(folder=folder, http=http, user=user))

    def start(self, url: str) -> "Nginx":
        """Return once ``url`` answers."""
        binary, config = shutil.which("nginx") or "/usr/sbin/nginx", self.folder / "nginx.conf"
        out = self.folder / "out"
        process = self.run(binary, "-c", config, "-p", self.folder, log=out)
        wait_for(url, process, self.folder / "error.log")
        return self
