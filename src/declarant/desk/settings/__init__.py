"""Django's settings: `base` for both desks, and one module a desk."""
