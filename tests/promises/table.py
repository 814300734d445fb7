"""The promises: a sentence, the bar, and what proves each in a few seconds and at full length."""

from dataclasses import dataclass
from typing import Final

__all__ = ["PROMISES", "Promise"]


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise and its proofs.

    ``tests`` are what pytest is given. At full length, property tests among ``long`` try so many
    ``examples``, and ``benches`` run: each the words after ``python -m tests.benchmarks.``, which exits with
    1 below its bar, and the word by which the lines with its figures are known.
    """

    name: str
    sentence: str
    bar: str
    tests: tuple[str, ...]
    benches: tuple[tuple[str, str], ...] = ()
    long: tuple[str, ...] = ()
    examples: int = 1


_IMPORTS: Final = "tests/bot/cli/test_sequences.py::"
_BACKUP: Final = "tests/bot/cli/test_backup.py::"
_ONCE: Final = "tests/bot/posting/test_once.py::test_"
_CLIENT: Final = "tests/bot/test_client.py::test_"
_SANDBOX: Final = "tests/retrieval/ingest/test_sandbox.py::test_"
_ALIKE: Final = "tests/retrieval/test_alike.py::test_"
_FIRST: Final = "tests/retrieval/storage/test_provenance.py::test_a"

PROMISES: Final = (
    Promise(
        "saved-files",
        "No saved file crashes the importer or loses a good post.",
        "0 crashes, 0 losses unreported, each file within 10 s; full: 100,000 damaged files a form",
        ("tests/benchmarks/test_fuzz.py",),
        (("fuzz --inputs 100000 --processes 2", "damaged files"),),
    ),
    Promise(
        "killed-imports",
        "Killed at any moment, an import loses nothing and leaves nothing half done.",
        "0 lost, 0 half, the database sound; full: 200 kills",
        (
            f"{_IMPORTS}test_killed_at_any_moment_nothing_is_lost_or_half_in",
            "tests/retrieval/storage/test_store.py::test_killed_at_any_moment_nothing_is_lost_or_half_done",
        ),
        (("imports kills 200", "kills with"),),
    ),
    Promise(
        "import-order",
        "Importing is idempotent and does not depend on the order.",
        "equal archives; full: 1,000 random sequences",
        (f"{_IMPORTS}test_any_order_any_number_of_times_and_any_form_make_the_same_archive",),
        (("imports sequences 1000", "archives differ"),),
    ),
    Promise(
        "one-digest-a-day",
        "A digest is posted once on each local day that it is due.",
        "all zones, two years: 0 twice, 0 missed but for dates that a zone skipped",
        ("tests/bot/digest/test_due.py",),
        (("digest zones", "twice"),),
    ),
    Promise(
        "digest-crashes",
        "A crash at any point loses no digest and doubles none.",
        "0 lost, 0 double; full: 500 kills, and 100 with digests of every kind and alerts",
        (
            f"{_ONCE}killed_at_random_points_none_is_lost_and_none_comes_twice",
            f"{_ONCE}of_every_kind_of_digest_and_of_alerts_none_is_lost_in_kills_and_none_comes_twice",
        ),
        (("digest kills --kills 500", "lost"), ("digest kinds --kills 100", "lost")),
    ),
    Promise(
        "digest-outages",
        "After an outage one digest covers everything since.",
        "1 hour to 30 days down: one catch-up digest, 0 lost, 0 double",
        (
            f"{_ONCE}after_a_downtime_there_is_one_digest_that_covers_everything_since",
            f"{_ONCE}after_a_downtime_every_kind_of_digest_comes_once_and_alerts_report_all",
        ),
        (("digest downtimes", "lost"),),
    ),
    Promise(
        "questions",
        "Every question is answered once.",
        "0 lost, 0 double; full: 10,000 at once, and one each with p99 below 3 s",
        ("tests/bot/test_load.py",),
        (("load --bobbin-only", "bobbin"),),
    ),
    Promise(
        "storms",
        "Errors of Discord lose no post and double none.",
        "30 % of the requests fail: 0 lost, 0 double; full: 1,000 posts",
        (
            f"{_ONCE}in_a_storm_none_is_lost_and_none_comes_twice",
            f"{_ONCE}of_every_kind_of_digest_and_of_alerts_none_is_lost_in_a_storm_and_none_comes_twice",
        ),
        (("digest storm --posts 1000", "lost"),),
    ),
    Promise(
        "quotes",
        "Quotes are verbatim, and text by others is inert.",
        "every excerpt is a slice of its post; 0 live marks; full: 100,000 hostile strings a property",
        (
            "tests/bot/views/test_escape.py",
            "tests/retrieval/search/test_excerpts.py",
            "tests/bot/test_sentences.py",
        ),
        long=("tests/bot/views/test_escape.py",),
        examples=100_000,
    ),
    Promise(
        "limits",
        "Every message fits and is valid by Discord's published schema.",
        "any hits, any thread: 0 beyond a limit; full: 1,000 of each kind of message",
        (
            "tests/bot/views/test_contract.py",
            "tests/bot/views/test_limits.py",
            "tests/bot/views/test_answers.py",
        ),
        long=("tests/bot/views/test_contract.py", "tests/bot/views/test_limits.py"),
        examples=1_000,
    ),
    Promise(
        "servers",
        "Servers never mix.",
        "0 leaks; full: 10,000 random operations over 5 servers",
        ("tests/bot/test_mixing.py", "tests/retrieval/test_servers.py"),
        (("servers --operations 10000", "leaks"),),
    ),
    Promise(
        "ranking",
        "Scores equal rank-bm25's own.",
        "to the last bit on 1,000 random corpora, sizes 0, 1 and 2 among them",
        ("tests/retrieval/search/test_ranker.py",),
    ),
    Promise(
        "refusals",
        "A locked, read-only, damaged or full disk is a clear error.",
        "every store method: the reason and what to do, no traceback",
        ("tests/retrieval/storage/test_store.py", "tests/bot/test_database.py"),
    ),
    Promise(
        "sigterm",
        "A signal ends the process in order.",
        "exit 0 within 10 s after what was in hand, no half post; full: 100 signals at random moments",
        (
            f"{_CLIENT}a_signal_ends_the_process_in_order_after_it_answered",
            f"{_CLIENT}a_signal_while_the_gateway_is_away_ends_it_all_the_same",
            f"{_CLIENT}closing_waits_for_an_answer_in_hand",
            "tests/bot/posting/test_signals.py",
        ),
        (("signals --signals 100", "signals"),),
    ),
    Promise(
        "secrets",
        "The token is nowhere but in the settings.",
        "0 hits of a canary token in logs, errors, files; full: through the whole suite",
        ("tests/test_canary.py", f"{_CLIENT}no_token_of_any_kind_is_logged"),
        long=("tests",),
    ),
    Promise(
        "erasure",
        "What is forgotten is gone and does not come back.",
        "0 bytes left, importing again brings 0 back",
        (
            "tests/bot/cli/test_sources.py::test_an_author_goes_for_good_and_does_not_come_back",
            "tests/retrieval/test_own_collections.py",
            "tests/retrieval/linkage/test_redaction.py",
        ),
    ),
    Promise(
        "upgrades",
        "Archives of every earlier version open with all their threads.",
        "every past schema, every thread",
        (
            "tests/test_upgrades.py",
            f"{_ALIKE}an_upgrade_separates_what_was_taken_for_one_thread_and_reports_it",
            f"{_ALIKE}an_upgraded_archive_is_the_one_that_importing_anew_makes",
            f"{_ALIKE}a_thread_that_was_shown_under_an_id_of_an_earlier_release_is_found_by_it",
            f"{_FIRST}_database_of_the_first_schema_opens_with_all_its_threads",
            f"{_FIRST}n_upgraded_database_merges_forgets_and_takes_back_like_any",
            f"{_BACKUP}test_a_backup_of_an_earlier_version_is_brought_up_to_date",
        ),
    ),
    Promise(
        "health",
        "Health reports whether questions are answered.",
        "damage, full or read-only disk, replaced file, no descriptors, no gateway: each found and its repair"
        " found; full: in a running bot, within 60 s each way, on a port of its own and on that of the pages",
        ("tests/bot/monitoring/test_self_test.py", "tests/bot/monitoring/test_health_page.py"),
        (("health", "bad after"), ("health --beside-pages", "bad after")),
    ),
    Promise(
        "backups",
        "A backup restores.",
        "100 backups while writing and answering: each opens, is whole, holds one moment of both databases",
        ("tests/bot/cli/test_backup.py",),
    ),
    Promise(
        "erasure-restore",
        "What is forgotten stays forgotten after an older backup is restored.",
        "0 bytes of the forgotten readable",
        (
            f"{_BACKUP}test_a_restore_says_what_is_lost_and_brings_back_nothing_forgotten",
            f"{_BACKUP}test_a_backup_is_restored_into_an_empty_folder_with_the_tombstones_of_the_other_machine",
            "tests/retrieval/storage/test_tombstones.py",
        ),
    ),
    Promise(
        "distinct-threads",
        "Threads that open alike stay distinct.",
        "random families, any order and form: 0 lost, 0 merged wrongly; full: 10,000 families",
        ("tests/retrieval/test_alike.py",),
        long=(f"{_ALIKE}of_a_family_that_opens_alike_none_is_lost_and_none_merged_in_any_order_and_form",),
        examples=10_000,
    ),
    Promise(
        "no-threads",
        "What is no thread stays out unless asked for.",
        "1,000 files of 68 other kinds: 0 taken in unasked",
        ("tests/bot/cli/test_no_thread.py", "tests/retrieval/readers/text/test_recognition.py"),
    ),
    Promise(
        "linear-reading",
        "Reading takes time in step with the size.",
        "every pattern and reader: at most 3 times the time for twice the size; full: sizes to 1 MB",
        ("tests/retrieval/readers/test_patterns.py", "tests/retrieval/readers/test_growth.py"),
        long=("tests/retrieval/readers/test_patterns.py", "tests/retrieval/readers/test_growth.py"),
    ),
    Promise(
        "fair-share",
        "One address or server cannot starve the others.",
        "limits hold; full: in Discord and on the pages, another's p99 within 3 times the quiet one",
        ("tests/bot/web/test_rate_limit.py", "tests/bot/servers/test_quotas.py"),
        (("web --threads 20000", "in Discord"), ("fairness", "times")),
    ),
    Promise(
        "descriptors",
        "Without free descriptors each question is still answered or told.",
        "64 descriptors, twice as many questions at once: 0 silent; full: 256 and 1,024, too",
        ("tests/bot/test_descriptors.py",),
        (("descriptors 64 256 1024", "questions at once"),),
    ),
    Promise(
        "memory",
        "Out of memory is one sentence.",
        "in the terminal, in Discord and in the log: the reason and what to do, no traceback",
        (
            "tests/bot/cli/test_errors.py::test_a_mistake_of_bobbin_s_own_keeps_its_traceback",
            "tests/bot/commands/test_ask.py::test_out_of_memory_is_one_sentence_and_one_line_of_the_log",
            f"{_SANDBOX}what_needs_too_much_memory_is_reported_and_the_next_file_is_read",
        ),
    ),
    Promise(
        "leftovers",
        "Temporary folders of killed processes are removed.",
        "0 left after the next start, and none of a process that runs is touched",
        (
            f"{_SANDBOX}the_folder_of_a_process_that_was_killed_goes_at_the_next_start",
            f"{_SANDBOX}when_the_asking_process_is_killed_the_worker_and_its_folder_go",
            f"{_SANDBOX}one_process_reads_many_files_and_is_gone_with_its_folder_in_the_end",
            f"{_BACKUP}test_what_a_backup_or_restore_that_was_killed_left_goes_with_the_next",
        ),
    ),
    Promise(
        "one-traceback",
        "An error that repeats does not fill the log.",
        "one line for each event, one traceback for each kind of error and hour",
        ("tests/bot/test_log.py::test_of_one_kind_of_error_there_is_a_line_each_and_one_traceback_an_hour",),
    ),
    Promise(
        "one-writer",
        "An SQLite that two writers may damage has one.",
        "a second writing process is refused with the reason, until the first has ended",
        ("tests/retrieval/storage/test_write_claim.py",),
    ),
    Promise(
        "guard",
        "No link makes Bobbin ask a private network.",
        "links, redirects and names in every form that leads into one: 0 requests",
        ("tests/bot/fetching/test_addresses.py", "tests/bot/fetching/test_guard.py"),
    ),
)
