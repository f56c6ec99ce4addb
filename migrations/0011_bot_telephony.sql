-- What joins the rooms of a bot's calls: agent or fleet. Without an agent, agent_name is empty.
ALTER TABLE bots ADD COLUMN answered_by TEXT NOT NULL DEFAULT 'agent';
-- JSON: enabled, allowed_headers, transfer_passthrough_headers, max_value_length.
ALTER TABLE bots ADD COLUMN sip_header_config TEXT NOT NULL DEFAULT '{}';
-- A JSON object that workers load when a call begins.
ALTER TABLE bots ADD COLUMN runtime_config TEXT NOT NULL DEFAULT '{}';
