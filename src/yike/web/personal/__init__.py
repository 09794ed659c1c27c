"""
Where: personal data: what is held about people, where and for how long; finding, handing out and erasing it.

In: holdings that the apps above name. Out: the inventory, one person's data as a workbook, erasures, the
daily retention. May import ``jobs`` and below.
"""
