-- Carriers of the trunk API whose trunk LiveKit has not confirmed yet. After expires_at the server that made one has stopped,
-- and any server removes it (docs/decisions/0019-trunks-are-carriers.md).
CREATE TABLE provisional_carriers (
    carrier_id TEXT PRIMARY KEY REFERENCES carriers (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);
CREATE INDEX provisional_carriers_by_expiry ON provisional_carriers (expires_at);
