"""A tracker's ledger read again: its chain, what it lost, its ranks put together."""
