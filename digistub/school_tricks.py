"""Return links that may not count, by every trick that there is (DEE-3)."""

from __future__ import annotations


def tricks(host: str) -> list[tuple[str, str]]:
    """What each does, and the URL; none is a page of the school at `host`."""
    return [
        ("Een vreemde site", "https://kwaad.example/"),
        ("De naam van de school met iets erachter", f"https://{host}.kwaad.example/"),
        ("De naam van de school met iets ervoor", f"https://kwaad{host}/"),
        ("De school als gebruikersnaam", f"https://{host}@kwaad.example/"),
        ("Een gebruikersnaam bij de school", f"https://naam:wachtwoord@{host}/"),
        ("De school na een hekje", f"https://kwaad.example#@{host}/"),
        ("De school in de vraag", f"https://kwaad.example?.{host}"),
        ("Een backslash voor een apenstaart", f"https://{host}\\@kwaad.example/"),
        ("Backslashes in plaats van schuine strepen", "https:\\\\kwaad.example/"),
        ("Zonder schema", "//kwaad.example/"),
        ("Met drie schuine strepen", "///kwaad.example/"),
        ("Zonder schuine strepen", "https:kwaad.example"),
        ("Met een tab erin", "https://kwaad\t.example/"),
        ("Met een nieuwe regel erin", f"https://{host}/%0d%0aLocation:%20https://kwaad.example/"),
        ("Met een teken dat je niet ziet", f"https://{host}\u200b.kwaad.example/"),
        ("Met een letter uit een ander schrift", f"https://{host.replace('e', chr(0x435))}/"),
        ("Met een punt uit een ander schrift", f"https://{host}\u3002kwaad.example/"),
        ("Zonder https", f"http://{host}/"),
        ("Met een poort", f"https://{host}:8443/"),
        ("Met een punt achteraan", f"https://{host}./"),
        ("Een getal in plaats van een naam", "https://2130706433/"),
        ("Een naam die op deze computer lijkt", "http://localhost.kwaad.example/"),
        ("Een script", "javascript:alert(document.domain)"),
        ("Een bladzijde in de link zelf", "data:text/html,<script>alert(1)</script>"),
        ("Een app", f"intent://{host}#Intent;scheme=http;end"),
        ("Een procentteken dat niets betekent", f"https://{host}/%zz"),
        ("Een link van meer dan 2048 tekens", f"https://{host}/{'a' * 2048}"),
    ]


def visible(url: str) -> str:
    """As it can be read on a page, with what can't be seen or isn't ASCII escaped."""
    shown = "".join(c if "!" <= c <= "~" else ascii(c)[1:-1] for c in url)
    return shown if len(shown) <= 90 else f"{shown[:60]}… ({len(url)} tekens)"
