"""Work that outlasts a request: background jobs, mail that must go out once, things done each day."""
