"""Alembic's way in: the application's own engine and tables."""

from alembic import context

from app.models import Moment, metadata


def rendered(kind, item, _):
    """A migration stays as it was, whatever becomes of our own types."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


def unheld(connection):
    """SQLite makes a table anew to change it, and holds whatever refers to it against that. Said
    before any transaction, and checked after all of them."""
    return connection.connection.driver_connection.execute


with context.config.attributes["engine"].connect() as connection:
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        unheld(connection)("PRAGMA foreign_keys = OFF")
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        render_item=rendered,
        compare_server_default=False,
        transaction_per_migration=True,
    )
    try:
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        broken = unheld(connection)("PRAGMA foreign_key_check").fetchall() if sqlite else []
        assert not broken, f"rows that refer to nothing: {broken[:5]}"
    finally:
        if sqlite:
            unheld(connection)("PRAGMA foreign_keys = ON")
