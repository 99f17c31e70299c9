"""The floor of the house: what every layer stands on; no table of its own, no knowledge of any app."""
