"""The identity endpoints of a host in Azure: that of an app service, and that of a virtual machine.

Both give a token for a resource to one user-assigned identity, the bot's. They are asked with a header, which keeps out whoever can
only make this machine fetch an address. Shapes: learn.microsoft.com/azure/app-service/overview-managed-identity and
learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token. Faults are planned for the kind `identity`.
"""

import time

from aiohttp import web

from tests.fakes.faults import JsonObject, break_connection, linger
from tests.fakes.loopback import Loopback
from tests.fakes.teams_tokens import Issuer

APP_SERVICE, MACHINE = "/msi/token", "/metadata/identity/oauth2/token"
SECRET = "local-identity-header"


class HostIdentity:
    """Gives tokens of the bot's managed identity."""

    def __init__(self, server: Loopback, issuer: Issuer) -> None:
        self.asked: list[JsonObject] = []
        """Query of each question."""
        self._server = server
        self._issuer = issuer

    def routes(self) -> list[web.RouteDef]:
        """Give the endpoints."""
        return [web.get(APP_SERVICE, self._app_service), web.get(MACHINE, self._machine)]

    @property
    def app_service(self) -> dict[str, str]:
        """The environment of an app service."""
        return {"IDENTITY_ENDPOINT": f"{self._server.url}{APP_SERVICE}", "IDENTITY_HEADER": SECRET}

    @property
    def machine(self) -> dict[str, str]:
        """The environment of something that asks as a virtual machine does, at another address."""
        return {"AZURE_POD_IDENTITY_AUTHORITY_HOST": self._server.url}

    async def _app_service(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("X-IDENTITY-HEADER") != SECRET:
            return web.json_response({"statusCode": 403, "message": "Forbidden."}, status=403)
        return await self._answer(request, "expires_on")

    async def _machine(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Metadata") != "true":
            return web.json_response({"error": "bad_request_102", "error_description": "No header."}, status=400)
        return await self._answer(request, "expires_in")

    async def _answer(self, request: web.Request, lasts: str) -> web.StreamResponse:
        fault = self._server.faults.take("identity")
        if fault is not None and fault.kind == "hang":
            await linger(fault, self._server.stopping)
        elif fault is not None and fault.kind in {"reset", "drop"}:
            return break_connection(request, hard=fault.kind == "reset")
        elif fault is not None:
            if 300 <= fault.status < 400:
                raise web.HTTPFound(str(request.rel_url))
            body = fault.body or '{"error": "as_planned", "error_description": "As planned."}'
            return web.Response(status=fault.status, text=body)
        self.asked.append(dict(request.query))
        if request.query.get("client_id") != self._issuer.app_id:
            sentence = {
                "error": "invalid_request",
                "error_description": "Identity not found",
                "message": "No identity.",
            }
            return web.json_response({**sentence, "statusCode": 400}, status=400)
        resource, valid = request.query["resource"], self._issuer.valid_for
        token = self._issuer.issue(resource, self._issuer.tenant)
        until = {"expires_on": str(int(time.time()) + valid), "expires_in": str(valid)}[lasts]
        given = {"access_token": token, lasts: until, "resource": resource, "token_type": "Bearer"}
        return web.json_response(given)
