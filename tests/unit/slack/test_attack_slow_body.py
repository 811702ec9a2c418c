"""Attack: a body that is begun and never ends, unsigned, to hold a connection for ever."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.slack.listeners import PATH, Door
from tests.unit.slack.doors import Doors


async def test_a_body_that_does_not_come_is_cut_off() -> None:
    """Answered with 408, and the connection is closed."""
    doors = Doors()
    door = Door(signing_secret="secret", first=doors.first, patience=0.05)
    app = web.Application()
    app.add_routes(door.routes())
    async with TestServer(app) as server:
        reader, writer = await asyncio.open_connection(server.host, server.port)
        writer.write(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{{".encode())
        async with asyncio.timeout(20):
            answer = await reader.readline()
        writer.close()

    assert b"HTTP/1.1 408 Request Timeout\r\n" == answer
    assert [] == doors.arrivals
