"""The agency's questions: what arrived, the answers as they are worked on, and what was sent.

    importing.py    the agency's signed message becomes rows, or is kept with what is wrong with it
    clocks.py       until when, from the law's data and the agency's decisions, and nothing else
    drafting.py     an answer grows by versions; reviewing.py, discussing.py, attaching.py beside it
    worked_off_line.py   the spreadsheet and the document, there and back
    composing.py    approved answers become an answer set; certifying.py signs and sends it
    extending.py    more time is asked for, and granted or not

Nothing that was sent is ever edited: the models refuse it, and so does the database (guards.py).
"""
