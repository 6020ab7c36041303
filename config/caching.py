"""What is kept only to be quick, or to slow somebody down, must not take pages with it when it is out of reach."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as NotReached
from redis.exceptions import TimeoutError as NotAnswered

log = logging.getLogger(__name__)
R = TypeVar("R")


def _if_reached(call: Callable[[], R], otherwise: R) -> R:
    try:
        return call()
    except (NotReached, NotAnswered) as error:
        log.warning("The cache cannot be reached: %s", type(error).__name__)
        return otherwise


class ForgivingCache(RedisCache):
    """Redis; and while Redis cannot be reached, a cache that keeps nothing."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return _if_reached(partial(super().get, key, default, version), default)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return _if_reached(partial(super().add, *args, **kwargs), otherwise=False)

    def set(self, *args: Any, **kwargs: Any) -> None:
        _if_reached(partial(super().set, *args, **kwargs), None)

    def incr(self, *args: Any, **kwargs: Any) -> int:
        return _if_reached(partial(super().incr, *args, **kwargs), 0)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return _if_reached(partial(super().delete, *args, **kwargs), otherwise=False)
