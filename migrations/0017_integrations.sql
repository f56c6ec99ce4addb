-- The integrations of providers that sell numbers: twilio, vonage. Of Vonage, account_sid is the API key, and host the
-- domain of the SIP trunk; api_key and api_token are user and password of HTTP's basic authentication everywhere.
-- The SIP credentials of outbound calls through the provider's trunk, the password sealed; blank where there are none.
ALTER TABLE integrations ADD COLUMN sip_username TEXT NOT NULL DEFAULT '';
ALTER TABLE integrations ADD COLUMN sip_password TEXT NOT NULL DEFAULT '';
-- The trunk that was prepared at the provider, and its address for outbound calls; blank until then.
ALTER TABLE integrations ADD COLUMN trunk_reference TEXT NOT NULL DEFAULT '';
ALTER TABLE integrations ADD COLUMN trunk_address TEXT NOT NULL DEFAULT '';
