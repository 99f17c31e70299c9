"""The invented people: who they are, what cards they hold, how they live."""
