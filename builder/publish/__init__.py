"""Floor 3, from scorecards to a website: frames, pages, prose, the JSON twin; reads disk only."""
