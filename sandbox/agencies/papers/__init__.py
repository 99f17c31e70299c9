"""One file a dataset: who provides it, and how the agency writes its paper about a person.

`datasets.load` finds every module here by itself; each defines `DATASET`.
"""
