"""What stops the runner, in a sentence for the person at the terminal."""


class CannotRun(Exception):
    """The command cannot be done; the text says why and what to do."""
