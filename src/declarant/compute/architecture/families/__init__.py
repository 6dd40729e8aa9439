"""One module for each group of families; each registers the `model_type`s it reads."""
