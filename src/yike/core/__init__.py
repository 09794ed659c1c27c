"""
The engine: walking networks, access, circles and siting, as arrays in and arrays out.

In and out: the tables of ``core/tables/``. No files, no clock, no framework, no global state.
May import: numpy, scipy, numba, shapely, contourpy, ``yike.errors``.
Stack inside: ``siting | circle`` -> ``access`` -> ``network`` -> ``geo`` -> ``tables``.
"""
