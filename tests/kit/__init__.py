"""The test kit: a real homeserver, people's phones on it, and what they expect to see.

It is part of the product: the demo plays with it, and who edits a protocol can replay it.

- `synapse.Synapse` starts, breaks and mends a homeserver;
- `phone.Phone` is one person's real client, `seen.Seen` a message as it shows it now;
- `expect.Expectations` is how a story says what must come, and that nothing else came.
"""
