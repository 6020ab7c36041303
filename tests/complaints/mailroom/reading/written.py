"""Mails written for tests: as short as the thing to be shown allows."""

from complaints.mailroom.reading import ReadMail, read


def mail(
    body: str | bytes = "Hello", *, head: str | bytes = "", sender: str = "Ann <ann@example.org>"
) -> bytes:
    """A mail; `head` has further header lines, without the last line break."""
    head = head.encode() if isinstance(head, str) else head
    body = body.encode() if isinstance(body, str) else body
    top = f"From: {sender}\n".encode() if sender else b""
    return top + (head + b"\n" if head else b"") + b"\n" + body


def heard(
    body: str | bytes = "Hello", *, head: str | bytes = "", sender: str = "Ann <ann@example.org>"
) -> ReadMail:
    return read(mail(body, head=head, sender=sender))


def multipart(*parts: str | bytes, kind: str = "mixed", boundary: str = "b") -> bytes:
    """Parts as they stand, with their own headers; with the header of the whole above it."""
    delimiter = f"--{boundary}\n".encode()
    whole = b"".join(delimiter + (part.encode() if isinstance(part, str) else part) + b"\n" for part in parts)
    return (
        f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n'.encode()
        + whole
        + f"--{boundary}--\n".encode()
    )


def heard_parts(*parts: str | bytes, kind: str = "mixed") -> ReadMail:
    return read(b"From: ann@example.org\n" + multipart(*parts, kind=kind))
