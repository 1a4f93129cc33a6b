"""Exporters: an executed notebook becomes a Document, and a Document becomes HTML or PDF."""
