"""Floor 1, the nouns: what a city, a source, a reading, a finding and a scorecard are."""
