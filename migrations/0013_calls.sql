-- Calls, and what happened in each. A call refers to its carrier, DID and bot by plain ids and the names of that time, so that it
-- outlives them.
CREATE TABLE calls (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    direction TEXT NOT NULL,
    state TEXT NOT NULL,
    -- in_progress until the call has ended.
    outcome TEXT NOT NULL,
    carrier_id TEXT,
    carrier_name TEXT NOT NULL,
    did_id TEXT,
    bot_id TEXT,
    bot_name TEXT NOT NULL,
    from_number TEXT NOT NULL,
    to_number TEXT NOT NULL,
    -- As dids.number_key; what is no phone number stands here in lower case.
    from_key TEXT NOT NULL,
    to_key TEXT NOT NULL,
    room_name TEXT NOT NULL,
    -- LiveKit's ids: SCL_…, PA_…, ST_…, SDR_…
    livekit_call_id TEXT,
    participant_id TEXT,
    trunk_id TEXT,
    rule_id TEXT,
    sip_call_id TEXT,
    fleet_url TEXT,
    fleet_call_id TEXT,
    sip_status BIGINT,
    sip_reason TEXT,
    disconnect_reason TEXT,
    error TEXT,
    created_at BIGINT NOT NULL,
    ringing_at BIGINT NOT NULL,
    answered_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    -- The hand-over to the fleet: none, claimed, done, or lost with the fleet's answer.
    handover TEXT NOT NULL
);
-- The list is ordered by time, the newest first, and reads by any of its filters.
CREATE INDEX calls_by_time ON calls (account_id, created_at, id);
CREATE INDEX calls_by_from ON calls (account_id, from_key, created_at, id);
CREATE INDEX calls_by_to ON calls (account_id, to_key, created_at, id);
CREATE INDEX calls_by_carrier ON calls (account_id, carrier_id, created_at, id);
CREATE INDEX calls_by_bot ON calls (account_id, bot_id, created_at, id);
CREATE INDEX calls_by_outcome ON calls (account_id, outcome, created_at, id);
CREATE INDEX calls_by_direction ON calls (account_id, direction, created_at, id);
-- What a webhook finds its call by. NULLs are distinct in both databases.
CREATE UNIQUE INDEX calls_by_livekit_call ON calls (account_id, livekit_call_id);
CREATE UNIQUE INDEX calls_by_participant ON calls (account_id, participant_id);
CREATE INDEX calls_by_room ON calls (account_id, room_name, created_at);

-- Which carrier a call's trunk belongs to.
CREATE INDEX carriers_by_inbound_trunk ON carriers (lk_inbound_trunk_id);
CREATE INDEX carriers_by_outbound_trunk ON carriers (lk_outbound_trunk_id);

CREATE TABLE call_events (
    call_id TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    -- Orders events of the same time.
    id TEXT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (call_id, id)
);

-- LiveKit's webhook events that were processed. LiveKit repeats an event under the same id until it is answered.
CREATE TABLE livekit_events (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    event TEXT NOT NULL,
    room_name TEXT NOT NULL,
    -- Kind and identity of the participant, for agents that join a room before the call is known. Empty where there is none.
    participant_kind TEXT NOT NULL,
    participant_identity TEXT NOT NULL,
    at BIGINT NOT NULL,
    received_at BIGINT NOT NULL
);
CREATE INDEX livekit_events_by_room ON livekit_events (account_id, room_name);
CREATE INDEX livekit_events_by_time ON livekit_events (received_at);
