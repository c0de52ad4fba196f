"""Understanding what people type. Pure: text and offered choices in, values out.

Nothing here raises on any text, changes anything or decides what is allowed.
"""
