"""InfiniBand as its tools print it: rates, host names, and the text of a fabric dump."""
