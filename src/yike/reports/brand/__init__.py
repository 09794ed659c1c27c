"""
The look that every output shares: the mark (a quarter ring around a dot), colours, minute classes.

In: nothing. Out: ``tokens.load_tokens()``, ``tokens.css_variables()``, ``tokens.mark_svg()``. Imports nothing
of the project.

Example: ``from yike.reports.brand.tokens import minute_classes``
"""
