"""A mail server that misbehaves to order: refuses at any step, drops the line, greets with rubbish."""

import socketserver
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

DROP = "drop"  # hang up without an answer
USUAL = {
    "EHLO": "250-rough\r\n250-AUTH PLAIN\r\n250 8BITMIME",
    "AUTH": "235 Welcome",
    "MAIL": "250 Go on",
    "RCPT": "250 Go on",
    "DATA": "354 Go on",
    "BODY": "250 Taken",
    "RSET": "250 Go on",
    "QUIT": "221 Bye",
}


@dataclass
class Taken:
    sender: str
    recipients: list[str]
    raw: bytes
    greeted_as: str = ""


@dataclass
class RoughServer:
    banner: str = "220 rough"
    taken: list[Taken] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    connections: int = 0
    refused: dict[str, str] = field(default_factory=dict)  # recipients that are refused every time
    before_answer: Callable[[Taken], object] = (
        bool  # when the letter is taken, and the sender does not know yet
    )
    after_answer: Callable[[Taken], object] = bool
    _next: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))

    def answer(self, verb: str, *replies: str) -> None:
        """The next answers to a command; BODY is the dot that ends the letter, taken whatever is answered."""
        self._next[verb].extend(replies)

    def reply_to(self, verb: str) -> str:
        self.heard.append(verb)
        waiting = self._next[verb]
        return waiting.popleft() if waiting else USUAL.get(verb, "502 What?")

    def start(self) -> None:
        server = self

        class Handler(_Conversation):
            rough = server

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False

    def handle_error(self, *_: Any) -> None:
        """A client that is killed in mid-sentence is what these tests are about."""


class _Conversation(socketserver.StreamRequestHandler):
    rough: RoughServer

    def handle(self) -> None:
        self.rough.connections += 1
        self._say(self.rough.banner)
        self.letter, self.greeted_as = Taken("", [], b""), ""
        while line := self.rfile.readline():
            verb = line[:4].decode("ascii", "replace").upper()
            reply = self.rough.reply_to(verb)
            reply = self.rough.refused.get(_in_brackets(line), reply) if verb == "RCPT" else reply
            self._note(verb, line)
            if not self._give(reply) or verb == "QUIT":
                return
            if verb == "DATA" and reply.startswith("354") and not self._take_body():
                return

    def _note(self, verb: str, line: bytes) -> None:
        if verb == "EHLO":
            self.greeted_as = line.decode("ascii", "replace").split()[-1]
        if verb == "MAIL":
            self.letter = Taken(_in_brackets(line), [], b"", self.greeted_as)
        if verb == "RCPT":
            self.letter.recipients.append(_in_brackets(line))

    def _take_body(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False
            lines.append(line[1:] if line.startswith(b".") else line)
        self.letter.raw = b"".join(lines)
        return self._answer_body(self.rough.reply_to("BODY"))

    def _answer_body(self, reply: str) -> bool:
        is_taken = reply == DROP or reply.startswith("2")
        if is_taken:
            self.rough.taken.append(self.letter)
            self.rough.before_answer(self.letter)
        stays = self._give(reply)
        if is_taken:
            self.rough.after_answer(self.letter)
        return stays

    def _give(self, reply: str) -> bool:
        if reply == DROP:
            return False
        self._say(reply)
        return True

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode("latin-1") + b"\r\n")


def _in_brackets(line: bytes) -> str:
    return line.decode().partition("<")[2].partition(">")[0]
