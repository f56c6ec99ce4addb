use domain::{FleetHealth, FleetServer, FleetServerId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// One server of the fleet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FleetServerView {
    /// Id of the row.
    pub id: FleetServerId,
    /// Base URL.
    pub url: String,
    /// The server's name on pages.
    pub name: Option<String>,
    /// A disabled server is neither polled nor given calls.
    pub enabled: bool,
    /// When the server was added.
    pub created_at: Timestamp,
    /// When the settings were changed last.
    pub updated_at: Timestamp,
    /// Increases with each change of this server's settings.
    pub version: i64,
}

/// `GET /api/v1/settings/fleet`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FleetSettings {
    /// All servers, in the order in which they were added.
    pub core_fleet: Vec<FleetServerView>,
    /// Increases with each change of the list or of one of its servers.
    pub version: i64,
}

/// `GET /api/v1/fleet/status`: the enabled servers as they were polled last.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FleetStatus {
    /// The calls that all healthy servers can run at once.
    pub total_capacity: u64,
    /// The calls that they run now.
    pub active_calls: u64,
    /// `total_capacity` without `active_calls`.
    pub available: u64,
    /// Each enabled server.
    pub workers: Vec<FleetServerStatus>,
    /// The last hour of this server process, oldest first.
    pub history: Vec<FleetSample>,
}

/// One fleet server as it was polled last. The numbers are 0 where it is unreachable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FleetServerStatus {
    /// Base URL.
    pub url: String,
    /// The server's name on pages.
    pub name: Option<String>,
    /// The outcome of the last poll.
    pub status: FleetHealth,
    /// Why the server is unreachable.
    pub reason: Option<String>,
    /// When the last poll ended.
    pub checked_at: Option<Timestamp>,
    /// `fleet_max` of the server's report.
    pub total_capacity: u64,
    /// `fleet_available` of the server's report.
    pub total_available: u64,
    /// `fleet_calls` of the server's report.
    pub worker_calls: u64,
    /// The server's workers, as it reported them.
    #[schema(value_type = Vec<Object>)]
    pub workers: Vec<Value>,
}

/// The load of the fleet within half a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FleetSample {
    /// When the half minute began.
    pub at: Timestamp,
    /// The most calls at once.
    pub active_calls: u64,
    /// The capacity at the end.
    pub total_capacity: u64,
}

/// The page of the fleet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FleetOverview {
    /// The servers.
    pub settings: FleetSettings,
    /// Their health.
    pub status: FleetStatus,
}

impl FleetServerView {
    /// The view of a row.
    pub fn new(server: &FleetServer) -> Self {
        Self {
            id: server.id.clone(),
            url: server.settings.url.to_string(),
            name: server.settings.name.as_ref().map(ToString::to_string),
            enabled: server.settings.enabled,
            created_at: server.created_at,
            updated_at: server.updated_at,
            version: server.version,
        }
    }
}

impl FleetSettings {
    /// `version`: that of the list.
    pub fn new(servers: &[FleetServer], version: i64) -> Self {
        Self { core_fleet: servers.iter().map(FleetServerView::new).collect(), version }
    }
}
