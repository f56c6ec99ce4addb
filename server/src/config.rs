//! Configuration: flags, then environment, then `trunkline.toml`, then defaults.

mod edge;

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
    time::Duration,
};

use domain::{FieldFault, Secret, SipAddress};
use serde::Deserialize;
use thiserror::Error;

pub use self::edge::Edge;
use crate::{TrustedProxies, address_list::NotAList, cli::Options};

const DEFAULT_FILE: &str = "trunkline.toml";
const DEFAULT_DATABASE: &str = "sqlite://data/trunkline.db";
const DEFAULT_LISTEN: &str = "127.0.0.1:3000";
const DEFAULT_DRIFT_INTERVAL: Duration = Duration::from_secs(5 * 60);

/// The configuration of a server. Secrets are [`Secret`]s, so that no log shows them.
#[derive(Clone)]
pub struct Config {
    pub database_url: Secret,
    pub listen: String,
    pub public_url: Option<String>,
    pub trusted_proxies: TrustedProxies,
    pub livekit: Option<LiveKit>,
    /// LiveKit's SIP endpoint as carriers reach it.
    pub livekit_sip_host: Option<SipAddress>,
    /// Base URL of Exotel's API; `{subdomain}` is replaced by the account's.
    pub exotel_url: String,
    /// Base URL of all of Twilio's APIs; None: Twilio's own hosts, or in the sandbox a simulated Twilio.
    pub twilio_url: Option<String>,
    /// Base URL of Vonage's API; None: Vonage's own host, or in the sandbox a simulated Vonage.
    pub vonage_url: Option<String>,
    pub master_key: Option<Secret>,
    /// Authenticates CXB Core; None: its routes refuse every request.
    pub core_secret: Option<Secret>,
    /// Who may call the edge's paths, and where.
    pub edge: Edge,
    /// Redis or Valkey for the live state of the edge; None: this process.
    pub redis_url: Option<Secret>,
    pub administrator: Option<(String, Secret)>,
    pub log: String,
    /// Interval of the drift checks; zero: never.
    pub drift_interval: Duration,
}

#[derive(Clone, Debug)]
pub struct LiveKit {
    pub url: String,
    pub api_key: String,
    pub api_secret: Secret,
}

