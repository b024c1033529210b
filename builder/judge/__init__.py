"""Floor 2, arithmetic: facts, ledger, framework and a moment go in, a scorecard comes out; nothing else."""
