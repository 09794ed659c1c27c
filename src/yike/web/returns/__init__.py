"""
Where: survey forms (附件5) as living documents: waves, returns, revisions, checks, approvals, merged returns.

In: the register's numbers, people's entries, returned workbooks. Out: the official form on paper, locked
revisions, merged returns. May import ``voices`` and below.
"""
