-- The audit page reads by any of its filters, newest first, and each order has its index.

-- Lower case, for the search.
ALTER TABLE audit_events ADD COLUMN subject_key TEXT NOT NULL DEFAULT '';
-- Whose history the event belongs to: a number's is its carrier's, any other row's its own.
ALTER TABLE audit_events ADD COLUMN history_id TEXT NOT NULL DEFAULT '';
UPDATE audit_events SET
    subject_key = lower(subject_name),
    history_id = COALESCE((SELECT carrier_id FROM dids WHERE dids.id = audit_events.subject_id), subject_id);

DROP INDEX audit_events_by_subject;
CREATE INDEX audit_events_by_subject ON audit_events (account_id, subject_id, at, id);
CREATE INDEX audit_events_by_history ON audit_events (account_id, history_id, at, id);
CREATE INDEX audit_events_by_actor ON audit_events (account_id, actor_id, at, id);
CREATE INDEX audit_events_by_actor_name ON audit_events (account_id, actor_name, at, id);
CREATE INDEX audit_events_by_action ON audit_events (account_id, action, at, id);
-- The first four characters of an id name the noun.
CREATE INDEX audit_events_by_kind ON audit_events (account_id, substr(subject_id, 1, 4), at, id);

-- What needs attention: each index holds only the rows that do, so that counting them costs as much as there is to mend.
-- The conditions stand in crates/store/src/attention.rs to the letter; otherwise no index is used.
CREATE INDEX carriers_failing ON carriers (account_id, name_key, id) WHERE lk_sync_status = 'error';
CREATE INDEX carriers_numberless ON carriers (account_id, name_key, id) WHERE did_count = 0;
CREATE INDEX carriers_open ON carriers (account_id, name_key, id)
    WHERE accept_any_source = 1 AND allowed_addresses = '' AND (inbound_auth <> 'credentials' OR auth_username IS NULL);
CREATE INDEX dids_unanswered ON dids (account_id, number_key, carrier_id)
    WHERE bot_id IS NULL AND direction <> 'outbound';
