"""The tables of digests in ``servers.db``, and how those of earlier versions become them."""

from sqlite_utils import Database, Migrations

__all__ = ["migrations"]

migrations = Migrations("digest")


@migrations()
def m001_digests(db: Database) -> None:
    """Create subscriptions, the digests of each date, and which threads were shown when."""
    db.execute(
        "create table digest_subscriptions (server_id text primary key, channel_id text not null,"
        " zone text not null, at text not null, content text not null, role_id text,"
        " language text not null, admin_id text, last text not null, archive text not null,"
        " position integer not null, paused text) without rowid"
    )
    db.execute(
        "create table digests (server_id text not null, day text not null, state text not null,"
        " owner text not null, claimed_at text not null, until text not null, tries integer not null,"
        " channel_id text not null, after text, archive text not null, since integer not null,"
        " upto integer not null, feature text, message_id text, primary key (server_id, day)) without rowid"
    )
    db.execute("create index digests_unfinished on digests (server_id, day) where state = 'claimed'")
    db.execute(
        "create table digest_shown (server_id text not null, thread_id text not null, day text not null,"
        " primary key (server_id, thread_id)) without rowid"
    )


@migrations()
def m002_several(db: Database) -> None:
    """Let a server have several digests; the one it has keeps its dates and gets the number 0."""
    for table in ("digest_subscriptions", "digests", "digest_shown"):
        db.execute(f"alter table {table} rename to {table}_before")
    db.execute("drop index digests_unfinished")
    db.execute(
        "create table digest_subscriptions (server_id text not null, number integer not null,"
        " name text not null, channel_id text not null, zone text not null, at text not null,"
        " weekdays text not null, content text not null, selection text not null, role_id text,"
        " language text not null, admin_id text, last text not null, archive text not null,"
        " position integer not null, paused text, primary key (server_id, number)) without rowid"
    )
    db.execute(
        "insert into digest_subscriptions select server_id, 0, '', channel_id, zone, at, '0123456', content,"
        " '{}', role_id, language, admin_id, last, archive, position, paused from digest_subscriptions_before"
    )
    db.execute(
        "create table digests (server_id text not null, number integer not null, day text not null,"
        " state text not null, owner text not null, claimed_at text not null, until text not null,"
        " tries integer not null, channel_id text not null, after text, archive text not null,"
        " since integer not null, upto integer not null, feature text, message_id text,"
        " primary key (server_id, number, day)) without rowid"
    )
    db.execute(
        "insert into digests select server_id, 0, day, state, owner, claimed_at, until, tries, channel_id,"
        " after, archive, since, upto, feature, message_id from digests_before"
    )
    db.execute("create index digests_unfinished on digests (server_id, number, day) where state = 'claimed'")
    db.execute(
        "create table digest_shown (server_id text not null, number integer not null,"
        " thread_id text not null, day text not null,"
        " primary key (server_id, number, thread_id)) without rowid"
    )
    db.execute("insert into digest_shown select server_id, 0, thread_id, day from digest_shown_before")
    for table in ("digest_subscriptions", "digests", "digest_shown"):
        db.execute(f"drop table {table}_before")


@migrations()
def m003_editions(db: Database) -> None:
    """Keep which threads each digest showed; of earlier ones what is known: each thread's last showing."""
    db.execute(
        "create table digest_editions (server_id text not null, number integer not null, day text not null,"
        " name text not null, posted_at text not null, new text not null, more integer not null,"
        " archive text not null, primary key (server_id, number, day)) without rowid"
    )
    db.execute(
        "insert into digest_editions"
        " select d.server_id, d.number, d.day, coalesce(s.name, ''), d.claimed_at, coalesce(("
        "  select group_concat(thread_id, ' ') from digest_shown t"
        "  where t.server_id = d.server_id and t.number = d.number and t.day = d.day"
        "  and instr(' ' || coalesce(d.feature, '') || ' ', ' ' || t.thread_id || ' ') = 0), ''),"
        " 0, coalesce(d.feature, '')"
        " from digests d left join digest_subscriptions s"
        " on s.server_id = d.server_id and s.number = d.number"
        " where d.state = 'posted'"
    )
