"""The filer's desk: register, assessment, filings, questions, and every date in between."""
