"""What the Hugging Face Trainer keeps: the inside of the reader of `trainer_state.json`."""
