import pytest
import redis

from config.caching import ForgivingCache


def test_with_redis_it_keeps_what_it_is_given(broker_url: str) -> None:
    kept = ForgivingCache(broker_url, {})
    assert kept.add("tries", 1, 60)
    assert not kept.add("tries", 1, 60)
    assert kept.incr("tries") == 2
    kept.set("word", "thanks", 60)
    assert (kept.get("word"), kept.delete("word"), kept.get("word", "gone")) == ("thanks", True, "gone")


def test_without_redis_it_keeps_nothing_and_breaks_nothing(caplog: pytest.LogCaptureFixture) -> None:
    kept = ForgivingCache("redis://127.0.0.1:1/0", {})
    kept.set("word", "thanks", 60)
    assert (kept.get("word", "nothing"), kept.add("word", 1), kept.incr("word"), kept.delete("word")) == (
        "nothing",
        False,
        0,
        False,
    )
    assert "cannot be reached" in caplog.text
    assert "thanks" not in caplog.text


def test_a_mistake_of_ours_is_not_forgiven(broker_url: str) -> None:
    with redis.Redis.from_url(broker_url) as client:
        client.lpush(":1:word", "a list")
    with pytest.raises(redis.ResponseError):
        ForgivingCache(broker_url, {}).get("word")
