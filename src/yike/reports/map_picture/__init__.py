"""
Map pictures for print: streets, minutes to the nearest outlet, circles, legend, scale, north, date.

In: ``ReportFacts`` and a business type. Out: PNG bytes, the same each time.
"""
