"""What the log tells the rest of the house, so that nobody below needs to know who listens."""

from django.dispatch import Signal

event_recorded = Signal()
"""Sent with `event` in the transaction that records it; a listener may write rows, never call out."""
