"""
Policy as dated data: business types, rule packs, walking profiles, supply norms.

In: ``standards/data/**/*.toml``. Out: ``BusinessTypes``, ``RulePack``, ``WalkProfile``.
May import: ``core`` types, ``errors``. Every value carries its ``source``; inference is marked 推定.
"""
