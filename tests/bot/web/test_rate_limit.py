import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.rate_limit import Rate, RateLimiter, client_network


def test_a_bucket_empties_and_fills_again_with_time() -> None:
    rates = RateLimiter(Rate(burst=2, per_second=0.5))
    assert [rates.take("a", 1, 0.0) for _ in range(3)] == [0.0, 0.0, 2.0]
    assert rates.take("b", 1, 0.0) == 0.0
    assert rates.take("a", 1, 1.9) == pytest.approx(0.1)
    assert rates.take("a", 1, 2.0) == 0.0


def test_only_the_latest_addresses_are_remembered() -> None:
    rates = RateLimiter(Rate(burst=1, per_second=1), capacity=2)
    assert [rates.take(client, 1, 0.0) for client in "abca"] == [0.0] * 4
    assert rates.take("c", 1, 0.0) == 1.0


@given(
    st.lists(st.tuples(st.floats(0, 10), st.sampled_from([1.0, 4.0])), max_size=60),
    st.floats(4, 30),
    st.floats(0.1, 10),
)
def test_nobody_gets_more_than_the_burst_and_what_time_adds(
    steps: list[tuple[float, float]], burst: float, per_second: float
) -> None:
    rates, now, given_out = RateLimiter(Rate(burst, per_second)), 0.0, 0.0
    for pause, cost in steps:
        now += pause
        given_out += 0.0 if rates.take("a", cost, now) else cost
        assert given_out <= burst + now * per_second + 1e-6


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("198.51.100.7", None, "198.51.100.7"),
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("::1", "10.0.0.1, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "no address", "127.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", None, "198.51.100.7"),
        ("fe80::1%eth0", None, "fe80::/64"),
        (None, None, "None"),
    ],
)
def test_a_client_is_its_address_or_its_network(peer: str | None, forwarded: str | None, client: str) -> None:
    assert client_network(peer, forwarded) == client
