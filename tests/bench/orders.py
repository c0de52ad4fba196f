"""A bare client in a process of its own does what it is told: a JSON line in, a JSON line out."""

import asyncio
import json
import sys


async def obey(bare: object) -> None:
    """Each order names a method of `bare` and its arguments. Returns when no more come."""
    orders = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(orders)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    print(json.dumps("ready"), flush=True)
    while line := await orders.readline():
        order = json.loads(line)
        answer = await getattr(bare, order.pop("do"))(**order)
        print(json.dumps(answer), flush=True)