#[derive(Debug, Error)]
pub enum Error {
    #[error("{}: {error}", path.display())]
    File { path: PathBuf, error: String },
    #[error("{0}")]
    Incomplete(&'static str),
    #[error("DATABASE_URL starts with sqlite:// or postgres://.")]
    Database,
    #[error("TRUNKLINE_DRIFT_INTERVAL is a whole number of seconds from 10 to 86400, such as 300; 0 switches it off.")]
    DriftInterval,
    #[error("LIVEKIT_SIP_HOST: {0}")]
    SipHost(FieldFault),
    #[error("TRUNKLINE_PUBLIC_URL starts with http:// or https:// and ends with the host or port.")]
    PublicUrl,
    #[error("TRUNKLINE_CORE_SECRET is sent as a header: use visible ASCII characters, without blanks.")]
    CoreSecret,
    #[error("TRUNKLINE_TRUSTED_PROXIES is {0}.")]
    TrustedProxies(#[from] NotAList),
    #[error("TRUNKLINE_EDGE_ALLOW is {0}.")]
    EdgeAllow(NotAList),
    #[error("TRUNKLINE_MEDIA_NODES is {0}.")]
    MediaNodes(NotAList),
    #[error("TRUNKLINE_EDGE_TOKEN is sent as a header: use 16 or more visible ASCII characters, without blanks.")]
    EdgeToken,
    #[error("TRUNKLINE_ADMIN_TOKEN is sent as a header: use 16 or more visible ASCII characters, without blanks.")]
    AdminToken,
    #[error("TRUNKLINE_EDGE_NONCES is own or edge.")]
    EdgeNonces,
}

/// The configuration file. Unknown keys are rejected, so that a misspelt one is noticed.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    database_url: Option<String>,
    listen: Option<String>,
    public_url: Option<String>,
    trusted_proxies: Option<String>,
    livekit_url: Option<String>,
    livekit_api_key: Option<String>,
    livekit_api_secret: Option<String>,
    livekit_sip_host: Option<String>,
    exotel_url: Option<String>,
    twilio_url: Option<String>,
    vonage_url: Option<String>,
    master_key: Option<String>,
    core_secret: Option<String>,
    edge_listen: Option<String>,
    edge_token: Option<String>,
    admin_token: Option<String>,
    edge_allow: Option<String>,
    edge_nonces: Option<String>,
    media_nodes: Option<String>,
    redis_url: Option<String>,
    admin_email: Option<String>,
    admin_password: Option<String>,
    log: Option<String>,
    drift_interval: Option<u64>,
}

impl Config {
    pub fn load(options: Options) -> Result<Self, Error> {
        let file = read(options.config.as_deref())?;
        // A variable that is set but empty, as by `KEY=` in a compose file, counts as not set.
        let pick = |first: Option<String>, second: Option<String>| first.filter(|text| !text.is_empty()).or(second);
        let livekit = livekit(
            pick(options.livekit_url, file.livekit_url),
            pick(options.livekit_api_key, file.livekit_api_key),
            pick(options.livekit_api_secret, file.livekit_api_secret),
        )?;
        let administrator =
            match (pick(options.admin_email, file.admin_email), pick(options.admin_password, file.admin_password)) {
                (None, None) => None,
                (Some(email), Some(password)) => Some((email, Secret::new(password))),
                _ => {
                    return Err(Error::Incomplete(
                        "Set both TRUNKLINE_ADMIN_EMAIL and TRUNKLINE_ADMIN_PASSWORD, or neither.",
                    ));
                }
            };
        let database_url = pick(options.database_url, file.database_url).unwrap_or_else(|| DEFAULT_DATABASE.to_owned());
        if !["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| database_url.starts_with(scheme)) {
            return Err(Error::Database);
        }
        Ok(Self {
            database_url: Secret::new(database_url),
            listen: pick(options.listen, file.listen).unwrap_or_else(|| DEFAULT_LISTEN.to_owned()),
            public_url: pick(options.public_url, file.public_url).map(|url| public_url(&url)).transpose()?,
            trusted_proxies: pick(options.trusted_proxies, file.trusted_proxies)
                .map(|list| list.parse())
                .transpose()?
                .unwrap_or_default(),
            livekit,
            livekit_sip_host: pick(options.livekit_sip_host, file.livekit_sip_host)
                .map(|host| host.parse().map_err(Error::SipHost))
                .transpose()?,
            exotel_url: pick(options.exotel_url, file.exotel_url).unwrap_or_else(|| exotel::Config::URL.to_owned()),
            twilio_url: pick(options.twilio_url, file.twilio_url),
            vonage_url: pick(options.vonage_url, file.vonage_url),
            master_key: pick(options.master_key, file.master_key).map(Secret::new),
            core_secret: pick(options.core_secret, file.core_secret).map(core_secret).transpose()?,
            edge: Edge::parse(edge::Texts {
                listen: pick(options.edge_listen, file.edge_listen),
                token: pick(options.edge_token, file.edge_token),
                admin_token: pick(options.admin_token, file.admin_token),
                allow: pick(options.edge_allow, file.edge_allow),
                nonces: pick(options.edge_nonces, file.edge_nonces),
                media_nodes: pick(options.media_nodes, file.media_nodes),
            })?,
            redis_url: pick(options.redis_url, file.redis_url).map(Secret::new),
            administrator,
            log: pick(options.log, file.log).unwrap_or_else(|| "info".to_owned()),
            drift_interval: drift_interval(
                pick(options.drift_interval, file.drift_interval.map(|seconds| seconds.to_string())).as_deref(),
            )?,
        })
    }

    /// The path of an SQLite database; None for PostgreSQL.
    pub fn sqlite_path(&self) -> Option<PathBuf> {
        let url = self.database_url.expose();
        let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"))?;
        Some(PathBuf::from(path.split('?').next().unwrap_or(path)))
    }

    /// The folder for files that belong to the database, such as the master key.
    pub fn data_folder(&self) -> PathBuf {
        let beside = self.sqlite_path().and_then(|path| path.parent().map(Path::to_path_buf));
        beside.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| PathBuf::from("data"))
    }

    /// The database's URL without user and password.
    pub fn database_label(&self) -> String {
        let url = self.database_url.expose();
        match url.split_once("://") {
            Some((scheme, rest)) if !url.starts_with("sqlite") => {
                format!("{scheme}://{}", rest.rsplit_once('@').map_or(rest, |(_, host)| host))
            }
            _ => url.to_owned(),
        }
    }
}

fn read(path: Option<&Path>) -> Result<File, Error> {
    let chosen = path.unwrap_or(Path::new(DEFAULT_FILE));
    let fault = |error: &dyn std::fmt::Display| Error::File { path: chosen.to_path_buf(), error: error.to_string() };
    match std::fs::read_to_string(chosen) {
        Ok(text) => toml::from_str(&text).map_err(|error| fault(&error)),
        Err(error) if error.kind() == ErrorKind::NotFound && path.is_none() => Ok(File::default()),
        Err(error) => Err(fault(&error)),
    }
}

fn livekit(url: Option<String>, key: Option<String>, secret: Option<String>) -> Result<Option<LiveKit>, Error> {
    match (url, key, secret) {
        (None, _, _) => Ok(None),
        (Some(url), Some(api_key), Some(secret)) => Ok(Some(LiveKit { url, api_key, api_secret: Secret::new(secret) })),
        _ => Err(Error::Incomplete("With LIVEKIT_URL, set LIVEKIT_API_KEY and LIVEKIT_API_SECRET too.")),
    }
}

