"""The exchange that follows a notification: questions, answers, corrections, extensions, receipts.

    from_agency.py, from_person.py   the documents, from head.py, questions.py, answers.py, parts.py
    making.py                        documents with their head filled in, and their clocks
    receipting.py                    the receipt of a message, whatever is in it
    question_file.py                 questions from a YAML file
    checking.py                      whether answers fit the questions
    carrying_over.py                 former answers under new questions; new, changed or the same
    sending.py                       a document with its form, calendar and evidence, to be signed
    matching.py                      whether a reply belongs to a document
    presentation*.py                 what the forms say

Each is the signed message of a published format: message.py puts it in, verification/ opens it and
says whether it holds together (verification/exchange/).
"""
