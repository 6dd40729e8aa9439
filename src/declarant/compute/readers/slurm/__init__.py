"""What Slurm accounts: the inside of the reader of `sacct`."""
