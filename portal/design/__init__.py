"""How the portal looks and speaks: template tags, components, the words for times and places."""
