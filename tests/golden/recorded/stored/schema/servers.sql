CREATE INDEX alert_matches_of_report on alert_matches (report) where report is not null;
CREATE INDEX alert_matches_waiting on alert_matches (alert_id) where report is null;
CREATE INDEX alert_reports_claimed on alert_reports (until) where state = 'claimed';
CREATE INDEX alerts_of_server on alerts (server_id, person_id);
CREATE INDEX digests_unfinished on digests (server_id, number, day) where state = 'claimed';
CREATE INDEX "fetched_threads_due"
    ON "fetched_threads" ("due");
CREATE UNIQUE INDEX "follows_account"
    ON "follows" ("host", "account_id", "server_id");
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX "judgement_notes_newest"
    ON "judgement_notes" ("server_id", "written_at");
CREATE INDEX "unanswered_day"
    ON "unanswered" ("asked_on");
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
CREATE TABLE alert_matches (alert_id integer not null, thread_id text not null, server_id text not null, person_id text not null, ordinal integer not null, report integer, primary key (alert_id, thread_id)) without rowid;
CREATE TABLE alert_reports (id integer primary key autoincrement, server_id text not null, person_id text not null, channel_id text, kind text not null, state text not null, owner text not null, claimed_at text not null, until text not null, tries integer not null, language text not null, message_id text);
CREATE TABLE alerts (id integer primary key autoincrement, server_id text not null, person_id text not null, channel_id text, asked_in text not null, query text not null, language text not null, quiet text, zone text, archive text not null, position integer not null, held_until text);
CREATE TABLE asked (server_id text not null, day text not null, answered integer not null, closest integer not null default 0, missed integer not null default 0, primary key (server_id, day)) without rowid;
CREATE TABLE "departures" (
   "server_id" TEXT PRIMARY KEY,
   "left_at" TEXT NOT NULL
) STRICT;
CREATE TABLE digest_editions (server_id text not null, number integer not null, day text not null, name text not null, posted_at text not null, new text not null, more integer not null, archive text not null, primary key (server_id, number, day)) without rowid;
CREATE TABLE digest_shown (server_id text not null, number integer not null, thread_id text not null, day text not null, primary key (server_id, number, thread_id)) without rowid;
CREATE TABLE digest_subscriptions (server_id text not null, number integer not null, name text not null, channel_id text not null, zone text not null, at text not null, weekdays text not null, content text not null, selection text not null, role_id text, language text not null, admin_id text, last text not null, archive text not null, position integer not null, paused text, primary key (server_id, number)) without rowid;
CREATE TABLE digests (server_id text not null, number integer not null, day text not null, state text not null, owner text not null, claimed_at text not null, until text not null, tries integer not null, channel_id text not null, after text, archive text not null, since integer not null, upto integer not null, feature text, message_id text, primary key (server_id, number, day)) without rowid;
CREATE TABLE "erasures" (
   "hash" BLOB,
   "erased_at" TEXT,
   PRIMARY KEY ("hash", "erased_at")
) STRICT;
CREATE TABLE "fetched_threads" (
   "server_id" TEXT,
   "collection" TEXT,
   "link" TEXT,
   "host" TEXT NOT NULL,
   "account_id" TEXT,
   "news" TEXT NOT NULL,
   "latest" TEXT,
   "due" TEXT,
   "tries" INTEGER NOT NULL,
   "gone" TEXT,
   "missing" TEXT,
   "stored" INTEGER NOT NULL,
   PRIMARY KEY ("server_id", "collection", "link")
) STRICT;
CREATE TABLE "followed_accounts" (
   "host" TEXT,
   "account_id" TEXT,
   "service" TEXT NOT NULL,
   "handle" TEXT NOT NULL,
   "due" TEXT NOT NULL,
   "looked" TEXT,
   "succeeded" TEXT,
   "failures" INTEGER NOT NULL,
   "reason" TEXT,
   "latest" TEXT,
   "etag" TEXT,
   PRIMARY KEY ("host", "account_id")
) STRICT;
CREATE TABLE "followed_threads" (
   "server_id" TEXT NOT NULL,
   "follow_id" INTEGER,
   "thread" TEXT,
   "latest" TEXT NOT NULL,
   "backlog" INTEGER NOT NULL,
   PRIMARY KEY ("follow_id", "thread")
) STRICT;
CREATE TABLE "follows" (
   "id" INTEGER PRIMARY KEY,
   "server_id" TEXT NOT NULL,
   "collection" TEXT NOT NULL,
   "host" TEXT NOT NULL,
   "account_id" TEXT NOT NULL,
   "followed_at" TEXT NOT NULL,
   "reason" TEXT
) STRICT;
CREATE TABLE "judgement_notes" (
   "id" INTEGER PRIMARY KEY,
   "server_id" TEXT NOT NULL,
   "threads" TEXT NOT NULL,
   "words" TEXT NOT NULL,
   "written_at" TEXT NOT NULL
) STRICT;
CREATE TABLE "judgements" (
   "server_id" TEXT NOT NULL,
   "thread_id" TEXT NOT NULL,
   "helpful" INTEGER NOT NULL,
   "unhelpful" INTEGER NOT NULL,
   PRIMARY KEY ("server_id", "thread_id")
) STRICT;
CREATE TABLE page_key (id integer primary key check (id = 1), value blob not null);
CREATE TABLE "permission_gaps" (
   "server_id" TEXT PRIMARY KEY,
   "name" TEXT NOT NULL,
   "missing" TEXT NOT NULL
) STRICT;
CREATE TABLE "preferences" (
   "server_id" TEXT PRIMARY KEY,
   "channels" TEXT NOT NULL,
   "roles" TEXT NOT NULL,
   "exempt" TEXT NOT NULL,
   "mentions" INTEGER NOT NULL,
   "quotes" INTEGER,
   "private" INTEGER NOT NULL,
   "language" TEXT,
   "person_questions" INTEGER,
   "person_seconds" INTEGER,
   "server_questions" INTEGER,
   "server_seconds" INTEGER,
   "unanswered" INTEGER NOT NULL
, react integer not null default 0) STRICT;
CREATE TABLE quoted (server_id text not null, day text not null, thread_id text not null, times integer not null, primary key (server_id, day, thread_id)) without rowid;
CREATE TABLE "saved_messages" (
   "message_id" TEXT PRIMARY KEY,
   "server_id" TEXT NOT NULL,
   "author_id" TEXT
) STRICT;
CREATE TABLE self_test (id integer primary key check (id = 1), written_at text not null);
CREATE TABLE "setup_cards" (
   "server_id" TEXT PRIMARY KEY,
   "shown" INTEGER NOT NULL
) STRICT;
CREATE TABLE sqlite_sequence(name,seq);
CREATE TABLE "unanswered" (
   "server_id" TEXT,
   "words" TEXT,
   "asked_on" TEXT,
   "times" INTEGER NOT NULL, closest integer not null default 0,
   PRIMARY KEY ("server_id", "words", "asked_on")
) STRICT;
-- servers: m001_preferences
-- servers: m002_react
-- saved_messages: m001_saved_messages
-- erasures: m001_erasures
-- setup_cards: m001_setup_cards
-- permission_gaps: m001_permission_gaps
-- unanswered: m001_unanswered
-- unanswered: m002_closest
-- feedback: m001_judgements
-- following: m001_following
-- digest: m001_digests
-- digest: m002_several
-- digest: m003_editions
-- asked: m001_counts
-- asked: m002_verdicts
-- web: m001_key
-- self-test: m001_scratch
-- alerts: m001_alerts
-- user_version = 0
-- application_id = 0
-- journal_mode = wal
-- page_size = 4096
-- auto_vacuum = 0
