//! The migrations, inside the binary. Listed here, since sqlx's macro for it would compile both drivers a second time, for
//! the build machine.

use sqlx::{
    SqlSafeStr,
    migrate::{Migration, MigrationType, Migrator},
};

/// Version, name and text of each file in `migrations`.
const MIGRATIONS: [(i64, &str, &str); 22] = [
    (1, "initial", include_str!("../../../migrations/0001_initial.sql")),
    (2, "integrations", include_str!("../../../migrations/0002_integrations.sql")),
    (4, "audit", include_str!("../../../migrations/0004_audit.sql")),
    (5, "outbox", include_str!("../../../migrations/0005_outbox.sql")),
    (6, "livekit_sync", include_str!("../../../migrations/0006_livekit_sync.sql")),
    (7, "idempotency", include_str!("../../../migrations/0007_idempotency.sql")),
    (8, "did_listing", include_str!("../../../migrations/0008_did_listing.sql")),
    (9, "carrier_countries", include_str!("../../../migrations/0009_carrier_countries.sql")),
    (10, "api_keys", include_str!("../../../migrations/0010_api_keys.sql")),
    (11, "bot_telephony", include_str!("../../../migrations/0011_bot_telephony.sql")),
    (12, "fleet", include_str!("../../../migrations/0012_fleet.sql")),
    (13, "calls", include_str!("../../../migrations/0013_calls.sql")),
    (14, "outbound_pacing", include_str!("../../../migrations/0014_outbound_pacing.sql")),
    (15, "people", include_str!("../../../migrations/0015_people.sql")),
    (16, "carrier_provider", include_str!("../../../migrations/0016_carrier_provider.sql")),
    (17, "integrations", include_str!("../../../migrations/0017_integrations.sql")),
    (18, "number_purchases", include_str!("../../../migrations/0018_number_purchases.sql")),
    (19, "provisional_carriers", include_str!("../../../migrations/0019_provisional_carriers.sql")),
    (20, "account_dids", include_str!("../../../migrations/0020_account_dids.sql")),
    (21, "edge_nouns", include_str!("../../../migrations/0021_edge_nouns.sql")),
    (22, "edge_calls", include_str!("../../../migrations/0022_edge_calls.sql")),
    (23, "edge_bans", include_str!("../../../migrations/0023_edge_bans.sql")),
];

/// Brings the schema up to date.
pub(crate) fn migrator() -> Migrator {
    let migration = |(version, name, text): (i64, &'static str, &'static str)| {
        Migration::new(version, name.into(), MigrationType::Simple, text.into_sql_str(), false)
    };
    Migrator::with_migrations(MIGRATIONS.map(migration).into())
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fs, path::Path};

    use super::*;

    #[test]
    fn every_file_is_listed() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
        let files: BTreeMap<String, String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|file| (file.file_name().unwrap().to_string_lossy().into(), fs::read_to_string(file).unwrap()))
            .collect();
        let listed = MIGRATIONS.map(|(version, name, text)| (format!("{version:04}_{name}.sql"), text.to_owned()));
        assert_eq!(files, BTreeMap::from(listed));
    }
}
