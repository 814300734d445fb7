"""The metrics of a running Bobbin, in the form that Prometheus reads.

Each client has a registry of its own, so that two clients in one process do not add up. No metric names a
person, a server or a question.
"""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

__all__ = ["CONTENT_TYPE", "Metrics"]

#: The text format that every version of Prometheus reads.
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_DELAYS: Final = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0)


class Metrics:
    """Counters, histograms and gauges, each with a sentence that says what it is.

    ``way`` is how a question came (mention, reply, direct message, command, context menu, help),
    ``verdict`` is ``answer``, ``closest`` or ``nothing``, ``shard`` a shard's number. Safe to use from any
    thread.
    """

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.answers = Counter(
            "bobbin_answers",
            "Questions, by the way they came and by the verdict: answer, closest or nothing.",
            ("way", "verdict"),
            registry=registry,
        )
        self.answer_seconds = Histogram(
            "bobbin_answer_seconds",
            "Seconds from a question's arrival to Discord's receipt of its answer.",
            ("way",),
            buckets=_SECONDS,
            registry=registry,
        )
        self.search_seconds = Histogram(
            "bobbin_search_seconds",
            "Seconds that finding an answer's quotes took, waiting for a thread left out.",
            buckets=_SECONDS,
            registry=registry,
        )
        self.in_hand = Gauge(
            "bobbin_work_in_hand", "Questions and presses that are being answered now.", registry=registry
        )
        self.trouble = Counter(
            "bobbin_log_lines",
            "Lines of the log at the level warning, error or critical.",
            ("level",),
            registry=registry,
        )
        self.gateway_up = Gauge(
            "bobbin_gateway_up", "1 while a shard is connected to Discord.", ("shard",), registry=registry
        )
        self.gateway_latency = Gauge(
            "bobbin_gateway_latency_seconds",
            "Seconds between a shard's last heartbeat and Discord's answer to it.",
            ("shard",),
            registry=registry,
        )
        self.gateway_events = Counter(
            "bobbin_gateway_events",
            "How often a shard connected anew, lost its connection, or resumed it with nothing missed.",
            ("shard", "event"),
            registry=registry,
        )
        self.servers = Gauge("bobbin_servers", "Servers that this process serves.", registry=registry)
        self.loop_delay = Histogram(
            "bobbin_event_loop_delay_seconds",
            "How late the event loop does what is due, looked at twenty times a second.",
            buckets=_DELAYS,
            registry=registry,
        )
        self.loop_delay_longest = Gauge(
            "bobbin_event_loop_delay_longest_seconds",
            "The longest delay of the event loop within the last five minutes.",
            registry=registry,
        )
        self.index_posts = Gauge("bobbin_index_posts", "Posts in the search index.", registry=registry)
        self.index_bytes = Gauge(
            "bobbin_index_bytes", "Bytes of the arrays of the search index.", registry=registry
        )
        self.archive_bytes = Gauge(
            "bobbin_archive_bytes", "Bytes of the archive's file and its log on disk.", registry=registry
        )
        self.questions_failed = Counter(
            "bobbin_questions_failed", "Questions and presses that ended with an error.", registry=registry
        )
        self.self_test_problems = Gauge(
            "bobbin_self_test_problems", "Problems that the last self-test found.", registry=registry
        )
        self.free_disk = Gauge(
            "bobbin_free_disk_bytes", "Free bytes of the disk with the data folder.", registry=registry
        )
        self.free_descriptors = Gauge(
            "bobbin_free_descriptors", "File descriptors that the process may still open.", registry=registry
        )
        self.followed_authors = Gauge(
            "bobbin_followed_authors",
            "Followed authors, by whether the last look at them went well.",
            ("state",),
            registry=registry,
        )
        self.follow_looks = Counter(
            "bobbin_follow_looks", "Looks at followed authors, by outcome.", ("outcome",), registry=registry
        )
        self.follow_success = Gauge(
            "bobbin_follow_success_timestamp_seconds",
            "When the followed author whose last good look is longest ago had it, 0 without any.",
            registry=registry,
        )
        self.followed_threads = Counter(
            "bobbin_followed_threads", "Threads taken from followed authors.", registry=registry
        )
        ProcessCollector(registry=registry)

    def exposition(self) -> bytes:
        """Return all metrics in the format of :data:`CONTENT_TYPE`."""
        return generate_latest(self.registry)
