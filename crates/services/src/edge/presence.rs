//! `POST /presence/event`: what the edge reports of registrations, dialogs and agents.

use std::sync::Arc;

use api_types::{
    input::{EdgeNumber, PresenceEvent},
    view::PresenceView,
};
use domain::{
    FieldErrors, FieldFault, SipStatus, Timestamp,
    edge::{
        CallStart, ContactHeader, EdgeEnd, HangupCause, MAX_CALL_ID, TraceSource,
        binding::{Contact, Contacts, RegisterOutcome, Registration},
        cac::{EdgeDirection, OpenCall},
        dialog::{Dialog, DialogChange, DialogEvent, DialogState},
    },
};
use live_state::{LiveEvent, LiveEventKind};
use serde_json::json;

use super::{calls::CALL_LEASE, journal::Record, trace::Trace};
use crate::{Error, Result, context::Context};

/// An event this old was queued at the edge: it counts from its own time. Newer ones count from their arrival, so that the
/// clocks of nodes may differ by less.
const QUEUED_MILLIS: i64 = 60_000;
/// Older than this is no time of an event.
const OLDEST_MILLIS: i64 = 24 * 3_600_000;
/// The expiry where a REGISTER names none, in seconds.
const DEFAULT_EXPIRES: u32 = 3_600;
/// The longest expiry that is accepted, in seconds.
const MAX_EXPIRES: u32 = 86_400;
/// Characters of other texts.
const MAX_TEXT: usize = 512;

/// Applies events of the edge; cheap to clone.
#[derive(Clone)]
pub struct Presence {
    context: Arc<Context>,
}

impl Presence {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// Applies an event. Events may come twice and out of order; when this returns, the event survives a crash of the server.
    ///
    /// # Errors
    /// [`Error::LiveState`] and [`Error::Journal`]: the edge is to repeat the event.
    pub async fn receive(&self, event: &PresenceEvent) -> Result<PresenceView> {
        match event.kind.as_str() {
            "register" => self.register(event).await,
            "dialog" => self.dialog(event).await,
            "agent" => self.agent(event),
            _ => Err(invalid("type", "unknown_type", "Choose one of register, dialog, agent.")),
        }
    }

    async fn register(&self, event: &PresenceEvent) -> Result<PresenceView> {
        let Context { live, account, .. } = &*self.context;
        let (aor, registration) = self.registration(event)?;
        let outcome = live.register(account, &aor, &registration).await?;
        let result = match outcome {
            RegisterOutcome::Applied { .. } => "applied",
            RegisterOutcome::Repeated => "repeated",
            RegisterOutcome::OutOfOrder => return Ok(view("out_of_order")),
            RegisterOutcome::TooMany => {
                let message = "The address of record has as many contacts as it may have. Unregister one.";
                return Err(invalid("contact", "too_many_contacts", message));
            }
        };
        // Also where it is a repetition: the first request may have ended between the two.
        self.record_bindings(&aor).await?;
        let RegisterOutcome::Applied { reachable, unreachable } = outcome else { return Ok(view(result)) };
        let data = json!({
            "aor": aor, "node": registration.node, "reachable": reachable, "unreachable": unreachable,
        });
        self.publish(LiveEventKind::Registration, None, data);
        Ok(view(result))
    }

    /// Records all contacts of an address of record. Of two REGISTERs at once the later record has the contacts of both.
    async fn record_bindings(&self, aor: &str) -> Result<()> {
        let Context { live, account, clock, journal, .. } = &*self.context;
        let change = clock.ulid().to_string();
        let bindings = live.bindings(account, aor).await?;
        Ok(journal.append(vec![Record::Bindings { aor: aor.to_owned(), bindings, change }])?)
    }

