"""RIO's test service with the generated catalogue, as a process of its own."""

from __future__ import annotations

import os
from pathlib import Path

from digistub import create_world

app = create_world(
    f"http://127.0.0.1:{os.environ['PORT']}",
    Path(os.environ["INSTANCE"]),
    programmes=int(os.environ["PROGRAMMES"]),
)
