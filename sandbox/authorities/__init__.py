"""The authorities that vouch for people: certificate authority, health insurance, household registration."""
