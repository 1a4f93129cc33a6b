"""Text ↔ fiscal years, numbers, marks and glyphs: what is Japanese and knows no plan.

In: printed text, numbers, dates. Out: values and text. Open :mod:`nenpo.language.numbers` first.
"""
