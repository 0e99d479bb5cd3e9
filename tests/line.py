"""The operator's command line."""

from __future__ import annotations

from app import commands, jobs
from tests.portal import Portal


class Line:
    def __init__(self, portal: Portal) -> None:
        commands.register(portal.app)
        jobs.register(portal.app)
        self.runner = portal.app.test_cli_runner()

    def says(self, *words: str) -> str:
        result = self.runner.invoke(args=list(words))
        assert result.exit_code == 0, result.output
        return str(result.output)

    def refuses(self, *words: str) -> str:
        """With one line, that is no trace."""
        result = self.runner.invoke(args=list(words))
        assert isinstance(result.exception, SystemExit), result.exception
        assert result.exit_code == 1, result.output
        assert result.output.startswith("Error: ")
        assert result.output.count("\n") == 1
        return str(result.output)
