"""DUO's prior education."""

from __future__ import annotations

from app.domain.education import PriorEducation
from app.domain.ports import Unavailable
from app.registers.http import Client

REGISTER = "duo"


class DuoEducation:
    def __init__(self, client: Client) -> None:
        self._client = client

    def educations(self, bsn: str) -> tuple[PriorEducation, ...]:
        raise Unavailable(REGISTER)
