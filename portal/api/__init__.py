"""The portal for programs: whatever a person can do on a page, a client can do here."""
