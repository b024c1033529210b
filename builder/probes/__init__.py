"""Floor 2, one file per kind of source: asks through the Web protocol, reports what it saw, never judges."""
