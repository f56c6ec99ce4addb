-- The ids of the LiveKit objects that each carrier had after its last sync. No row: not known, and the next sync lists the
-- whole project.
CREATE TABLE carrier_livekit_objects (
    carrier_id TEXT PRIMARY KEY,
    -- JSON: {"inbound":["ST_…"],"outbound":["ST_…"],"rules":["SDR_…"]}
    object_ids TEXT NOT NULL
);

-- 1: LiveKit did not answer, and the sync is due as soon as it does.
ALTER TABLE carrier_syncs ADD COLUMN unreachable BIGINT NOT NULL DEFAULT 0;

-- One lease per database from now on, no longer one per LIVEKIT_URL.
DELETE FROM leases;

-- Single addresses of an allowlist are written to LiveKit with a prefix from now on; trunks without one are replaced.
INSERT INTO carrier_syncs (carrier_id, account_id, carrier_name, revision, removing, attempt, due_at)
SELECT id, account_id, name, 1, 0, 0, 0 FROM carriers WHERE allowed_addresses <> ''
ON CONFLICT (carrier_id) DO UPDATE SET revision = carrier_syncs.revision + 1, attempt = 0, due_at = 0;
UPDATE carriers SET lk_sync_status = 'pending' WHERE lk_sync_status = 'synced' AND allowed_addresses <> '';
