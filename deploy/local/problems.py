class LocalProblem(Exception):
    """Something on this machine is in the way. The text is one sentence for a person and names the way out."""
