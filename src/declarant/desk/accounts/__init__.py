"""People: who they are, which roles they hold, and how they sign in."""
