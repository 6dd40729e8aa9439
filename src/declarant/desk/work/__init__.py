"""Work that outlasts a request: background jobs, mail that goes out once, daily things."""
