//! The scripts of call admission: their arguments and their answers.

use domain::{
    Timestamp,
    edge::cac::{
        Admission, AdmitRequest, Admitted, ChannelCounter, ChannelLimit, Counters, Dimension, OpenCall, Refusal,
        WindowCounter, WindowKey, WindowLimit,
    },
};
use redis::{Script, ScriptInvocation};

use crate::{Error, Result};

pub struct CacScripts {
    admit: Script,
    restore: Script,
    pub release: Script,
    pub renew: Script,
    pub open_calls: Script,
    pub counters: Script,
    pub reset: Script,
    pub expired: Script,
}

macro_rules! script {
    ($file:literal) => {
        Script::new(concat!(include_str!("lua/cac.lua"), include_str!(concat!("lua/", $file, ".lua"))))
    };
}

impl CacScripts {
    pub fn new() -> Self {
        Self {
            admit: script!("admit"),
            restore: script!("restore"),
            release: script!("release"),
            renew: script!("renew"),
            open_calls: script!("open_calls"),
            counters: script!("counters"),
            reset: script!("reset"),
            expired: script!("expired"),
        }
    }

    pub fn admit(&self, prefix: &str, ahead: i64, request: &AdmitRequest) -> ScriptInvocation<'_> {
        let mut script = self.admit.prepare_invoke();
        script.key(prefix).arg(ahead).arg(&request.call_id).arg(request.lease_millis).arg(parties(&request.parties));
        for limits in [&request.channels, &request.alternatives] {
            script.arg(limits.len());
            for ChannelLimit { dimension, max } in limits {
                script.arg(dimension.to_string()).arg(max.map_or_else(String::new, |max| max.to_string()));
            }
        }
        script.arg(request.windows.len());
        for window in &request.windows {
            script
                .arg(window_text(&window.key))
                .arg(window.period_sec)
                .arg(window.max_count)
                .arg(u8::from(window.hard));
        }
        script
    }

    pub fn restore(&self, prefix: &str, ahead: i64, call: &OpenCall) -> ScriptInvocation<'_> {
        let mut script = self.restore.prepare_invoke();
        script
            .key(prefix)
            .arg(ahead)
            .arg(&call.call_id)
            .arg(call.admitted_at.millis())
            .arg(call.expires_at.millis())
            .arg(parties(&call.parties));
        for dimension in &call.dimensions {
            script.arg(dimension.to_string());
        }
        script
    }
}

fn parties(parties: &domain::edge::cac::CallParties) -> String {
    serde_json::to_string(parties).expect("strings are JSON")
}

fn window_text(key: &WindowKey) -> String {
    format!("{}/{}", key.limit, key.subject)
}

pub fn admission(answer: &[String], request: &AdmitRequest) -> Result<Admission> {
    let index = |text: &String| text.parse::<usize>().ok();
    let answer: Vec<&String> = answer.iter().collect();
    match *answer.as_slice() {
        [kind, alternative] if kind == "repeated" => {
            Ok(Admission::Admitted(Admitted { repeated: true, alternative: index(alternative), exceeded: Vec::new() }))
        }
        [kind, alternative, ref exceeded @ ..] if kind == "admitted" => {
            let windows = exceeded.iter().filter_map(|text| request.windows.get(index(text)?));
            Ok(Admission::Admitted(Admitted {
                repeated: false,
                alternative: index(alternative),
                exceeded: windows.map(|window| window.key.clone()).collect(),
            }))
        }
        [kind, dimension, max, in_use] if kind == "channels" => Ok(Admission::Refused(Refusal::Channels {
            dimension: parse("in_use", dimension)?,
            max: parse("max", max)?,
            in_use: parse("in_use", in_use)?,
        })),
        [kind, window, retry_after] if kind == "window" => {
            let window: &WindowLimit = index(window)
                .and_then(|index| request.windows.get(index))
                .ok_or_else(|| unreadable("windows", "the script names a window that is not in the request"))?;
            Ok(Admission::Refused(Refusal::Window {
                key: window.key.clone(),
                max_count: window.max_count,
                period_sec: window.period_sec,
                retry_after_millis: retry_after.parse().ok(),
            }))
        }
        _ => Err(unreadable("calls", "the script gave an unknown answer")),
    }
}

/// Call-ID, end of the lease, and the record of the script `open`.
pub fn open_call([call_id, expires_at, record]: &[String; 3]) -> Result<OpenCall> {
    let mut lines = record.splitn(3, '\n');
    let (Some(admitted_at), Some(dimensions), Some(parties)) = (lines.next(), lines.next(), lines.next()) else {
        return Err(unreadable("calls", "expected three lines"));
    };
    let dimensions = dimensions.split(',').filter(|text| !text.is_empty());
    Ok(OpenCall {
        call_id: call_id.clone(),
        parties: serde_json::from_str(parties).map_err(|error| unreadable("calls", error))?,
        dimensions: dimensions.map(|text| parse("calls", text)).collect::<Result<_>>()?,
        admitted_at: Timestamp::from_millis(parse("calls", admitted_at)?),
        expires_at: Timestamp::from_millis(parse("leases", expires_at)?),
    })
}

pub fn counters(channels: &[[String; 3]], windows: &[[String; 5]]) -> Result<Counters> {
    let mut counters = Counters::default();
    for [dimension, in_use, max] in channels {
        let dimension: Dimension = parse("in_use", dimension)?;
        counters.channels.push(ChannelCounter { dimension, in_use: parse("in_use", in_use)?, max: max.parse().ok() });
    }
    for [window, count, period_sec, max_count, hard] in windows {
        let (limit, subject) =
            window.split_once('/').ok_or_else(|| unreadable("windows", "expected a limit and its subject"))?;
        let limit = WindowLimit {
            key: WindowKey { limit: parse("windows", limit)?, subject: subject.to_owned() },
            period_sec: parse("windows", period_sec)?,
            max_count: parse("windows", max_count)?,
            hard: hard == "1",
        };
        counters.windows.push(WindowCounter { limit, count: parse("windows", count)? });
    }
    counters.channels.sort_unstable_by(|a, b| a.dimension.cmp(&b.dimension));
    counters.windows.sort_unstable_by(|a, b| a.limit.key.cmp(&b.limit.key));
    Ok(counters)
}

fn parse<T: std::str::FromStr<Err: std::fmt::Display>>(key: &str, text: &str) -> Result<T> {
    text.parse().map_err(|error| unreadable(key, error))
}

pub fn unreadable(key: &str, reason: impl std::fmt::Display) -> Error {
    Error::Unreadable { key: key.to_owned(), reason: reason.to_string() }
}
