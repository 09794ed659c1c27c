"""
Where: the register of outlets, facilities, idle premises, units and teams, with history.

In: people's entries, lists in Excel, CSV or GeoJSON. Out: filtered lists, the engine's tables, exports. May
import ``regions`` and below.

Example: ``to_table(outlets_visible_to(account, today))``
"""
