"""A picture of a real conversation, for the README: `make picture`.

`run` plays the Friday on a real server, `film` keeps what the phones showed, `reel` chooses
what fits on a picture, and `screen` draws it with locked letters and emoji. What the bot
says is nowhere typed in here; what people write to it is in `run`.
"""
