"""Filing: documents, the form and the calendar, the signed message, and the check of all of them.

    document = build(facts, determination, law, quarter, preparation)      build.py
    filing = Filing.of(document, render(document).pdf, calendar(document)) message.py, pdf.py
    message = signed_message(filing, signer, at)                           message.py, signing.py
    verification = verify(File(name, message), Expectations())             verification/

Import from the modules: who verifies needs neither register nor determination, and they are heavy.
The documents of the exchange that follows (questions, answers, corrections, extensions, receipts)
stand in exchange/. The published formats are the models in published.py and manifest.py; their JSON
Schemas stand in schemas/. Nothing here reads a clock or the network.
"""
