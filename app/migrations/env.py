"""Alembic's way in: the application's own engine and tables."""

from alembic import context

from app.models import Moment, metadata


def rendered(kind, item, _):
    """A migration stays as it was, whatever becomes of our own types."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


with context.config.attributes["engine"].connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        render_item=rendered,
        compare_server_default=False,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
