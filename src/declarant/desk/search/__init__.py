"""Search across records and documents, in English and Chinese."""
