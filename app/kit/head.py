"""What does HEAD answer? The headers of GET without its body, for every address that answers GET (RFC 9110 §9.3.2)."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Head:
    """Raw ASGI middleware: asks the application as GET and sends on everything but the content."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        # A copy: the server frames its answer by the method it was asked with.
        asked = {**scope, "method": "GET"}
        try:
            await self.app(asked, receive, answer)
        finally:
            scope["route"] = asked.get("route")
