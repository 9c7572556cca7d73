"""Panels that can stay open: export, preferences, help."""
