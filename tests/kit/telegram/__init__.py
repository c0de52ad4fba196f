"""A Telegram that runs on this machine: a Bot API server over the wire, and people's phones on it.

    async with FakeTelegram() as server:
        bot = telegram.Bot(server.token, base_url=server.base_url)
        anna = server.person("anna")
        await anna.starts(payload="welkom")

It behaves as the documented Bot API does, and every request, answer and update is held against
models that were generated from that documentation by others (`description`).
"""
