"""The pages: one room a page, each turning scorecards into what its template shows."""