/// A drift check lists all SIP objects in LiveKit, so the minimum is 10 seconds.
fn drift_interval(seconds: Option<&str>) -> Result<Duration, Error> {
    let Some(seconds) = seconds else { return Ok(DEFAULT_DRIFT_INTERVAL) };
    match seconds.trim().parse() {
        Ok(0) => Ok(Duration::ZERO),
        Ok(seconds @ 10..=86_400) => Ok(Duration::from_secs(seconds)),
        _ => Err(Error::DriftInterval),
    }
}

fn core_secret(text: String) -> Result<Secret, Error> {
    if text.bytes().all(|byte| byte.is_ascii_graphic()) { Ok(Secret::new(text)) } else { Err(Error::CoreSecret) }
}

/// An origin without a trailing slash.
fn public_url(url: &str) -> Result<String, Error> {
    let url = url.trim_end_matches('/');
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).ok_or(Error::PublicUrl)?;
    if host.is_empty() || host.contains(['/', '?', '#', '@']) { Err(Error::PublicUrl) } else { Ok(url.to_lowercase()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn incomplete_livekit_settings_are_rejected() {
        let incomplete = Options { livekit_url: Some("wss://x".to_owned()), config: None, ..Options::default() };
        assert!(matches!(Config::load(incomplete), Err(Error::Incomplete(_))));
    }

    #[test]
    fn database_label_has_no_password() {
        let options = Options { database_url: Some("postgres://u:secret@db:5432/t".to_owned()), ..Options::default() };
        assert_eq!(
            Config::load(options).unwrap_or_else(|error| panic!("{error}")).database_label(),
            "postgres://db:5432/t"
        );
    }

    #[test]
    fn drift_interval_is_seconds_or_zero() {
        for (text, seconds) in [(None, Some(300)), (Some("60"), Some(60)), (Some("0"), Some(0))] {
            assert_eq!(drift_interval(text).ok().map(|interval| interval.as_secs()), seconds);
        }
        for bad in ["", "1", "-5", "5m", "100000"] {
            assert!(drift_interval(Some(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn core_secret_must_fit_into_a_header() {
        let load = |secret: &str| {
            Config::load(Options { core_secret: Some(secret.to_owned()), ..Options::default() })
                .map(|config| config.core_secret)
        };
        assert_eq!(load("s3cret/+=").ok().flatten(), Some(Secret::new("s3cret/+=")));
        assert_eq!(load("").ok(), Some(None), "an empty variable counts as not set");
        for bad in [" s3cret", "two words", "s\u{e9}cret", "line\n"] {
            assert!(matches!(load(bad), Err(Error::CoreSecret)), "{bad:?}");
        }
    }

    #[test]
    fn public_url_must_be_an_origin() {
        assert_eq!(public_url("https://Trunkline.example.com/").unwrap(), "https://trunkline.example.com");
        for bad in ["trunkline.example.com", "https://", "https://a/b", "ftp://a"] {
            assert!(public_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn trusted_proxies_come_from_flag_or_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.toml");
        std::fs::write(&path, "trusted_proxies = \"10.0.0.0/8, ::1\"").unwrap();
        let load = |flag: &str, file: bool| {
            let config = file.then(|| path.clone());
            Config::load(Options { trusted_proxies: Some(flag.to_owned()), config, ..Options::default() })
        };
        let trusted = |flag, file| load(flag, file).unwrap_or_else(|error| panic!("{error}")).trusted_proxies;
        assert_eq!(trusted("", false), TrustedProxies::default());
        assert_eq!(trusted("", true), "10.0.0.0/8, ::1".parse().unwrap());
        assert_eq!(trusted("192.0.2.1", true), "192.0.2.1".parse().unwrap());
        assert_eq!(
            load("192.0.2.1, proxy", false).err().unwrap().to_string(),
            "TRUNKLINE_TRUSTED_PROXIES is a list of IP addresses and ranges, such as 127.0.0.0/8, ::1, 10.1.2.3: \"proxy\" \
             is none."
        );
    }

    #[test]
    fn exotel_url_and_sip_host_have_defaults() {
        let load = |options| Config::load(options);
        let default = load(Options::default()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((default.exotel_url.as_str(), default.livekit_sip_host), ("https://{subdomain}", None));
        let host = |host: &str| Options { livekit_sip_host: Some(host.to_owned()), ..Options::default() };
        let given = load(host("Sip.Example.com:5061")).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(given.livekit_sip_host.unwrap().to_string(), "sip.example.com:5061");
        let refused = load(host("sip:sip.example.com")).err().unwrap().to_string();
        assert!(refused.starts_with("LIVEKIT_SIP_HOST: Remove the scheme"), "{refused}");
    }

    #[test]
    fn misspelt_key_in_the_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.toml");
        std::fs::write(&path, "listen = \"0.0.0.0:80\"").unwrap();
        let options = || Options { config: Some(path.clone()), ..Options::default() };
        assert_eq!(Config::load(options()).unwrap_or_else(|error| panic!("{error}")).listen, "0.0.0.0:80");
        std::fs::write(&path, "lisen = \"0.0.0.0:80\"").unwrap();
        assert!(Config::load(options()).err().unwrap().to_string().contains("lisen"));
    }
}
