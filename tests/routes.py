"""Every route, and what it gives to whom."""

from __future__ import annotations

from tests.guests import WITHOUT_DIGID

LOG_IN = "/sessie-verlopen"  # where a guard sends who isn't logged in
SENT, FILES = ("intrekken", "kiezen"), ("bewijs.pdf", "start.ics")  # of a draft there is none

OPEN = (  # to everybody, alike
    *("/docs/sis", "/docs/sis/api", "/privacy", "/mailadres-bevestigd", "/controleer"),
    *("/cambo/rest/v1/openapi.json", "/koppelpunt-mbo/v1/openapi.json"),
    *("/healthz", "/readyz", "/.well-known/security.txt"),
    *(f"/testdeur/{what}" for what in ("ingesteld", "klok", "mail", "registratiecodes", "sis")),
)
# Of each rule and method: what anybody gets, and what a student gets with a complete draft, a
# form token and an empty form. A text is where it leads.
TABLE: list[tuple[str, str, int | str, int | str]] = [
    ("/", "GET", 200, 200),
    ("/aanmelden", "GET", 404, 404),
    ("/aanmelden", "POST", "/aanmelden", 404),
    ("/taal/<code>", "GET", "/", "/"),
    ("/login", "GET", 200, 200),
    *WITHOUT_DIGID,
    ("/beheer", "GET", 200, 200),
    ("/login/digid", "GET", "/digistub/authorize", "/digistub/authorize"),
    ("/login/digid/terug", "GET", 400, 400),
    ("/sessie-verlopen", "GET", 401, 200),
    ("/sessie/verlengen", "POST", LOG_IN, 204),
    ("/uitloggen", "POST", LOG_IN, 200),
    ("/uitgelogd", "GET", 200, 200),
    ("/uitgelogd/wissen", "GET", 204, 204),
    ("/mijn", "GET", LOG_IN, 200),
    ("/mijn/nieuw", "POST", LOG_IN, "/aanmelding/"),
    ("/mijn/gegevens", "GET", LOG_IN, 200),
    ("/mijn/gegevens", "POST", LOG_IN, "/mijn/gegevens"),
    ("/mijn/gegevens/alles", "GET", LOG_IN, 200),
    ("/mijn/gegevens/bestand", "GET", LOG_IN, 200),
    ("/mijn/gegevens/bereiken", "GET", LOG_IN, 200),
    ("/mijn/gegevens/bereiken", "POST", LOG_IN, "/mijn/gegevens"),
    ("/mijn/gegevens/weghalen", "GET", LOG_IN, 200),
    ("/mijn/gegevens/weghalen", "POST", LOG_IN, "/weggehaald"),
    ("/mijn/gegevens/weggehaald", "GET", 200, 200),
    ("/mijn/<uuid:draft_id>/weg", "POST", LOG_IN, "/mijn"),
    ("/mijn/<uuid:draft_id>", "GET", LOG_IN, 404),
    *((f"/mijn/<uuid:draft_id>/{act}", m, LOG_IN, 404) for act in SENT for m in ("GET", "POST")),
    ("/aanmelding/<uuid:draft_id>/", "GET", LOG_IN, "/controleren"),
    ("/aanmelding/<uuid:draft_id>/<slug>", "GET", LOG_IN, 200),
    ("/aanmelding/<uuid:draft_id>/<slug>", "POST", LOG_IN, "/controleren"),
    ("/aanmelding/<uuid:draft_id>/duo", "POST", LOG_IN, "/gegevens"),
    ("/aanmelding/<uuid:draft_id>/controleren", "GET", LOG_IN, 200),
    ("/aanmelding/<uuid:draft_id>/controleren", "POST", LOG_IN, 422),
    ("/aanmelding/<uuid:draft_id>/laatste-dag.ics", "GET", LOG_IN, 200),
    ("/aanmelding/<uuid:draft_id>/verstuurd", "GET", LOG_IN, "/controleren"),
    ("/aanmelding/<uuid:draft_id>/verstuurd/mail", "POST", LOG_IN, "/controleren"),
    *((f"/aanmelding/<uuid:draft_id>/verstuurd/{f}", "GET", LOG_IN, 404) for f in FILES),
    ("/aanmelding/<uuid:draft_id>/verstuurd/<slug>", "GET", LOG_IN, "/controleren"),
    ("/aanmelding/<uuid:draft_id>/verstuurd/<slug>", "POST", LOG_IN, "/controleren"),
    ("/mail/<token>", "GET", 410, 410),
    ("/mail/<token>", "POST", 400, 410),
    ("/controleer", "POST", 400, 422),
    ("/login/oauth2/token", "POST", 400, 400),
    ("/cambo/rest/v1/party/me", "GET", 401, 401),
    ("/cambo/rest/v1/koppelpunt", "GET", 401, 401),
    *(
        (f"/cambo/rest/v1/koppelpunt/<code>/aanmelding{rest}", method, 401, 401)
        for rest, method in (
            *(("", "GET"), ("/nieuw", "GET"), ("/zoek", "POST"), ("/<int:application_id>", "GET")),
            *(("/<int:application_id>/ontvangst", "POST"),),
            *(("/<int:application_id>/foutmelding", "POST"),),
        )
    ),
    ("/koppelpunt-mbo/v1/aanmeldstatussen", "POST", 401, 401),
    *((path, "GET", 200, 200) for path in OPEN),
    ("/testdeur/klok", "POST", 200, 200),
    ("/testdeur/nacht", "POST", 200, 200),
    ("/testdeur/opnieuw", "POST", 200, 200),
    *(
        (f"/testdeur/sis/{what}", "POST", 422, 422)
        for what in ("aanmeldingen", "klaarzetten", "koppelpunt", "sleutel")
    ),
    ("/testdeur/zweeds", "GET", "/", "/"),
]
