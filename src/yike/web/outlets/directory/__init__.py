"""
The directory beside the outlets: public facilities (公共设施) and idle premises (闲置空间).

Where: one set of pages, actions and imports for both; ``kinds`` says what each is and has. Lists are small: a
file is looked at and applied within one request, all of it or nothing.
"""
