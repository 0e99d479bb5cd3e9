"""The application as `wsgi:app`, with a copy of every HTML answer in the folder PAGES.

What a browser makes of an answer can't be compared with what the server sent; this can.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from uuid import uuid4

import brotli

from wsgi import app as portal

PAGES = Path(os.environ["PAGES"])
UNPACK: dict[str, Callable[[bytes], bytes]] = {"br": brotli.decompress, "gzip": gzip.decompress}


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    heads: dict[str, str] = {}

    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        heads.update((name.lower(), value) for name, value in headers)
        return start_response(status, headers, *rest)

    answer = portal(environ, start)
    if not heads.get("content-type", "").startswith("text/html"):
        return answer
    body = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    html = UNPACK.get(heads.get("content-encoding", ""), bytes)(body)
    written = PAGES / f"{uuid4().hex}.tmp"
    written.write_bytes(html)
    written.rename(written.with_suffix(".html"))
    return [body]
