"""What a stranger uploads is let in only as far as we would keep it: neither memory nor disk is theirs to fill."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from complaints.resolution.actions.documents import LARGEST, MOST_BYTES

#: A form with more is not read at all. Up to it the words in it are kept, whatever becomes of its files.
MOST_BODY = 128 * 1024 * 1024


class Sieve(FileUploadHandler):
    """The first of the upload handlers.

    Of each file, and of all of them together, one byte more than we take goes through; the rest is read and let go.
    So the form finds them too large, and has everything else that was typed. Colleagues import exports of any size.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803
        content_length: int,
        *_args: Any,
        **_kwargs: Any,
    ) -> None:
        self.is_open = _is_colleague(self.request)
        self.left = MOST_BYTES + 1
        if content_length > MOST_BODY and not self.is_open:
            raise RequestDataTooBig("The form is larger than anybody's complaint.")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.left_of_file = LARGEST + 1

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self.is_open:
            return raw_data
        taken = raw_data[: min(self.left, self.left_of_file)]
        self.left -= len(taken)
        self.left_of_file -= len(taken)
        return taken or None

    def file_complete(self, file_size: int) -> None:
        """The next handler has the file."""


def _is_colleague(request: Any) -> bool:
    return request.path_info.startswith("/desk/") and bool(request.user.is_staff)
