-- The carrier's provider, its Krisp setting and its creator; and the user behind each API key.

-- twilio, plivo, telnyx, vonage, exotel or custom. Existing carriers get theirs from their address.
ALTER TABLE carriers ADD COLUMN provider TEXT NOT NULL DEFAULT 'custom';
-- 0, 1, or NULL: LiveKit keeps its own value.
ALTER TABLE carriers ADD COLUMN krisp_enabled BIGINT;
-- Id of a user; of a carrier made with an API key, the user behind the key. NULL for older carriers.
ALTER TABLE carriers ADD COLUMN created_by TEXT;

UPDATE carriers SET provider = CASE
    WHEN sip_address LIKE '%.twilio.com' OR sip_address LIKE '%.twilio.com:%' THEN 'twilio'
    WHEN sip_address LIKE '%.plivo.com' OR sip_address LIKE '%.plivo.com:%' THEN 'plivo'
    WHEN sip_address LIKE '%.telnyx.com' OR sip_address LIKE '%.telnyx.com:%' THEN 'telnyx'
    WHEN sip_address LIKE '%.vonage.com' OR sip_address LIKE '%.vonage.com:%' THEN 'vonage'
    WHEN sip_address LIKE '%.nexmo.com' OR sip_address LIKE '%.nexmo.com:%' THEN 'vonage'
    WHEN sip_address LIKE '%.exotel.com' OR sip_address LIKE '%.exotel.com:%' THEN 'exotel'
    WHEN sip_address LIKE '%.exotel.in' OR sip_address LIKE '%.exotel.in:%' THEN 'exotel'
    ELSE 'custom' END;

-- The trunks of one user, newest first. Partial, since SQLite would otherwise prefer it to the indexes of the lists.
CREATE INDEX carriers_by_creator ON carriers (account_id, created_by, created_at, id)
    WHERE created_by IS NOT NULL AND lk_outbound_trunk_id IS NOT NULL;

-- The user who made the key, or who made the key that made it. NULL where that key is deleted already.
ALTER TABLE api_keys ADD COLUMN user_id TEXT;
UPDATE api_keys SET user_id = (
    WITH RECURSIVE makers (id, created_by) AS (
        SELECT k.id, k.created_by FROM api_keys k WHERE k.id = api_keys.id
        UNION
        SELECT k.id, k.created_by FROM api_keys k JOIN makers ON k.id = makers.created_by)
    SELECT created_by FROM makers WHERE created_by LIKE 'usr\_%' ESCAPE '\');
-- Disabling a user could not end such a key.
UPDATE api_keys SET is_active = 0 WHERE user_id IS NULL;
CREATE INDEX api_keys_by_user ON api_keys (user_id);
