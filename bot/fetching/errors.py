"""Why something is not fetched, each as the end of a sentence that begins with the link."""

__all__ = ["FetchError", "NotFetchedError", "RefusedAddressError", "UnwillingError"]


class FetchError(Exception):
    """A link was not fetched; the message says why and what to do, without the link.

    ``status`` is what the server answered, ``retry_after`` after how many seconds it wants to be asked again,
    each ``None`` where it did not say.
    """

    def __init__(self, reason: str, *, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.retry_after = retry_after


class RefusedAddressError(FetchError):
    """An address that is never fetched, whatever would answer there."""


class UnwillingError(FetchError):
    """The author does not want to be shown to strangers, or to be found."""


class NotFetchedError(FetchError):
    """A link of a service that is known and not fetched from."""
