"""Everybody else: people, agencies, authorities and the post, played by one process on the loopback address.

The portal and the sandbox share no code. What stands here knows only the portal's public contract, so it is also
the sample that an agency copies: `agencies/` is a complete provider, from the bearer token to the signed answer.
"""
