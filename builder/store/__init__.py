"""Floor 2, the disk: people's YAML with line numbers, machine-written results, the ledger, JSON Schemas."""
