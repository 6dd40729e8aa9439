"""Signing: whose certificate, where its key lies, and the one act that certifies."""
