"""How is a page of the documentation pasted into a terminal, and how is a page looked at in a browser?"""

import functools
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from openapi.clients.toolbox import node, node_home, node_tools
from tests.commands.servers import ROOT

BLOCKS = re.compile(r"```(bash|python|typescript)\n(.*?)```", re.DOTALL)
NAMED = re.compile(r"^(?:#|//) (\S+)\n")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pasted(page: str, port: int, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run every block of a page in order, as a reader would paste them; what names a file is saved under that name."""
    script = ["set -eu"]
    for language, text in BLOCKS.findall((ROOT / page).read_text(encoding="utf-8")):
        block = text.replace("127.0.0.1:8000", f"127.0.0.1:{port}")
        name = NAMED.match(block)
        if name is None:
            assert language == "bash", f"a block of {page} in {language} says no file name"
            script.append(block)
        else:
            (folder / name[1]).write_text(block, encoding="utf-8")
    told = subprocess.run(  # noqa: S603  the page's own commands
        ["bash", "-c", "\n".join(script)],  # noqa: S607  whichever bash the reader has
        check=False,
        cwd=folder,
        env={**os.environ, "PATH": f"{_tools(folder)}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert "Traceback" not in told.stderr
    return told


def _tools(folder: Path) -> Path:
    """A folder with the Python that runs the tests, and with our Node under the names that a reader types."""
    tools = folder / "tools"
    tools.mkdir(exist_ok=True)
    npm = node_home() / "lib" / "node_modules" / "npm" / "bin"
    commands = {"python3": [sys.executable], "node": [node()]}
    commands |= {name: [node(), str(npm / f"{name}-cli.js")] for name in ("npm", "npx")}
    for name, command in commands.items():
        words = " ".join(f"'{word}'" for word in command)
        (tools / name).write_text(f'#!/bin/sh\nexec {words} "$@"\n', encoding="utf-8")
        (tools / name).chmod(0o755)
    return tools


@contextmanager
def served(folder: Path, port: int) -> Iterator[str]:
    """The address of a folder, served as `python3 -m http.server` does."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's own name
            """Nothing: what is asked is seen by the browser."""

    server = ThreadingHTTPServer(("127.0.0.1", port), functools.partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def looked_at(address: str, api: str, folder: Path) -> dict[str, Any]:
    """What a person sees of the example frontend, in the system's Chromium or else in the one that comes as a package."""
    tools = node_tools("browser")
    program = folder / "frontend.mjs"
    shutil.copy(Path(__file__).with_name(program.name), program)
    modules = folder / "node_modules"
    modules.unlink(missing_ok=True)
    modules.symlink_to(tools / "node_modules", target_is_directory=True)
    own = next((found for name in BROWSERS if (found := shutil.which(name))), "")
    told = subprocess.run(  # noqa: S603  our own program in the Node of our environment
        [node(), str(program), address, api, str(folder), own],
        check=False,
        cwd=folder,
        env={**os.environ, "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert told.returncode == 0, told.stderr
    seen: dict[str, Any] = json.loads(told.stdout)
    return seen
