"""Decay functions: how much an outlet still counts after a walk of so many seconds."""
