"""Foreign systems, one file each, behind the Protocols of app.domain.ports."""
