"""What Megatron-LM writes: the inside of the readers of its log and of `progress.txt`."""
