-- Events of committed changes, which every server reads and publishes to its own subscribers (crates/store/src/outbox.rs).
CREATE TABLE outbox (
    seq BIGINT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    noun TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- Id of the row that changed.
    subject_id TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX outbox_by_time ON outbox (at);

-- The last sequence number, in one row. The transaction that has updated it commits before the next one can: numbers are
-- in the order of the commits and have no gaps, which a sequence of PostgreSQL's does not promise.
CREATE TABLE outbox_sequence (
    id BIGINT PRIMARY KEY,
    last_seq BIGINT NOT NULL
);
INSERT INTO outbox_sequence (id, last_seq) VALUES (1, 0);
