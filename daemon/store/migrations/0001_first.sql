-- Times are Unix seconds, hashes and ids lower-case hex, documents and signatures the exact bytes.
-- `row_sum` closes each row: a checksum over the values before it (see row_impl.h), because SQLite
-- itself does not notice when a bit flips inside a value.

CREATE TABLE follow (
    publisher      TEXT    NOT NULL PRIMARY KEY,
    petname        TEXT    NOT NULL,
    confirmed      INTEGER NOT NULL,
    own            INTEGER NOT NULL,
    followed_at    INTEGER NOT NULL,
    catalogue      BLOB    NOT NULL,
    beacon_serial  INTEGER NOT NULL,
    newest_created INTEGER NOT NULL,
    last_news      INTEGER,
    equivocated    INTEGER NOT NULL,
    row_sum        INTEGER NOT NULL
) STRICT;

CREATE TABLE follow_source (
    publisher TEXT    NOT NULL REFERENCES follow ON DELETE CASCADE,
    position  INTEGER NOT NULL,
    source    TEXT    NOT NULL,
    row_sum   INTEGER NOT NULL,
    PRIMARY KEY (publisher, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE follow_peer (
    publisher TEXT    NOT NULL REFERENCES follow ON DELETE CASCADE,
    position  INTEGER NOT NULL,
    peer      TEXT    NOT NULL,
    row_sum   INTEGER NOT NULL,
    PRIMARY KEY (publisher, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE publisher_document (
    publisher TEXT    NOT NULL REFERENCES follow ON DELETE CASCADE,
    version   INTEGER NOT NULL,
    document  BLOB    NOT NULL,
    row_sum   INTEGER NOT NULL,
    PRIMARY KEY (publisher, version)
) STRICT;

CREATE TABLE publisher_signature (
    publisher TEXT    NOT NULL,
    version   INTEGER NOT NULL,
    position  INTEGER NOT NULL,
    signature BLOB    NOT NULL,
    row_sum   INTEGER NOT NULL,
    PRIMARY KEY (publisher, version, position),
    FOREIGN KEY (publisher, version) REFERENCES publisher_document ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE catalogue_signature (
    publisher TEXT    NOT NULL REFERENCES follow ON DELETE CASCADE,
    position  INTEGER NOT NULL,
    signature BLOB    NOT NULL,
    row_sum   INTEGER NOT NULL,
    PRIMARY KEY (publisher, position)
) STRICT, WITHOUT ROWID;

-- The highest serial seen of each name: what an older edition is refused by.
CREATE TABLE floor (
    publisher TEXT    NOT NULL REFERENCES follow ON DELETE CASCADE,
    name      TEXT    NOT NULL,
    serial    INTEGER NOT NULL,
    manifest  TEXT    NOT NULL,
    row_sum   INTEGER NOT NULL,
    PRIMARY KEY (publisher, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE holding (
    bundle     TEXT    NOT NULL PRIMARY KEY,
    publisher  TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    serial     INTEGER NOT NULL,
    manifest   TEXT    NOT NULL,
    state      TEXT    NOT NULL,
    pinned     INTEGER NOT NULL,
    paused     INTEGER NOT NULL,
    own        INTEGER NOT NULL,
    folder     TEXT    NOT NULL,
    size_bytes INTEGER NOT NULL,
    held_since INTEGER,
    proved_at  INTEGER,
    row_sum    INTEGER NOT NULL
) STRICT;

CREATE TABLE holding_peer (
    bundle   TEXT    NOT NULL REFERENCES holding ON DELETE CASCADE,
    position INTEGER NOT NULL,
    peer     TEXT    NOT NULL,
    row_sum  INTEGER NOT NULL,
    PRIMARY KEY (bundle, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE resume_data (
    bundle  TEXT    NOT NULL PRIMARY KEY REFERENCES holding ON DELETE CASCADE,
    bytes   BLOB    NOT NULL,
    row_sum INTEGER NOT NULL
) STRICT;

CREATE TABLE setting (
    key     TEXT    NOT NULL PRIMARY KEY,
    value   TEXT    NOT NULL,
    row_sum INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    time      INTEGER NOT NULL,
    kind      TEXT    NOT NULL,
    publisher TEXT    NOT NULL,
    bundle    TEXT    NOT NULL,
    message   TEXT    NOT NULL,
    level     TEXT    NOT NULL,
    row_sum   INTEGER NOT NULL
) STRICT;
