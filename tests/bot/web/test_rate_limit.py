from ipaddress import IPv4Address, IPv6Address, ip_network

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


def test_refusals_of_one_client_follow_one_another_and_wait_a_second_at_most() -> None:
    rates = RateLimiter(Rate(), capacity=1)
    assert [round(rates.pause("a", 5.0), 3) for _ in range(3)] == [0.0, 0.02, 0.04]
    assert max(rates.pause("a", 5.0) for _ in range(200)) == 1.0
    assert rates.pause("b", 5.0) == 0.0
    assert rates.pause("a", 5.0) == 0.0, "only so many are remembered"


def test_a_client_is_heavy_when_half_of_its_burst_is_used_up_until_time_brings_it_back() -> None:
    rates = RateLimiter(Rate(burst=100, per_second=1))
    assert rates.take("a", 50, 0.0) == 0.0
    assert not rates.is_heavy("a", 0.0)
    rates.charge("a", 0.05, 0.0)
    assert rates.is_heavy("a", 4.9)
    assert not rates.is_heavy("a", 5.1)
    assert not rates.is_heavy("b", 0.0)


PROXIES = tuple(map(ip_network, ("127.0.0.0/8", "::1", "10.0.0.0/8", "2001:db8:ff::/48")))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("127.0.0.1", "198.51.100.1, 203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9:4711", "203.0.113.9"),
        ("2001:db8:ff::1", "[2001:db8:1:2::5]:4711", "2001:db8:1:2::/64"),
        ("::ffff:127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9, no address", "127.0.0.1"),
        ("127.0.0.1", "10.0.0.1, 10.0.0.2", "10.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
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
    assert client_network(peer, forwarded, PROXIES) == client


@given(st.ip_addresses(), st.text())
def test_without_trusted_proxies_no_header_counts(peer: IPv4Address | IPv6Address, forwarded: str) -> None:
    assert client_network(str(peer), forwarded) == client_network(str(peer), None)


@given(st.ip_addresses(v=4), st.lists(st.ip_addresses(v=4).map(str), max_size=4))
def test_what_a_visitor_writes_before_a_trusted_proxy_is_not_believed(
    visitor: IPv4Address, claimed: list[str]
) -> None:
    trusted = tuple(network for network in PROXIES if visitor not in network)
    forwarded = ", ".join([*claimed, str(visitor)])
    assert client_network("127.0.0.1", forwarded, trusted) in {str(visitor), "127.0.0.1"}