    fn registration(&self, event: &PresenceEvent) -> Result<(String, Registration)> {
        let aor = event.aor.trim().to_lowercase();
        let aor = aor.strip_prefix("sip:").unwrap_or(&aor).to_owned();
        let is_aor = aor.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty());
        if !is_aor || aor.len() > MAX_TEXT || !aor.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(invalid("aor", "bad_aor", "Send the address of record as user@domain."));
        }
        let call_id = call_id(event)?;
        let cseq = event.cseq.ok_or_else(|| invalid("cseq", "required", "Send the number of the CSeq header."))?;
        let expires = event.expires.as_ref().and_then(EdgeNumber::get);
        let header = ContactHeader::parse(&event.contact);
        let contacts = match header.ok_or_else(|| invalid("contact", "bad_contact", "Send the Contact header."))? {
            ContactHeader::All => Contacts::RemoveAll,
            ContactHeader::Some(contacts) => Contacts::Some(
                contacts
                    .into_iter()
                    .map(|(uri, own)| {
                        let seconds = own.or(expires).unwrap_or(DEFAULT_EXPIRES).min(MAX_EXPIRES);
                        (contact(uri, event), seconds)
                    })
                    .collect(),
            ),
        };
        let node = text(&event.node);
        let registered_at = event.time.map_or_else(|| self.context.clock.now(), timestamp);
        Ok((aor, Registration { call_id, cseq, node, registered_at, contacts }))
    }

    async fn dialog(&self, event: &PresenceEvent) -> Result<PresenceView> {
        let Context { live, account, .. } = &*self.context;
        let call_id = call_id(event)?;
        let at = self.time(event);
        let state = match event.event.as_str() {
            "start" | "early" => DialogState::Early,
            "confirmed" => DialogState::Confirmed,
            // It goes on, ringing or answered. What is not known, after a restart, is ringing at least.
            "renew" => match live.dialog(account, &call_id).await?.map(|dialog| dialog.state) {
                Some(DialogState::Terminated) => return Ok(view("out_of_order")),
                known => known.unwrap_or(DialogState::Early),
            },
            "end" => DialogState::Terminated,
            _ => {
                let message = "Choose one of start, early, confirmed, renew, end.";
                return Err(invalid("event", "unknown_event", message));
            }
        };
        let change = live
            .apply_dialog(
                account,
                &DialogEvent {
                    call_id: call_id.clone(),
                    state,
                    caller: text(&event.from),
                    callee: text(&event.to),
                    at,
                    lease_millis: i64::try_from(CALL_LEASE.as_millis()).unwrap_or(i64::MAX),
                },
            )
            .await?;
        let (dialog, result) = match change {
            DialogChange::Changed(dialog) => (dialog, "applied"),
            DialogChange::Renewed(dialog) => (dialog, "repeated"),
            DialogChange::OutOfOrder => return Ok(view("out_of_order")),
        };
        if state == DialogState::Terminated {
            self.end(event, &dialog).await?
        } else {
            self.go_on(event, &dialog).await?
        }
        Ok(view(result))
    }

    /// The call rings, was answered, or still goes on.
    async fn go_on(&self, event: &PresenceEvent, dialog: &Dialog) -> Result<()> {
        let Context { live, account, journal, .. } = &*self.context;
        // After a restart an open call gets a whole lease, so that the renewal needs no record.
        live.renew(account, &dialog.call_id, CALL_LEASE).await?;
        let mut records = vec![Record::Started(start(dialog, None))];
        // A call that has begun does not ring yet.
        if event.event != "start" {
            let at = dialog
                .answered_at
                .filter(|_| dialog.state == DialogState::Confirmed)
                .unwrap_or_else(|| self.time(event));
            records.push(Record::Progress { call_id: dialog.call_id.clone(), state: dialog.state, at });
        }
        if event.event != "renew" {
            records.push(self.step(event, &dialog.call_id, "ok"));
        }
        Ok(journal.append(records)?)
    }

    /// The call has ended: its channels are free, once. Recorded also where it is a repetition: the first request may have
    /// ended between the two.
    async fn end(&self, event: &PresenceEvent, dialog: &Dialog) -> Result<()> {
        let Context { live, account, journal, .. } = &*self.context;
        let open = live.release(account, &dialog.call_id).await?;
        let status = event.code.as_ref().and_then(EdgeNumber::get).and_then(|code| u16::try_from(code).ok());
        let status = status.filter(|code| *code >= 200).and_then(SipStatus::new);
        let cause = HangupCause::of_status(dialog.answered_at.is_some(), status);
        let end = EdgeEnd {
            at: dialog.ended_at.unwrap_or_else(|| self.time(event)),
            cause,
            sip_status: status.map(SipStatus::code),
            reason: Some(text(&event.reason)).filter(|reason| !reason.is_empty()),
        };
        let mut records = vec![Record::Started(start(dialog, open.as_ref()))];
        records.push(Record::Ended { call_id: dialog.call_id.clone(), end });
        records.push(self.step(event, &dialog.call_id, cause.as_str()));
        journal.append(records)?;
        if let Some(open) = open {
            let dimensions: Vec<String> = open.dimensions.iter().map(ToString::to_string).collect();
            self.publish(LiveEventKind::Cac, Some(&dialog.call_id), json!({ "released": dimensions }));
        }
        Ok(())
    }

    fn step(&self, event: &PresenceEvent, call_id: &str, outcome: &str) -> Record {
        let code = event.code.as_ref().and_then(EdgeNumber::get).map_or_else(String::new, |code| code.to_string());
        let detail = [event.node.as_str(), &code, &event.reason].into_iter().filter(|part| !part.is_empty());
        let detail = detail.collect::<Vec<_>>().join(" ");
        Trace::new(self.context.clone()).record(call_id, TraceSource::Presence, &event.event, outcome, &detail)
    }

    /// Agents have no state yet: the event is kept as the agent's last one.
    fn agent(&self, event: &PresenceEvent) -> Result<PresenceView> {
        if !["login", "logout", "available", "pause", "unpause"].contains(&event.event.as_str()) {
            let message = "Choose one of login, logout, available, pause, unpause.";
            return Err(invalid("event", "unknown_event", message));
        }
        let user: domain::EdgeUserId = event
            .user_id
            .parse()
            .map_err(|_| invalid("userId", "bad_id", "Send the id of an edge user, us_ and 26 characters."))?;
        let record = Record::Agent { user_id: user.to_string(), event: event.event.clone() };
        self.context.journal.append(vec![record])?;
        self.publish(LiveEventKind::Agent, None, json!({ "user_id": user, "event": event.event }));
        Ok(view("applied"))
    }

    fn time(&self, event: &PresenceEvent) -> Timestamp {
        let now = self.context.clock.now();
        let is_queued = |at: &Timestamp| (QUEUED_MILLIS..OLDEST_MILLIS).contains(&(now.millis() - at.millis()));
        event.time.map(timestamp).filter(is_queued).unwrap_or(now)
    }

    fn publish(&self, kind: LiveEventKind, call_id: Option<&str>, data: serde_json::Value) {
        let Context { live, account, clock, .. } = &*self.context;
        live.publish(LiveEvent {
            account: account.clone(),
            kind,
            at: clock.now(),
            call_id: call_id.map(str::to_owned),
            data,
        });
    }
}

