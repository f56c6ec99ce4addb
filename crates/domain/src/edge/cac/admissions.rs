//! The counters and open calls of one account, in memory.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    sync::Arc,
};

use super::{
    Admission, AdmitRequest, Admitted, ChannelCounter, ChannelLimit, Counters, Dimension, OpenCall, Refusal,
    WindowCounter, WindowKey, WindowLimit, window::Window,
};
use crate::Timestamp;

/// How many expired calls wait for [`Admissions::drain_expired`]; of more the oldest are dropped.
pub const EXPIRED_KEPT: usize = 10_000;
/// Below so many windows, those without calls are kept.
const WINDOWS_KEPT: usize = 1024;

/// The counters and open calls of one account.
#[derive(Debug, Default)]
pub struct Admissions {
    channels: HashMap<Dimension, Channels>,
    windows: HashMap<WindowKey, LimitedWindow>,
    /// At so many windows those without calls are removed.
    sweep_windows_at: usize,
    calls: HashMap<Arc<str>, OpenCall>,
    /// By the end of the lease.
    leases: BTreeSet<(Timestamp, Arc<str>)>,
    expired: VecDeque<OpenCall>,
}

#[derive(Debug)]
struct Channels {
    in_use: u32,
    max: Option<u32>,
}

#[derive(Debug)]
struct LimitedWindow {
    limit: WindowLimit,
    calls: Window,
}

impl Admissions {
    /// Admits the call and raises all of its counters, or none.
    pub fn admit(&mut self, request: &AdmitRequest, now: Timestamp) -> Admission {
        self.expire(now);
        if let Some(call) = self.calls.get(request.call_id.as_str()) {
            let alternative = request.alternatives.iter().position(|limit| call.dimensions.contains(&limit.dimension));
            return Admission::Admitted(Admitted { repeated: true, alternative, exceeded: Vec::new() });
        }
        for limit in &request.channels {
            if let Some(refusal) = self.without_channel(limit) {
                return Admission::Refused(refusal);
            }
        }
        for limit in request.windows.iter().filter(|limit| limit.hard) {
            if let Some(refusal) = self.full_window(limit, now) {
                return Admission::Refused(refusal);
            }
        }
        let mut alternative = None;
        for (index, limit) in request.alternatives.iter().enumerate() {
            match self.without_channel(limit) {
                None => {
                    alternative = Some(index);
                    break;
                }
                Some(refusal) if index + 1 == request.alternatives.len() => return Admission::Refused(refusal),
                Some(_) => {}
            }
        }
        let used = request.channels.iter().chain(alternative.map(|index| &request.alternatives[index]));
        let mut dimensions = Vec::with_capacity(request.channels.len() + 1);
        for limit in used {
            if !dimensions.contains(&limit.dimension) {
                self.raise(&limit.dimension, limit.max);
                dimensions.push(limit.dimension.clone());
            }
        }
        let exceeded = self.count_in_windows(&request.windows, now);
        self.open(OpenCall {
            call_id: request.call_id.clone(),
            parties: request.parties.clone(),
            dimensions,
            admitted_at: now,
            expires_at: now.plus_millis(request.lease_millis),
        });
        Admission::Admitted(Admitted { repeated: false, alternative, exceeded })
    }

    /// Lowers what the call has raised. None: no such call is open, or not any more.
    pub fn release(&mut self, call_id: &str, now: Timestamp) -> Option<OpenCall> {
        self.expire(now);
        self.close(call_id)
    }

    /// The call stays open for so long from now. False: no such call is open.
    pub fn renew(&mut self, call_id: &str, lease_millis: i64, now: Timestamp) -> bool {
        self.expire(now);
        let Some((id, _)) = self.calls.get_key_value(call_id) else { return false };
        let id = id.clone();
        let Some(call) = self.calls.get_mut(call_id) else { return false };
        self.leases.remove(&(call.expires_at, id.clone()));
        call.expires_at = now.plus_millis(lease_millis);
        self.leases.insert((call.expires_at, id));
        true
    }

    /// Opens a call that was admitted before this state was built, whatever the limits are. Windows do not count it. False:
    /// it is open already, or its lease has expired.
    pub fn restore(&mut self, call: &OpenCall, now: Timestamp) -> bool {
        self.expire(now);
        if call.expires_at <= now || self.calls.contains_key(call.call_id.as_str()) {
            return false;
        }
        let mut call = call.clone();
        let mut known = Vec::with_capacity(call.dimensions.len());
        for dimension in call.dimensions {
            if !known.contains(&dimension) {
                let max = self.channels.get(&dimension).and_then(|channels| channels.max);
                self.raise(&dimension, max);
                known.push(dimension);
            }
        }
        call.dimensions = known;
        self.open(call);
        true
    }

    /// The open calls, the oldest first.
    pub fn open_calls(&mut self, now: Timestamp) -> Vec<OpenCall> {
        self.expire(now);
        let mut calls: Vec<_> = self.calls.values().cloned().collect();
        calls.sort_unstable_by(|a, b| (a.admitted_at, &a.call_id).cmp(&(b.admitted_at, &b.call_id)));
        calls
    }

