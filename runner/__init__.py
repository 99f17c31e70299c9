"""Starts, stops and checks the portal; the standard library alone, for it runs before anything is installed."""
