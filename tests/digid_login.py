"""Logging in at DigiStub by plain HTTP, as a browser would."""

from __future__ import annotations

import httpx

TOO_MANY = 10


def log_in(
    client: httpx.Client, url: str, bsn: str, level: str = "20", fault: str = ""
) -> httpx.Response:
    """From `url` (the portal's `/login/digid`) over DigiStub's page to where the portal ends up.

    `client` keeps the cookies of both. `fault` is a code of `digistub.tokens.FAULTS`, or an
    error that the provider sends back, such as `access_denied`.
    """
    page = _follow(client, client.get(url, follow_redirects=False))
    assert page.status_code == 200, page.status_code
    assert "<title>Wie logt er in?" in page.text, "this isn't DigiStub's page"
    return _follow(client, answer(client, page, bsn, level, fault))


def answer(
    client: httpx.Client, page: httpx.Response, bsn: str, level: str = "20", fault: str = ""
) -> httpx.Response:
    """Fills in DigiStub's page; the redirect to the portal, not yet followed."""
    form = {"bsn": bsn, "niveau": level, "fout": fault, "actie": "inloggen"}
    return client.post(page.url, data=form, follow_redirects=False)


def _follow(client: httpx.Client, response: httpx.Response) -> httpx.Response:
    for _ in range(TOO_MANY):
        if response.next_request is None:
            return response
        response = client.send(response.next_request, follow_redirects=False)
    raise AssertionError("it keeps on redirecting")
