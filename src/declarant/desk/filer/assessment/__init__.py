"""What follows from the register, worked out in the background and kept for the pages."""
