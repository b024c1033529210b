"""An invented city, Exampleton: served on loopback, read over real HTTP, judged and rendered with no internet."""
