"""What this app was made with, for the request that is being answered."""

from __future__ import annotations

from typing import cast

from flask import current_app

from app.config import Settings
from app.domain.ports import Registers
from app.store import Store


def settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])


def registers() -> Registers:
    return cast(Registers, current_app.extensions["registers"])


def store() -> Store:
    return cast(Store, current_app.extensions["store"])
