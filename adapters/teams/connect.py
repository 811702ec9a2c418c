"""Puts the parts of the Teams adapter together, from plain values.

Sessions are opened by `async with`, not before. Inbound and outbound have one pool each: keys that are slow to come must not wait for
connections that posts hold. Connections are kept for less time than Microsoft keeps them, since a POST on one that was just closed
is a POST of which nobody knows whether it was done.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web

from adapters.system_clock import SystemClock
from adapters.teams.account import DEFAULT_HOSTS, DEFAULT_SERVICE, Account, ServiceHosts
from adapters.teams.addresses import Addresses, LookUp
from adapters.teams.audience import TeamsAudience
from adapters.teams.calls import TokenSource
from adapters.teams.connector import Connector
from adapters.teams.endpoint import Accept, Endpoint
from adapters.teams.graph import Graph, scope_of
from adapters.teams.groups import Groups
from adapters.teams.history import SETTLE, History, stored_posts
from adapters.teams.inbound import SupportChannels
from adapters.teams.keys import DEFAULT_METADATA, SigningKeys
from adapters.teams.login import DEFAULT_LOGIN, SCOPE, Login
from adapters.teams.managed_identity import ManagedIdentity
from adapters.teams.membership import Changed, Membership
from adapters.teams.messenger import TeamsMessenger
from adapters.teams.refreshing import TeamsSurfaces
from adapters.teams.streams import Note, Streams
from adapters.teams.tokens import TokenCheck
from adapters.teams.whereabouts import Whereabouts
from bot.ports import Clock, Storage
from bot.wording.posts import Words

KEEP_ALIVE = 10.0
CONNECTIONS = 100


@dataclass(frozen=True, kw_only=True)
class Servers:
    """Where Microsoft is; anything else than the defaults is for tests and national clouds."""

    metadata_url: str = DEFAULT_METADATA
    login_url: str = DEFAULT_LOGIN
    graph_url: str | None = None
    """None: Microsoft Graph is not asked."""
    graph_settles: float = SETTLE
    """Seconds after which Graph shows what was posted."""
    service_hosts: Sequence[str] = DEFAULT_HOSTS
    default_service: str = DEFAULT_SERVICE


class Teams:
    """The whole adapter; use it inside `async with`."""

    def __init__(
        self,
        account: Account,
        *,
        accept: Accept,
        surfaces: TeamsSurfaces,
        support: SupportChannels,
        service_url: LookUp,
        servers: Servers | None = None,
        words: Words | None = None,
        note: Note | None = None,
        clock: Clock | None = None,
        storage: Storage,
        changed: Changed,
        private: Callable[[], Collection[str]],
    ) -> None:
        """`note` stores what was begun of a reply; without it nothing is streamed. `changed` is told who can read where.

        `private` names the channels in which private notes may stand; `storage` keeps what is learnt of channels.
        """
        servers, words = servers or Servers(), words or Words()
        hosts = ServiceHosts(servers.service_hosts)
        self._sessions: list[aiohttp.ClientSession] = []
        self.whereabouts = Whereabouts(storage)
        self._addresses = Addresses(hosts, service_url, servers.default_service, whereabouts=self.whereabouts)
        connector = Connector(self._outbound, self._tokens(account, servers, SCOPE), hosts)
        self.graph = self._graph(account, servers)
        self._groups = Groups(connector, self._addresses, self.whereabouts)
        keys = SigningKeys(lambda: self._sessions[1], servers.metadata_url)
        streams = Streams(connector=connector, words=words, clock=clock or SystemClock(), note=note)
        history = self._history(account, words, servers, storage)
        self.messenger = TeamsMessenger(connector, self._addresses, account, words, streams, history)
        self.audience = TeamsAudience(
            connector,
            self._addresses,
            account,
            whereabouts=self.whereabouts,
            groups=self._groups,
            graph=self.graph,
        )
        self.endpoint = Endpoint(
            tokens=TokenCheck(account, keys, hosts),
            addresses=self._addresses,
            support=support,
            accept=accept,
            surfaces=surfaces,
            reachable=self.audience.writes_in,
            words=words,
            membership=Membership(
                connector=connector,
                addresses=self._addresses,
                whereabouts=self.whereabouts,
                changed=changed,
                private=private,
            ),
        )

    def _outbound(self) -> aiohttp.ClientSession:
        return self._sessions[0]

    def _graph(self, account: Account, servers: Servers) -> Graph | None:
        if servers.graph_url is None:
            return None
        tokens = self._tokens(account, servers, scope_of(servers.graph_url))
        return Graph(self._outbound, tokens, servers.graph_url)

    def _tokens(self, account: Account, servers: Servers, scope: str) -> TokenSource:
        if account.managed:
            return ManagedIdentity(account.app_id, scope)
        return Login(self._outbound, account, servers.login_url, scope=scope)

    def _history(self, account: Account, words: Words, servers: Servers, storage: Storage) -> History | None:
        if self.graph is None:
            return None
        stored = partial(stored_posts, storage)
        settle = servers.graph_settles
        return History(self.graph, account.app_id, words, group=self._groups.of, stored=stored, settle=settle)

    def routes(self) -> list[web.RouteDef]:
        """Give `POST /api/messages`."""
        return [web.post("/api/messages", self.endpoint.handle)]

    async def __aenter__(self) -> Self:
        for _ in range(2):
            pool = aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=KEEP_ALIVE)
            self._sessions.append(aiohttp.ClientSession(connector=pool, cookie_jar=aiohttp.DummyCookieJar()))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for session in self._sessions:
            await session.close()
        self._sessions.clear()
