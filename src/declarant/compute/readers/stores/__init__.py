"""What experiment stores hold, run by run: the inside of their readers, with the table of tags."""
