"""
Commands of the workbench: ``init``, ``createuser``, ``serve``, ``worker``, ``doctor``, ``audit``.

The command line names them as text and imports one only when it is called: ``cli`` does not know ``web``.
"""
