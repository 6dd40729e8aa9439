"""The API of a desk: the same acts as the pages, for programs with tokens that end."""
