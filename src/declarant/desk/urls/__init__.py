"""The addresses of each desk."""
