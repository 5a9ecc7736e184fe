class LocalProblem(Exception):
    """A problem with this machine. The text is one sentence for a person and names the solution."""
