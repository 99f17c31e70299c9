r"""資料有誤: a citizen says that a field is wrong, the agency's desk hears it once, and the citizen hears what became of it.

queued -> sent -> answered (corrected, upheld, forwarded)
     \-> given up <-/   (desk does not take it, text lost; no answer)
"""
