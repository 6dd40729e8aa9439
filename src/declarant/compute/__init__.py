"""How much computation a training run used: in closed form, from chip time, in a ledger.

`ledger` holds the segments every regime filters; `architecture` counts in closed form from a
model's configuration; `chip_time` and `utilisation` count from devices and hours; `plausibility`
questions a ledger that cannot be true.
"""
