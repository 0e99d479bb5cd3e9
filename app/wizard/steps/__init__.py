"""A step for every question. Their order is the draft's, not ours."""

from __future__ import annotations

from app.wizard.step import Step
from app.wizard.steps import (
    address,
    choice,
    contact,
    education,
    guardians,
    joining,
    key,
    leerbedrijf,
    person,
    picked,
    start_day,
)

STEPS: dict[str, Step] = {
    step.question: step
    for step in (
        person.STEP,
        person.PERSONAL,
        address.STEP,
        contact.STEP,
        picked.STEP,
        education.STEP,
        choice.STEP,
        key.STEP,
        joining.STEP,
        start_day.STEP,
        guardians.STEP,
        leerbedrijf.STEP,
    )
}
BY_SLUG: dict[str, Step] = {step.slug: step for step in STEPS.values()}
