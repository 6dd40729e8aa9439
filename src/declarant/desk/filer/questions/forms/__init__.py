"""Forms: the answer to one question by its type, and the small ones around it."""
