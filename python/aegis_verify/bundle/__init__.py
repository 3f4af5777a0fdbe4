"""Verification of a bundle: what `aegis ledger export` writes, from its folder alone."""