/// The call as far as a dialog tells of it; what routing has recorded of it stays.
fn start(dialog: &Dialog, open: Option<&OpenCall>) -> CallStart {
    let parties = open.map(|open| &open.parties);
    CallStart {
        call_id: dialog.call_id.clone(),
        direction: parties.map_or(EdgeDirection::Internal, |parties| parties.direction),
        from: parties.map_or(&dialog.caller, |parties| &parties.from).clone(),
        to: parties.map_or(&dialog.callee, |parties| &parties.to).clone(),
        carrier: None,
        did_id: None,
        bot: None,
        at: dialog.started_at,
    }
}

fn contact(uri: String, event: &PresenceEvent) -> Contact {
    let given = |value: &str| Some(text(value)).filter(|value| !value.is_empty());
    Contact {
        uri,
        received: given(&event.received),
        path: given(&event.path),
        user_agent: given(&event.user_agent),
        device_id: given(&event.device_id),
    }
}

fn call_id(event: &PresenceEvent) -> Result<String> {
    let given = event.call_id.trim();
    let fits = !given.is_empty() && given.chars().count() <= MAX_CALL_ID && !given.chars().any(char::is_control);
    fits.then(|| given.to_owned()).ok_or_else(|| {
        invalid("callId", "bad_call_id", "Send the Call-ID header, at most 255 characters without control characters.")
    })
}

fn text(value: &str) -> String {
    value.chars().filter(|c| !c.is_control()).take(MAX_TEXT).collect()
}

/// Seconds up to the year 5138, milliseconds from 1973 on.
fn timestamp(time: i64) -> Timestamp {
    Timestamp::from_millis(if time.abs() < 100_000_000_000 { time * 1_000 } else { time })
}

fn view(result: &str) -> PresenceView {
    PresenceView { ok: true, result: result.to_owned() }
}

fn invalid(field: &str, code: &'static str, message: &'static str) -> Error {
    Error::Invalid(FieldErrors::one(field, FieldFault::new(code, message)))
}
