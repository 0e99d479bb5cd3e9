"""A school that says how an application stands: `python -m tests.e2e.school <draft> OA`, in the
portal's environment."""

from __future__ import annotations

import os
import sys

from app import config, db, keys
from tests.sent import says


def main() -> None:
    settings = config.read(dict(os.environ))
    keys.use(settings.data_keys, settings.secret_key)
    db.connect(settings.database_url)
    draft_id, code = sys.argv[1:]
    says(draft_id, code)


if __name__ == "__main__":
    main()
