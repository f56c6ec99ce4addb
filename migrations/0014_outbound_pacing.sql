-- The pacing of each carrier's outbound calls (docs/decisions/0016-outbound-pacing.md), by the database's clock.
CREATE TABLE outbound_buckets (
    carrier_id TEXT PRIMARY KEY REFERENCES carriers (id) ON DELETE CASCADE,
    -- Millionths of a call.
    tokens BIGINT NOT NULL,
    filled_at BIGINT NOT NULL
);

-- A channel in use, until the call has ended or the lease expires.
CREATE TABLE channel_leases (
    call_id TEXT PRIMARY KEY REFERENCES calls (id) ON DELETE CASCADE,
    carrier_id TEXT NOT NULL REFERENCES carriers (id) ON DELETE CASCADE,
    did_id TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX channel_leases_by_carrier ON channel_leases (carrier_id, expires_at);
