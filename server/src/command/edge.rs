//! Kamailio's configuration: the files of `edge/kamailio` as one, with an operator's settings.

use std::{
    fmt::Write as _,
    fs,
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    process::ExitCode,
};

use domain::{Secret, SipAddress};

use super::Error;
use crate::{
    AddressList, Config,
    cli::{Edge, KamailioConfig},
};

const ROOT: &str = include_str!("../../../edge/kamailio/kamailio.cfg");
const PARTS: [(&str, &str); 7] = [
    ("modules.cfg", include_str!("../../../edge/kamailio/modules.cfg")),
    ("request.cfg", include_str!("../../../edge/kamailio/request.cfg")),
    ("api.cfg", include_str!("../../../edge/kamailio/api.cfg")),
    ("auth.cfg", include_str!("../../../edge/kamailio/auth.cfg")),
    ("invite.cfg", include_str!("../../../edge/kamailio/invite.cfg")),
    ("dialog.cfg", include_str!("../../../edge/kamailio/dialog.cfg")),
    ("security.cfg", include_str!("../../../edge/kamailio/security.cfg")),
];
/// Kamailio writes the token into a header of at most 255 bytes, and shortens a longer one without a message.
const MAX_TOKEN: usize = 180;

pub fn run(config: &Config, command: &Edge) -> Result<ExitCode, Error> {
    let Edge::KamailioConfig(options) = command;
    let text = document(&settings(config, options)?);
    match &options.output {
        None => io::stdout().write_all(text.as_bytes())?,
        Some(path) => write(path, &text)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The file contains the token: it is not readable by others, also where it exists already.
fn write(path: &Path, text: &str) -> Result<(), Error> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().ok_or("--output is a folder. Name a file.")?;
    let new = folder.join(format!(".{}.new", name.to_string_lossy()));
    let written = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&new)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| fs::rename(&new, path));
    written.map_err(|error| format!("{} cannot be written: {error}", path.display()).into())
}

fn document(settings: &str) -> String {
    let mut text = String::new();
    for line in ROOT.lines() {
        let part = line.strip_prefix("include_file \"").and_then(|rest| rest.strip_suffix('"'));
        match part.map(|name| PARTS.iter().find(|(part, _)| *part == name)) {
            Some(Some((_, part))) => text.push_str(part),
            // The one that is not embedded: settings.cfg.
            Some(None) => text.push_str(settings),
            None if line.starts_with("# `trunkline edge kamailio-config`") => {}
            None => text.push_str(line),
        }
        text.push('\n');
    }
    text
}

fn settings(config: &Config, options: &KamailioConfig) -> Result<String, Error> {
    let mut settings = Settings::default();
    let advertise = options.public.as_ref().map(|public| match public.port() {
        Some(_) => public.to_string(),
        None => format!("{}:{}", host(public), options.sip_listen.port()),
    });
    for transport in ["udp", "tcp"] {
        settings.listen(transport, &options.sip_listen.to_string(), advertise.as_deref());
    }
    if let Some(listen) = options.tls_listen {
        let advertise = options.public.as_ref().map(|public| format!("{}:{}", host(public), listen.port()));
        settings.listen("tls", &listen.to_string(), advertise.as_deref());
        settings.define("WITH_TLS");
        for (name, file) in [("TLS_CERTIFICATE", &options.tls_certificate), ("TLS_PRIVATE_KEY", &options.tls_key)] {
            settings.value(name, &file.as_deref().unwrap_or(Path::new("")).to_string_lossy())?;
        }
    }
    let api = options.api.clone().or_else(|| config.edge.listen.as_ref().map(|listen| format!("http://{listen}")));
    let api = api.unwrap_or_else(|| "http://127.0.0.1:3000".to_owned());
    if !(api.starts_with("http://") || api.starts_with("https://")) || api.contains([';', '@', '?', '#']) {
        return Err("--api is the base URL of this server, such as http://127.0.0.1:3000.".into());
    }
    settings.value("API_URL", api.trim_end_matches('/'))?;
    let token = options.token.as_deref().or(config.edge.token.as_ref().map(Secret::expose));
    if let Some(token) = token {
        if token.len() > MAX_TOKEN {
            return Err(
                format!("Kamailio sends tokens of at most {MAX_TOKEN} characters. Choose a shorter one.").into()
            );
        }
        settings.define("WITH_API_TOKEN");
        settings.value("API_TOKEN", token)?;
    }
    let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
    if options.node.is_empty() || options.node.len() > 64 || !is_name(&options.node) {
        return Err("--node has at most 64 letters, digits, dots and hyphens, such as edge-1.".into());
    }
    settings.value("NODE_NAME", &options.node)?;
    let allow = options.allow.parse::<AddressList>().map_err(|error| format!("--allow: {error}"))?;
    let ranges: Vec<String> = allow.ranges().iter().map(ToString::to_string).collect();
    settings.value("ALLOWED_RANGES", &ranges.join(","))?;
    settings.value("REPORT_SECONDS", &options.report_interval.to_string())?;
    settings.value("PIKE_DENSITY", &options.flood_limit.to_string())?;
    settings.value("BAN_USERS", &options.ban_users.to_string())?;
    if let Some(media) = &options.media {
        settings.define("WITH_MEDIA_ENGINE");
        settings.value("MEDIA_ENGINE", &format!("sip:{media}"))?;
    }
    if let Some(key) = &options.source_key {
        settings.define("WITH_SOURCE_KEY");
        settings.value("SOURCE_KEY", key)?;
    }
    if let (Some(folder), Some(public)) = (&options.registrations, advertise) {
        settings.define("WITH_CARRIER_REGISTRATION");
        settings.value("REGISTRATION_FOLDER", &folder.to_string_lossy())?;
        settings.value("PUBLIC_ADDRESS", &public)?;
    }
    Ok(settings.0)
}

/// Without the port.
fn host(address: &SipAddress) -> String {
    let text = address.to_string();
    match address.port() {
        Some(port) => text.trim_end_matches(&format!(":{port}")).to_owned(),
        None => text,
    }
}

#[derive(Default)]
struct Settings(String);

impl Settings {
    fn listen(&mut self, transport: &str, address: &str, advertise: Option<&str>) {
        let advertise = advertise.map(|public| format!(" advertise {public}")).unwrap_or_default();
        let _ = writeln!(self.0, "listen={transport}:{address}{advertise}");
    }

    fn define(&mut self, name: &str) {
        let _ = writeln!(self.0, "#!define {name}");
    }

    /// Kamailio replaces the name wherever it occurs, also within strings, where `$` would begin a variable.
    fn value(&mut self, name: &str, value: &str) -> Result<(), Error> {
        if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"\\!$'`".contains(&byte)) {
            let problem =
                "is empty or has a character that Kamailio's configuration would interpret (quotes, \\, !, $, spaces)";
            return Err(format!("The value for {name} {problem}. Choose another one.").into());
        }
        let _ = writeln!(self.0, "#!substdef \"!{name}!{value}!g\"");
        Ok(())
    }
}
