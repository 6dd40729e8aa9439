"""Sending: by mail, over HTTPS, or by hand; always the same bytes."""
