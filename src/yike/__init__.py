"""
一刻: analysis and governance of 15-minute living circles (一刻钟便民生活圈).

The rooms, from the door inwards: ``cli`` -> ``studies`` -> ``reports`` | ``sources`` -> ``standards``
-> ``core`` -> ``errors``. A room imports only rooms below it. Start at ``studies/pipeline.py``.
"""

__version__ = "0.1.0"
