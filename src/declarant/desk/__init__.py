"""The web desks: a Django project that stores, shows, assigns and sends.

What is counted, decided and filed comes from the pure rooms below; a desk adds people, time and
memory to them. Each desk serves one office with its own database and its own folder.
"""
