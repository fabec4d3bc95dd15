"""A deterministic simulator of the ledger's writers: the real poster, the real steps and the real tables, on a bad day.

Time is virtual and chance is a seed's, so a seed is a history that can be had again: `make sim`, `make sim SEED=7`,
`make sim BUG=3`. Why it is built like this: docs/adr/0073-simulator.md.
"""
