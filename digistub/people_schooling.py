"""Prior education of test people, in school years before the day asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

GRADES = {
    "Nederlands": "6",
    "Engels": "7",
    "Wiskunde": "6",
    "Biologie": "7",
    "Maatschappijkunde": "8",
    "Zorg en welzijn": "8",
}


@dataclass(frozen=True)
class Education:
    """`years` is how long it took; `ago` how many summers it is since it ended, 0 for the last
    one, None where it still runs."""

    school: str
    programme: str
    years: int
    ago: int | None
    brin: str = ""
    ilt: str = ""
    level: int = 0  # of an mbo programme
    diploma: bool | None = None
    result: str = ""
    grades: bool = False

    def body(self, today: date) -> dict[str, Any]:
        """As DUO's prior education gives it: what isn't known is left out."""
        summer = today.year - (today.month < 8) - (self.ago or 0)
        ended = self.ago is not None
        body: dict[str, Any] = {
            "instelling": self.school,
            "brin": self.brin,
            "opleiding": self.programme,
            "iltCode": self.ilt,
            "niveau": self.level,
            "vanaf": date(summer - self.years, 8, 1).isoformat(),
            "totEnMet": date(summer, 7, 31).isoformat() if ended else "",
            "datumUitslag": date(summer, 6, 14).isoformat() if self.diploma else "",
            "eindresultaat": self.result,
            "vakken": [
                {"naam": name, "resultaat": grade} for name, grade in GRADES.items() if self.grades
            ],
        }
        known = {key: value for key, value in body.items() if value}
        return known if self.diploma is None else {**known, "diplomaBehaald": self.diploma}
