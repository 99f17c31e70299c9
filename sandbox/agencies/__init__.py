"""The agencies that provide data: the other end of the provider wire, and the sample that an agency copies.

Read in this order: `answering` (what happens when the portal calls), `asking` (who is it about),
`signed_zip` and `signed_json` (the two forms of an answer), `papers/` (one file a dataset).
"""
