"""Pages of questions and answers; urls.py names each."""
