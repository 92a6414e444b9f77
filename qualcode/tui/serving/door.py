"""Who comes in: the browser of whoever started the server, by the address told to them.

Every account of a machine can reach 127.0.0.1, and so can every page a browser has open. A request
is answered only if it names our address (a name pointed at 127.0.0.1 by somebody else does not),
comes from no other page, and shows the token or the cookie given for it. It knows nothing of
projects or screens.
"""

from __future__ import annotations

import secrets
from html import escape

from aiohttp import web
from aiohttp.typedefs import Handler

HOST = "127.0.0.1"

_ENTRY = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="0;url={room}/">
<title>qualcode</title>
</html>
"""


class Door:
    """The token, the cookie it is exchanged for, and what a request must show.

    Args:
        port: The port on 127.0.0.1 that is listened to.
    """

    def __init__(self, port: int) -> None:
        self.host = f"{HOST}:{port}"
        self.origin = f"http://{self.host}"
        self.room = f"/{secrets.token_urlsafe(16)}"
        """The path below which everything is. It cannot be guessed: browsers give a cookie to every
        port of a host, so that another account's server would get ours, but only for its path."""

        self._token, self._pass = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        # Two servers of one person, on two ports, have one jar of cookies.
        self._cookie = f"qualcode-{port}"

    @property
    def address(self) -> str:
        """What to open first; it holds the token."""
        return f"{self.origin}/?token={self._token}"

    @web.middleware
    async def admit(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer who may come in; refuse everybody else with 403 and the reason."""
        reason = self._refusal(request)
        if reason is not None:
            raise web.HTTPForbidden(text=f"{reason}\n")
        return await handler(request)

    def _refusal(self, request: web.Request) -> str | None:
        """Why a request is not answered; None where it is."""
        if request.headers.get("Host") != self.host:
            return f"Only requests to {self.host} are answered."
        asked_by = request.headers.getall("Origin", [])
        # A browser names the page that opens a websocket, always; no page but ours may.
        if any(origin != self.origin for origin in asked_by) or (
            not asked_by and "Upgrade" in request.headers
        ):
            return "Requests of other pages are not answered."
        if request.path == "/":
            shown, wanted = request.query.get("token", ""), self._token
        else:
            shown, wanted = request.cookies.get(self._cookie, ""), self._pass
        # Bytes, for ``compare_digest`` takes no text that is not ASCII.
        if not secrets.compare_digest(shown.encode("utf-8", "replace"), wanted.encode()):
            return "Open the address that qualcode serve has printed."
        return None

    async def enter(self, request: web.Request) -> web.Response:
        """Exchange the token for the cookie, and send the browser on without it.

        A page does it: a redirect belongs to whatever named the address, and where that was another
        site, such as a file, browsers would leave out a cookie that is ``SameSite=Strict``.
        """
        answer = web.Response(text=_ENTRY.format(room=escape(self.room)), content_type="text/html")
        answer.set_cookie(
            self._cookie, self._pass, path=self.room, httponly=True, samesite="Strict"
        )
        return answer

    async def guard(self, request: web.Request, answer: web.StreamResponse) -> None:
        """Forbid the page everything that is not on this server.

        The sandbox allows neither new windows nor downloads: addresses that were said in an
        interview, which the terminal of the page would make links, lead nowhere.
        """
        answer.headers["Content-Security-Policy"] = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            f"connect-src 'self' ws://{self.host}; base-uri 'none'; form-action 'none'; "
            "frame-ancestors 'none'; sandbox allow-scripts allow-same-origin"
        )
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers["X-Content-Type-Options"] = "nosniff"
