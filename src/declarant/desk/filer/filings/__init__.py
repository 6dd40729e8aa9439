"""Filings: notifications and affirmations, from the draft to the agency's receipt.

drafting.py   register -> document (a background job)       checking.py   findings in four classes
readying.py   the document as it will be certified          ticking.py    statements, one by one
signing/      whose key, where it lies, sign once           sending/      mail, HTTPS, by hand
receipts.py   the agency's receipt, matched                 standing.py   what was sent, what is due
"""
