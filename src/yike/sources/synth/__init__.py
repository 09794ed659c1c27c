"""
A made-up city that is statistically real: streets, walled compounds, people, outlets, planted gaps.

In: a size and a seed. Out: a city pack (every file marked 虚构) with the truth beside it.
Example: ``city.make_city("yima", 7, Path("packs/yima"))``. ``yima_communities.csv`` holds the official names
and codes of 义马's 35 communities (china-division 2.7.0, MIT; facts of the National Bureau of Statistics).
"""
