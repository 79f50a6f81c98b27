"""`python -m discuss.serve`: the parent process of the whole service, see docs/decisions/0005."""
