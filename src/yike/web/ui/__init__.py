"""
The look of all pages: tokens, table, form, status, empty, error and busy states.

In: nothing of ours. Out: templates, styles, small scripts, the content policy. Every app builds on it.

Example: ``{% extends "ui/page.html" %}``
"""
