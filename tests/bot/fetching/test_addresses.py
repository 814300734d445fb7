"""What a link says is enough to refuse it: numbers in any form, other ports, names and passwords."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fetching.addresses import check, is_public
from bot.fetching.errors import FetchError, RefusedAddressError
from bot.fetching.links import find_link

NEVER = [
    "http://example.org/@a/1",
    "ftp://example.org/",
    "file:///etc/passwd",
    "https:///path",
    "https://",
    "https://localhost/",
    "https://localhost./",
    "https://intranet/",
    "https://127.0.0.1/",
    "https://127.0.0.1./",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.1/",
    "https://0177.0.0.1/",
    "https://a.0x7f/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/",
    "https://0.0.0.0/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b::10.0.0.1]/",
    "https://[2002:7f00:1::]/",
    "https://[2002:c0a8:101::1]/",
    "https://[2001:0:5ef5:79fd:0:0:80ff:fffe]/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fc00::1]/",
    "https://[ff02::1]/",
    "https://[::1",
    "https://user@example.org/",
    "https://user:word@example.org/",
    "https://example.org@127.0.0.1/",
    "https://example.org:8443/",
    "https://example.org:80/",
    "https://example.org:0/",
    "https://example.org:99999/",
    "https://127。0。0。1/",
    "https://127．0．0．1/",
    "https://１２７.0.0.1/",
    "https://ⓔxample.org/",
    "https://example。org/",
    "https://example%2eorg/",
    "https://exa mple.org/",
    "https://example.org\\@127.0.0.1/",
    "https://example.org/\r\nHost: x",
    "https://example.org/\x00",
    f"https://example.org/{'a' * 3000}",
]


@pytest.mark.parametrize("link", NEVER, ids=lambda link: link[:40])
def test_an_address_that_is_not_of_the_public_web_is_refused(link: str) -> None:
    with pytest.raises(RefusedAddressError):
        check(link)


@pytest.mark.parametrize(
    "link",
    [
        "https://example.org/@a/1",
        "https://example.org:443/",
        "https://EXAMPLE.org/",
        "https://bücher.example/@a/1",
        "https://1.1.1.1/",
        "https://[2606:4700::1111]/",
        "https://3com.example/",
    ],
)
def test_a_public_address_is_taken(link: str) -> None:
    assert check(link).scheme == "https"


@given(st.ip_addresses(v=4))
def test_a_private_address_stays_private_in_every_form_of_version_six(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    forms = [
        ipaddress.IPv6Address(0xFFFF << 32 | number),
        ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) | number),
        ipaddress.IPv6Address(0x2002 << 112 | number << 80 | 1),
    ]
    assert {is_public(str(form)) for form in forms} == {is_public(str(address))}


@given(st.text(max_size=60))
def test_no_text_is_an_error_of_another_kind(text: str) -> None:
    for link in (text, f"https://{text}", f"https://{text}.example/@a/1"):
        try:
            find_link(link)
        except FetchError as error:
            assert str(error)  # noqa: PT017 - whatever the text, it is refused in words


@pytest.mark.parametrize(
    ("link", "service", "author", "post"),
    [
        ("https://bsky.app/profile/ada.example/post/3kabc", "Bluesky", "ada.example", "3kabc"),
        ("https://bsky.app/profile/did:plc:abc/post/3kabc?ref=x", "Bluesky", "did:plc:abc", "3kabc"),
        ("http://bsky.app/profile/ada.example/post/3kabc/", "Bluesky", "ada.example", "3kabc"),
        ("https://tooting.example/@ada/1234", "Mastodon", "ada", "1234"),
        ("https://tooting.example/@ada@other.example/1234#more", "Mastodon", "ada@other.example", "1234"),
        ("https://tooting.example/users/ada/statuses/1234", "Mastodon", "ada", "1234"),
        ("https://tooting.example/web/@ada/1234", "Mastodon", "ada", "1234"),
        ("https://tooting.example/web/statuses/1234", "Mastodon", "", "1234"),
        ("https://tooting.example/notice/AbCd12", "Mastodon", "", "AbCd12"),
    ],
)
def test_a_link_names_a_post_by_its_address_alone(link: str, service: str, author: str, post: str) -> None:
    found = find_link(link)
    assert (found.service.NAME, found.post.author, found.post.post) == (service, author, post)


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("https://x.com/a/status/1", "X, which is not fetched"),
        ("https://mobile.twitter.com/a/status/1", "X, which is not fetched"),
        ("https://threadreaderapp.com/thread/1.html", "Thread Reader, which is not fetched"),
        ("https://bsky.app/profile/ada.example", "no link to a post"),
        ("https://example.org/blog/1", "no link to a post"),
    ],
)
def test_what_is_not_fetched_is_refused_with_what_to_do(link: str, why: str) -> None:
    with pytest.raises(FetchError, match=why) as refused:
        find_link(link)
    assert "save the page" in str(refused.value)
