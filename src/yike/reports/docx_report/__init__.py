"""
The gap report as an official paper (公文 layout, GB/T 9704-2012): real tables, real map pictures.

In: ``ReportFacts``. Out: ``report.docx`` that officials edit in Word or WPS.
``layout.py`` is the paper, ``build.py`` what it says.
"""
