"""
Writes of the app, one file a concept: needs, surveys with their numbers and answers, workbooks of answers.

Each is one transaction: rule first, trace last.
"""
