-- Requests with an Idempotency-Key, and the responses that are returned again to a repetition (crates/store/src/idempotency.rs).
CREATE TABLE idempotency_keys (
    -- Id of the user: keys of different actors are independent.
    actor_id TEXT NOT NULL,
    -- Method and path.
    operation TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    -- SHA-256 in hex. Another body under the same key is an error of the client.
    body_hash TEXT NOT NULL,
    -- Status, Location and body of the response; a NULL status while the request is executed.
    status BIGINT,
    location TEXT,
    body TEXT,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (actor_id, operation, idempotency_key)
);
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);
