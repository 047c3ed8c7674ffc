"""Debian's nginx in a folder of its own, gone when the test is."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

AROUND = """
{user}worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  {sites}
}}
"""


@contextmanager
def nginx(folder: Path, sites: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Serve ``sites``, what stands inside ``http {}``."""
    # As root it would serve as nobody, who may not enter the folder.
    user = "user root; " if os.getuid() == 0 else ""
    config = folder / "nginx.conf"
    config.write_text(AROUND.format(folder=folder, sites=sites, user=user))
    binary = shutil.which("nginx") or "/usr/sbin/nginx"
    with (folder / "out").open("wb") as out:
        process = subprocess.Popen([binary, "-c", config, "-p", folder], stdout=out, stderr=out)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)
