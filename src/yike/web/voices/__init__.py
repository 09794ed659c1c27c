"""
Where: what residents say (问需于民): needs, and answers on satisfaction.

In: entries of community workers, paper questionnaires, anonymous links. Out: needs lists, pooled
satisfaction. May import ``outlets`` and below.
"""
