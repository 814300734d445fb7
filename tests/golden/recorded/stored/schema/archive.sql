CREATE UNIQUE INDEX collections_name on collections (name, coalesce(server_id, ''), handbook);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX "keys_version"
    ON "keys" ("version_pk");
CREATE INDEX "links_thread"
    ON "links" ("thread_pk");
CREATE INDEX "posts_key"
    ON "posts" ("key");
CREATE UNIQUE INDEX "posts_place"
    ON "posts" ("thread_pk", "ordinal");
CREATE INDEX posts_url on posts (url) where url is not null;
CREATE UNIQUE INDEX "sources_file"
    ON "sources" ("collection_id", "sha256", "name");
CREATE INDEX threads_arrival on threads (arrival) where arrival is not null;
CREATE INDEX threads_author on threads (collection_id, author collate nocase, posted_at, imported_at);
CREATE INDEX "threads_counted"
    ON "threads" ("collection_id", "completeness", "length");
CREATE UNIQUE INDEX "threads_id"
    ON "threads" ("collection_id", "id");
CREATE INDEX "threads_newest"
    ON "threads" ("collection_id", "posted_at", "imported_at");
CREATE INDEX "threads_pk"
    ON "threads" ("collection_id");
CREATE INDEX "threads_revision"
    ON "threads" ("collection_id", "revision");
CREATE INDEX "threads_source"
    ON "threads" ("source_id");
CREATE INDEX threads_url on threads (url) where url is not null;
CREATE INDEX "versions_source"
    ON "versions" ("source_id");
CREATE INDEX "versions_thread"
    ON "versions" ("thread_pk");
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
CREATE TABLE "collections" (
   "id" INTEGER PRIMARY KEY,
   "name" TEXT NOT NULL,
   "server_id" TEXT,
   "language" TEXT NOT NULL,
   "handbook" INTEGER NOT NULL,
   "revision" INTEGER NOT NULL
);
CREATE TABLE keys (collection_id integer not null, key integer not null, version_pk integer not null references versions(pk) on delete cascade, primary key (collection_id, key, version_pk)) without rowid;
CREATE TABLE links (collection_id integer not null, key integer not null, thread_pk integer not null references threads(pk) on delete cascade, ordinal integer not null, primary key (key, collection_id, thread_pk)) without rowid;
CREATE TABLE other_tombstones (key blob not null, hash blob not null, primary key (key, hash)) without rowid;
CREATE TABLE "posts" (
   "pk" INTEGER PRIMARY KEY AUTOINCREMENT,
   "thread_pk" INTEGER NOT NULL REFERENCES "threads"("pk") ON DELETE CASCADE,
   "ordinal" INTEGER NOT NULL,
   "key" INTEGER NOT NULL,
   "text" TEXT NOT NULL,
   "number" INTEGER,
   "external_id" TEXT,
   "url" TEXT,
   "posted_at" TEXT,
   "author" TEXT,
   "marker" TEXT
, "attachments" TEXT);
CREATE TABLE receipts (key blob primary key, reports text not null) without rowid;
CREATE TABLE salt (value blob not null);
CREATE TABLE "separated" (
   "thread_pk" INTEGER PRIMARY KEY REFERENCES "threads"("pk") ON DELETE CASCADE,
   "former" TEXT NOT NULL
);
CREATE TABLE "sources" (
   "id" INTEGER PRIMARY KEY,
   "collection_id" INTEGER NOT NULL REFERENCES "collections"("id") ON DELETE CASCADE,
   "name" TEXT NOT NULL,
   "sha256" TEXT NOT NULL,
   "form" TEXT NOT NULL,
   "read_at" TEXT NOT NULL
);
CREATE TABLE sqlite_sequence(name,seq);
CREATE TABLE "states" (
   "collection_id" INTEGER REFERENCES "collections"("id") ON DELETE CASCADE,
   "revision" INTEGER,
   "stamp" TEXT NOT NULL,
   PRIMARY KEY ("collection_id", "revision")
);
CREATE TABLE subject_tombstones (key blob not null, hash blob not null, erased_at text not null, primary key (key, hash, erased_at)) without rowid;
CREATE TABLE "threads" (
   "pk" INTEGER PRIMARY KEY AUTOINCREMENT,
   "collection_id" INTEGER NOT NULL REFERENCES "collections"("id") ON DELETE CASCADE,
   "id" TEXT NOT NULL,
   "base" TEXT NOT NULL,
   "source_id" INTEGER REFERENCES "sources"("id") ON DELETE SET NULL,
   "completeness" TEXT NOT NULL,
   "author" TEXT,
   "title" TEXT,
   "url" TEXT,
   "posted_at" TEXT,
   "imported_at" TEXT NOT NULL,
   "length" INTEGER NOT NULL,
   "opening" TEXT NOT NULL,
   "needle" TEXT NOT NULL
, "revision" INTEGER NOT NULL DEFAULT 0, "arrival" INTEGER);
CREATE TABLE tombstones (hash blob primary key) without rowid;
CREATE TABLE "versions" (
   "pk" INTEGER PRIMARY KEY AUTOINCREMENT,
   "source_id" INTEGER NOT NULL REFERENCES "sources"("id") ON DELETE CASCADE,
   "thread_pk" INTEGER NOT NULL REFERENCES "threads"("pk") ON DELETE CASCADE,
   "posts" INTEGER NOT NULL,
   "body" TEXT
, "shown" TEXT);
CREATE TRIGGER states_after_insert after insert on collections begin insert or replace into states select id, revision, lower(hex(randomblob(8))) from collections where id = new.id; end;
CREATE TRIGGER states_after_update after update of revision on collections when new.revision != old.revision begin insert or replace into states select id, revision, lower(hex(randomblob(8))) from collections where id = new.id; end;
CREATE VIEW "placed_posts" AS 
        select posts.*, t.collection_id, t.id as thread_id, t.length as thread_length,
            t.completeness as thread_completeness, t.opening as thread_opening,
            t.author as thread_author, t.title as thread_title, t.url as thread_url,
            t.posted_at as thread_posted_at
        from posts join threads t on t.pk = posts.thread_pk;
-- archive: m001_threads_and_posts
-- archive: m002_versions
-- archive: m003_states
-- archive: m004_threads_told_apart
-- archive: m005_tombstones_of_others
-- archive: m006_addresses
-- archive: m007_receipts
-- archive: m008_attachments
-- archive: m011_headlines
-- user_version = 0
-- application_id = 0
-- journal_mode = wal
-- page_size = 4096
-- auto_vacuum = 0
