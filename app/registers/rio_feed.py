"""The change feed beside RIO: ours, since its open API has none (see README.md)."""

from __future__ import annotations

from datetime import datetime

from app.domain.ports import Changed, MalformedReply
from app.registers.http import Client
from app.registers.reply import Reply

REGISTER = "rio-feed"
UUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


class RioFeed:
    """Every method raises a RegisterError where the feed can't be asked or answers nonsense."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def changed(self, since: datetime) -> Changed:
        if since.tzinfo is None:
            raise ValueError("a moment has an offset")
        answer = self._client.get_json("/wijzigingen", {"sinds": since.isoformat()})
        reply = Reply.of(REGISTER, answer)
        if not isinstance(reply.data.get("wijzigingen"), list):
            raise MalformedReply(REGISTER, "wijzigingen")
        keys = [r.required("aangebodenOpleidingcode", UUID) for r in reply.children("wijzigingen")]
        return Changed(tuple(dict.fromkeys(keys)), _moment(reply, "totEnMet"))


def _moment(reply: Reply, key: str) -> datetime:
    moment = _read(reply.required(key))
    if moment is None or moment.tzinfo is None:
        raise reply.malformed(key)
    return moment


def _read(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:  # raised further, it would carry the text along
        return None