    /// All counters that are not 0.
    pub fn counters(&mut self, now: Timestamp) -> Counters {
        self.expire(now);
        self.sweep_windows(now);
        let mut channels: Vec<_> = self
            .channels
            .iter()
            .map(|(dimension, channels)| ChannelCounter {
                dimension: dimension.clone(),
                in_use: channels.in_use,
                max: channels.max,
            })
            .collect();
        channels.sort_unstable_by(|a, b| a.dimension.cmp(&b.dimension));
        let mut windows: Vec<_> = self
            .windows
            .values()
            .map(|window| WindowCounter { limit: window.limit.clone(), count: window.calls.count() })
            .collect();
        windows.sort_unstable_by(|a, b| a.limit.key.cmp(&b.limit.key));
        Counters { channels, windows }
    }

    /// Forgets all open calls and counters, and returns how many calls were open.
    pub fn reset(&mut self) -> usize {
        let open = self.calls.len();
        *self = Self::default();
        open
    }

    /// The calls whose lease expired since the last request, each in one answer only.
    pub fn drain_expired(&mut self, now: Timestamp) -> Vec<OpenCall> {
        self.expire(now);
        self.expired.drain(..).collect()
    }

    fn expire(&mut self, now: Timestamp) {
        while let Some((expires_at, _)) = self.leases.first() {
            if *expires_at > now {
                break;
            }
            let Some((_, id)) = self.leases.pop_first() else { break };
            if let Some(call) = self.close(&id) {
                if self.expired.len() == EXPIRED_KEPT {
                    self.expired.pop_front();
                }
                self.expired.push_back(call);
            }
        }
    }

    fn open(&mut self, call: OpenCall) {
        let id: Arc<str> = Arc::from(call.call_id.as_str());
        self.leases.insert((call.expires_at, id.clone()));
        self.calls.insert(id, call);
    }

    fn close(&mut self, call_id: &str) -> Option<OpenCall> {
        let (id, call) = self.calls.remove_entry(call_id)?;
        self.leases.remove(&(call.expires_at, id));
        for dimension in &call.dimensions {
            if let Some(channels) = self.channels.get_mut(dimension) {
                channels.in_use -= 1;
                if channels.in_use == 0 {
                    self.channels.remove(dimension);
                }
            }
        }
        Some(call)
    }

    fn raise(&mut self, dimension: &Dimension, max: Option<u32>) {
        if let Some(channels) = self.channels.get_mut(dimension) {
            channels.in_use += 1;
            channels.max = max;
        } else {
            self.channels.insert(dimension.clone(), Channels { in_use: 1, max });
        }
    }

    fn without_channel(&self, limit: &ChannelLimit) -> Option<Refusal> {
        let max = limit.max?;
        let in_use = self.channels.get(&limit.dimension).map_or(0, |channels| channels.in_use);
        (in_use >= max).then(|| Refusal::Channels { dimension: limit.dimension.clone(), max, in_use })
    }

    fn full_window(&mut self, limit: &WindowLimit, now: Timestamp) -> Option<Refusal> {
        let (count, retry_after_millis) = match self.windows.get_mut(&limit.key) {
            Some(window) => {
                window.calls.forget_old(now.millis(), limit.period_sec);
                let retry = window.calls.retry_after(now.millis(), limit.period_sec, limit.max_count);
                (window.calls.count(), retry)
            }
            None => (0, None),
        };
        (count >= u64::from(limit.max_count)).then(|| Refusal::Window {
            key: limit.key.clone(),
            max_count: limit.max_count,
            period_sec: limit.period_sec,
            retry_after_millis,
        })
    }

    /// Counts an admitted call, and returns the windows whose limit it exceeds.
    fn count_in_windows(&mut self, limits: &[WindowLimit], now: Timestamp) -> Vec<WindowKey> {
        if limits.is_empty() {
            return Vec::new();
        }
        if self.windows.len() >= self.sweep_windows_at.max(WINDOWS_KEPT) {
            self.sweep_windows(now);
            self.sweep_windows_at = self.windows.len() * 2;
        }
        let mut exceeded = Vec::new();
        for (index, limit) in limits.iter().enumerate() {
            if limits[..index].iter().any(|earlier| earlier.key == limit.key) {
                continue;
            }
            let window = self
                .windows
                .entry(limit.key.clone())
                .or_insert_with(|| LimitedWindow { limit: limit.clone(), calls: Window::default() });
            window.limit.clone_from(limit);
            window.calls.forget_old(now.millis(), limit.period_sec);
            window.calls.add(now.millis(), limit.period_sec);
            if window.calls.count() > u64::from(limit.max_count) {
                exceeded.push(limit.key.clone());
            }
        }
        exceeded
    }

    fn sweep_windows(&mut self, now: Timestamp) {
        self.windows.retain(|_, window| {
            window.calls.forget_old(now.millis(), window.limit.period_sec);
            window.calls.count() > 0
        });
    }
}
