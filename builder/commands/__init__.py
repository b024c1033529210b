"""The commands of the command line, beside those in ``cli``: one room a subject."""
