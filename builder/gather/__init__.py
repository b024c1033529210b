"""Floor 3, the only floor that touches a network: the safe, polite client, captures, the run."""
