"""A line that breaks: a proxy before a mail server that hangs up at the command it is told."""

import socket
import threading
from contextlib import suppress


class CuttingLine:
    """`cut_at` is a word of a command and whether the server still hears it. Then the line is dead in both directions."""

    def __init__(self, port: int) -> None:
        self._server_port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.word, self.server_hears, self.cuts = b"", False, 0
        threading.Thread(target=self._serve, daemon=True).start()

    def cut_at(self, word: str, *, server_hears: bool) -> None:
        self.word, self.server_hears = word.encode(), server_hears

    def mend(self) -> None:
        self.word = b""

    def close(self) -> None:
        # Shut down first: a thread that still waits here would else wait at whatever gets the number of this socket.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._server_port))
                threading.Thread(target=self._forward, args=(client, server), daemon=True).start()
                threading.Thread(target=self._pump, args=(server, client), daemon=True).start()

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while said := client.recv(65536):
                if self.word and self.word in said:
                    self.cuts += 1
                    # The line to the client first: the server's answer must not get through.
                    client.shutdown(socket.SHUT_RDWR)
                    if self.server_hears:
                        server.sendall(said)
                        server.settimeout(2)
                        server.recv(65536)
                    break
                server.sendall(said)
        _hang_up(client, server)

    def _pump(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while said := server.recv(65536):
                client.sendall(said)
        _hang_up(client, server)


def _hang_up(*lines: socket.socket) -> None:
    for line in lines:
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)
        line.close()
