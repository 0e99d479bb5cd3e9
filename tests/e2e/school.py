"""A school that says how an application stands: `python -m tests.e2e.school <draft> OA`, in the
portal's environment."""

from __future__ import annotations

import os
import sys

from app import clock, config, db, keys
from app.domain.status import CODES, Source
from app.services import statuses
from app.services.statuses import Said


def says(draft_id: str, code: str) -> None:
    said = Said(CODES[code], Source.KOPPELPUNT, clock.now())
    with db.transaction() as connection:
        found = connection.execute(statuses.locked().filter_by(draft_id=draft_id)).one()
        change = statuses.record(connection, found, said)
        statuses.free(connection, [change])
        statuses.tell(connection, [change], clock.now())


def main() -> None:
    settings = config.read(dict(os.environ))
    keys.use(settings.data_keys, settings.secret_key)
    db.connect(settings.database_url)
    says(*sys.argv[1:])


if __name__ == "__main__":
    main()
