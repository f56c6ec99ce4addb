use domain::{FieldErrors, FieldFault, FleetServerSettings, FleetUrl};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Text,
    text::{flag, present},
    version,
};

/// The body of `PUT /api/v1/settings/fleet`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct FleetInput {
    /// All servers of the fleet. What an entry leaves out stays as it is for the server with the same URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub core_fleet: Option<Vec<FleetEntry>>,
    /// The version of the list that the client has read; absent to save over any version.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub version: Option<Text>,
}

/// One server of the fleet: its base URL alone, or an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged, expecting = "expected a base URL or an object with url, name and enabled")]
pub enum FleetEntry {
    /// The base URL.
    #[schema(example = "https://core-1.example.com")]
    Url(String),
    /// The settings.
    Server(FleetServerInput),
}

/// The settings of one fleet server, and its form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct FleetServerInput {
    /// Base URL, `http` or `https`, without credentials and query.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "https://core-1.example.com")]
    pub url: Option<Text>,
    /// The server's name on pages.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "Core 1")]
    pub name: Option<Text>,
    /// A disabled server is neither polled nor given calls; enabled where absent.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<bool>)]
    pub enabled: Option<Text>,
    /// The version of the server that the form has read; not used in a list.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub version: Option<Text>,
}

impl FleetInput {
    /// The most servers of a fleet.
    pub const MAX: usize = 100;

    /// The settings of each server; `current` are those of the servers as they are.
    pub fn parse(&self, current: &[FleetServerSettings]) -> Result<Vec<FleetServerSettings>, FieldErrors> {
        let refused = |fault| Err(FieldErrors::one("core_fleet", fault));
        let Some(entries) = &self.core_fleet else {
            return refused(FieldFault::required(
                "Send core_fleet, the list of all servers; an empty list removes them.",
            ));
        };
        if entries.len() > Self::MAX {
            let message = format!("A fleet has at most {} servers; these are {}.", Self::MAX, entries.len());
            return refused(FieldFault::new("too_many", message));
        }
        let (mut servers, mut errors) = (Vec::<FleetServerSettings>::new(), FieldErrors::default());
        for (index, entry) in entries.iter().enumerate() {
            let add = |errors: &mut FieldErrors, code, message: &str| {
                errors.add("core_fleet", FieldFault::new(code, format!("Entry {}: {message}", index + 1)));
            };
            match entry.parse(current) {
                Ok(settings) if servers.iter().any(|earlier| earlier.url == settings.url) => {
                    add(&mut errors, "duplicate_url", &format!("{} is in the list twice.", settings.url));
                }
                Ok(settings) => servers.push(settings),
                Err(faults) => faults.into_iter().for_each(|fault| add(&mut errors, fault.code, &fault.message)),
            }
        }
        if errors.is_empty() { Ok(servers) } else { Err(errors) }
    }

    /// The version of the list that the client has read; None where it sent none.
    pub fn version(&self) -> Result<Option<i64>, FieldErrors> {
        version(self.version.as_ref()).map_err(|fault| FieldErrors::one("version", fault))
    }
}

impl FleetEntry {
    fn parse(&self, current: &[FleetServerSettings]) -> Result<FleetServerSettings, Vec<FieldFault>> {
        let input = match self {
            Self::Url(url) => &FleetServerInput { url: Some(Text(url.clone())), ..FleetServerInput::default() },
            Self::Server(input) => input,
        };
        let url: Option<FleetUrl> = input.url.as_ref().and_then(|url| url.0.parse().ok());
        let current = current.iter().find(|server| Some(&server.url) == url.as_ref());
        input.fields(current).map_err(|faults| faults.into_iter().map(|(_, fault)| fault).collect())
    }
}

impl FleetServerInput {
    /// The settings; absent fields keep the value that they have in `current`.
    pub fn parse(&self, current: Option<&FleetServerSettings>) -> Result<FleetServerSettings, FieldErrors> {
        self.fields(current).map_err(|faults| {
            let mut errors = FieldErrors::default();
            faults.into_iter().for_each(|(field, fault)| errors.add(field, fault));
            errors
        })
    }

    fn fields(
        &self,
        current: Option<&FleetServerSettings>,
    ) -> Result<FleetServerSettings, Vec<(&'static str, FieldFault)>> {
        let url = match (&self.url, current) {
            (None, Some(now)) => Ok(now.url.clone()),
            (url, _) => url.as_ref().map_or("", |url| url.0.as_str()).parse(),
        };
        let name = match &self.name {
            None => Ok(current.and_then(|now| now.name.clone())),
            Some(name) if name.is_blank() => Ok(None),
            Some(name) => name.0.parse().map(Some),
        };
        let enabled = match &self.enabled {
            None => Ok(current.is_none_or(|now| now.enabled)),
            Some(enabled) => flag(enabled),
        };
        match (url, name, enabled) {
            (Ok(url), Ok(name), Ok(enabled)) => Ok(FleetServerSettings { url, name, enabled }),
            (url, name, enabled) => {
                let faults = [("url", url.err()), ("name", name.err()), ("enabled", enabled.err())];
                Err(faults.into_iter().filter_map(|(field, fault)| Some((field, fault?))).collect())
            }
        }
    }

    /// The version that the form has read; None where it sent none.
    pub fn version(&self) -> Result<Option<i64>, FieldErrors> {
        version(self.version.as_ref()).map_err(|fault| FieldErrors::one("version", fault))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(
        core_fleet: serde_json::Value,
        current: &[FleetServerSettings],
    ) -> Result<Vec<FleetServerSettings>, String> {
        let input: FleetInput = serde_json::from_value(json!({ "core_fleet": core_fleet })).unwrap();
        input.parse(current).map_err(|errors| errors.message("core_fleet").unwrap().to_owned())
    }

    #[test]
    fn entries_are_urls_or_objects() {
        let list = json!(["https://Core-1.example.com/", { "url": "http://core-2", "name": "Two", "enabled": false }]);
        let servers = parse(list, &[]).unwrap();
        let texts: Vec<_> = servers.iter().map(|server| (server.url.as_str(), server.enabled)).collect();
        assert_eq!(texts, [("https://core-1.example.com", true), ("http://core-2", false)]);
        assert_eq!(servers[1].name.as_ref().map(|name| name.as_str()), Some("Two"));
        assert_eq!(parse(json!([]), &[]), Ok(Vec::new()));
    }

    #[test]
    fn bare_url_keeps_name_and_state_of_its_server() {
        let current = parse(json!([{ "url": "http://core-2", "name": "Two", "enabled": false }]), &[]).unwrap();
        assert_eq!(parse(json!(["http://core-2/"]), &current).unwrap(), current);
        let renamed = parse(json!([{ "url": "http://core-2", "name": "" }]), &current).unwrap();
        assert_eq!((&renamed[0].name, renamed[0].enabled), (&None, false));
    }

    #[test]
    fn fault_names_its_entry() {
        let list = json!(["http://core-1", "core-2"]);
        assert_eq!(parse(list, &[]), Err("Entry 2: Begin the URL with https:// or http://.".to_owned()));
        let twice = json!(["http://core-1", "HTTP://Core-1:80/"]);
        assert_eq!(parse(twice, &[]), Err("Entry 2: http://core-1 is in the list twice.".to_owned()));
        let many: Vec<String> = (0..101).map(|index| format!("http://core-{index}")).collect();
        assert_eq!(parse(json!(many), &[]), Err("A fleet has at most 100 servers; these are 101.".to_owned()));
        assert!(FleetInput::default().parse(&[]).is_err());
    }
}
