/// Ids, as in `?guide=…`, and names, in reading order. Any other id opens the first.
pub const TOPICS: [(&str, &str); 13] = [
    ("overview", "Overview"),
    ("connection", "Connection settings"),
    ("authentication", "Authentication"),
    ("pacing", "Pacing"),
    ("directions", "DID directions"),
    ("inbound", "Inbound calls"),
    ("outbound", "Outbound calls"),
    ("sync", "Sync status"),
    ("plivo", "Plivo"),
    ("twilio", "Twilio"),
    ("exotel", "Exotel"),
    ("trunk-api", "Trunk API"),
    ("troubleshooting", "Troubleshooting"),
];
