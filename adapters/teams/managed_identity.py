"""The bot's own token where it has no password: given by the host that it runs on, to a managed identity that was assigned to it.

Which endpoint is asked (that of an app service, a virtual machine, …) Microsoft's library finds in the host's environment:
IDENTITY_ENDPOINT and IDENTITY_HEADER, or AZURE_POD_IDENTITY_AUTHORITY_HOST. It blocks, so it is called in a thread, with a bound on its
patience; its own cache is not used, since a token that was refused must not come from there again. What is sent to the endpoint is a
secret of the host's, so it is asked past every proxy and no redirect is followed. Service Fabric is not supported.
Source: learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token (404, 410, 429 and 5xx pass by waiting).
"""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus

import msal  # type: ignore[import-untyped]  # it brings no types
import requests

from adapters.teams.kept_token import KeptToken, Token
from adapters.teams.reading import string
from bot.errors import DeskmateError, PermanentError, TemporaryError

_PATIENCE = (3.0, 10.0)
"""Seconds for connecting, and for each piece of the answer."""
_ALTOGETHER = 20.0
_DELAY = 5.0
_PASSING = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.TOO_MANY_REQUESTS})


class ManagedIdentity(KeptToken):
    """Gives tokens of the user-assigned identity whose client id is the bot's app id."""

    def __init__(self, app_id: str, scope: str) -> None:
        super().__init__(self._given)
        self._app_id = app_id
        self._resource = scope.removesuffix("/.default")

    async def _given(self) -> Token:
        try:
            async with asyncio.timeout(_ALTOGETHER):
                return await asyncio.to_thread(_ask, self._app_id, self._resource)
        except TimeoutError as error:
            raise TemporaryError("The identity endpoint of this host gave no answer.", delay=_DELAY) from error


class _Bounded:
    """Asks with patience that ends, past every proxy, and follows nothing; knows how the last answer began."""

    def __init__(self, session: requests.Session) -> None:
        session.trust_env = False
        self._session = session
        self.status = 0

    def get(
        self, url: str, *, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> requests.Response:
        """Ask once."""
        answer = self._session.get(url, params=params, headers=headers, timeout=_PATIENCE, allow_redirects=False)
        self.status = answer.status_code
        return answer


def _ask(app_id: str, resource: str) -> Token:
    with requests.Session() as session:
        http = _Bounded(session)
        client = msal.ManagedIdentityClient(msal.UserAssignedManagedIdentity(client_id=app_id), http_client=http)
        try:
            answer = client.acquire_token_for_client(resource=resource)
        except requests.RequestException as error:
            raise TemporaryError(
                "The identity endpoint of this host cannot be reached: with MICROSOFT_APP_TYPE=UserAssignedMSI, Deskmate runs on an "
                f"Azure host to which the bot's identity is assigned ({type(error).__name__}).",
                delay=_DELAY,
            ) from error
        except Exception as error:  # the library has no error of its own for an answer that it cannot read
            raise _refused(http.status, type(error).__name__) from error
    token, seconds = answer.get("access_token"), answer.get("expires_in")
    if not token or not isinstance(token, str) or not isinstance(seconds, int) or seconds <= 0:
        raise _refused(http.status, _why(answer))
    return Token(text=token, seconds=float(seconds))


def _refused(status: int, why: str) -> DeskmateError:
    if status in _PASSING or not HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return TemporaryError(f"The identity endpoint of this host gave no token ({status} {why}).", delay=_DELAY)
    return PermanentError(
        "This host has no token for the bot: assign the user-assigned managed identity whose client id is MICROSOFT_APP_ID to "
        f"the virtual machine or app service ({status} {why})."
    )


def _why(answer: dict[str, object]) -> str:
    return string(answer, "error_description", longest=200) or string(answer, "error", longest=60) or "no reason given"
