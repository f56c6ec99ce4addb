//! Targets: users with their forwards, ring groups, bots, and what the media engine has.

use super::{
    decision::{Considered, Reject, Ring, RingLeg, RouteRequest, Step},
    dialled::Dialled,
    directory::{DeviceEntry, Directory, UserEntry, UserOptions, user_aor},
    outbound::{self, Caller},
};
use crate::{
    EdgeUserId,
    edge::{RingGroupMember, RingGroupSettings, RingGroupStrategy, RingStrategy, Target},
};

/// How many targets a call may pass: forwards of users, extensions and exits of ring groups.
pub const HOPS: usize = 8;
/// How many devices ring at most at once, or one after another.
pub const DEVICES_RUNG: usize = 32;

/// Follows targets to what happens.
pub(super) struct Resolver<'a, D> {
    pub directory: &'a D,
    pub request: &'a RouteRequest<'a>,
    /// The number that was called.
    pub called: &'a str,
    /// The user who calls, for outbound calls.
    pub caller: Option<&'a UserEntry<'a>>,
    pub considered: Vec<Considered>,
    /// Targets on the way to the current one.
    path: Vec<Target>,
}

impl<'a, D: Directory> Resolver<'a, D> {
    pub fn new(directory: &'a D, request: &'a RouteRequest<'a>, called: &'a str) -> Self {
        Self { directory, request, called, caller: None, considered: Vec::new(), path: Vec::new() }
    }

    /// What happens with a call to this target.
    pub fn target(&mut self, target: &Target) -> Step {
        if self.path.contains(target) {
            return Step::reject(482, format!("forwards lead back to {target}"));
        }
        if self.path.len() >= HOPS {
            return Step::reject(482, format!("more than {HOPS} forwards one after another"));
        }
        self.path.push(target.clone());
        let step = self.follow(target);
        self.path.pop();
        step
    }

    fn follow(&mut self, target: &Target) -> Step {
        let media = |id: &str| Step::Media { kind: target.kind(), id: id.to_owned() };
        match target {
            Target::Flow { id } => media(id.as_str()),
            Target::Queue { id } => media(id.as_str()),
            Target::Voicemail { id } => media(id.as_str()),
            Target::Conference { room } => media(room.as_str()),
            Target::Bot { id } => match self.directory.bot_number(id) {
                Some(number) => Step::Bot { bot: id.clone(), number },
                None => Step::reject(503, format!("no DID leads to the bot {id}: LiveKit finds a bot by its number")),
            },
            Target::User { id } => match self.directory.user(id) {
                Some(user) => self.user(&user),
                None => gone(target),
            },
            Target::Extension { id } => match self.directory.extension_by_id(id) {
                Some(extension) => self.target(&extension.target),
                None => gone(target),
            },
            Target::RingGroup { id } => match self.directory.ring_group(id) {
                Some(group) => self.ring_group(group),
                None => gone(target),
            },
            Target::Forward { number } => self.forward(number.as_str()),
            Target::Trunk { id, number } => {
                let number = number.as_ref().map_or(self.called, |number| number.as_str());
                outbound::trunk(self.directory, id, number, &Caller { user: self.caller })
            }
            Target::Hangup => Step::reject(603, "the target ends the call"),
        }
    }

    fn forward(&mut self, number: &str) -> Step {
        let country = self.directory.settings().country;
        let dialled = match Dialled::read(number, country) {
            Ok(dialled) => dialled,
            Err(fault) => return Step::reject(404, fault.message),
        };
        if dialled.is_emergency(country) {
            return Step::reject(403, format!("{number} is an emergency number, and a forward does not call one"));
        }
        outbound::call(self.directory, &dialled, &Caller { user: self.caller }, &mut self.considered)
    }

    /// Forward always; then do not disturb or busy; then the devices ring; then no answer.
    pub fn user(&mut self, user: &UserEntry<'_>) -> Step {
        if !user.is_active {
            return Step::reject(480, format!("the user {} is disabled", user.username));
        }
        let none = UserOptions::default();
        let options = user.options.unwrap_or(&none);
        if let Some(target) = &options.fwd_always {
            self.note_user(user, format!("{} forwards every call to {target}", user.username));
            return self.forwarded(user, target);
        }
        let is_busy = self.request.busy.contains(&user.id);
        if options.dnd || is_busy {
            let why = if options.dnd { "does not want to be disturbed" } else { "has as many calls as allowed" };
            self.note_user(user, format!("{} {why}", user.username));
            return self.busy(user, options, why);
        }
        self.note_user(user, format!("the devices of {} ring for {} s", user.username, user.ring_timeout_sec));
        let busy = self.busy(user, options, "is busy");
        let no_answer = self.no_answer(user, options);
        let devices = self.directory.devices_of(&user.id);
        let legs = ringing(user, devices, user.ring_strategy, user.ring_timeout_sec);
        if legs.is_empty() {
            return no_answer;
        }
        let sequential = user.ring_strategy == RingStrategy::Sequential;
        let timeout_sec = total(&legs, sequential);
        let (user, busy, no_answer) = (Some(user.id.clone()), Box::new(busy), Box::new(no_answer));
        Step::Ring(Ring { user, legs, sequential, timeout_sec, busy, no_answer })
    }

    fn note_user(&mut self, user: &UserEntry<'_>, why: String) {
        self.considered.push(Considered { rule: "user", id: Some(user.id.to_string()), applies: true, why });
    }

    fn busy(&mut self, user: &UserEntry<'_>, options: &UserOptions, why: &str) -> Step {
        let otherwise = Step::reject(486, format!("{} {why}", user.username));
        self.fallback(user, options.fwd_busy.as_ref(), options, otherwise)
    }

    fn no_answer(&mut self, user: &UserEntry<'_>, options: &UserOptions) -> Step {
        let otherwise = Step::reject(480, format!("no device of {} answers", user.username));
        self.fallback(user, options.fwd_noanswer.as_ref(), options, otherwise)
    }

    fn fallback(
        &mut self,
        user: &UserEntry<'_>,
        forward: Option<&Target>,
        options: &UserOptions,
        otherwise: Step,
    ) -> Step {
        match (forward, &options.voicemail_id) {
            (Some(target), _) => self.forwarded(user, target),
            (None, Some(id)) => self.target(&Target::Voicemail { id: id.clone() }),
            (None, None) => otherwise,
        }
    }

    /// The call goes on as one of the user who has forwarded it: by that user's carrier, with that user's caller ID.
    fn forwarded(&mut self, user: &UserEntry<'_>, target: &Target) -> Step {
        let own = Target::User { id: user.id.clone() };
        if *target == own {
            return Step::reject(482, format!("{} forwards calls to the same user", user.username));
        }
        let forwarding = self.directory.user(&user.id);
        let mut next = Resolver {
            directory: self.directory,
            request: self.request,
            called: self.called,
            caller: forwarding.as_ref(),
            considered: std::mem::take(&mut self.considered),
            path: self.path.clone(),
        };
        // Also where the user was reached by name.
        if !next.path.contains(&own) {
            next.path.push(own);
        }
        let step = next.target(target);
        self.considered = next.considered;
        step
    }

    fn ring_group(&mut self, group: &RingGroupSettings) -> Step {
        let exit = match &group.exit_target {
            Some(target) => self.target(target),
            None => Step::reject(480, format!("nobody of the ring group {} answers", group.name)),
        };
        let timeout = group.ring_timeout_sec.get();
        match group.strategy {
            RingGroupStrategy::RingAll => self.ring_all(group, timeout, exit),
            RingGroupStrategy::Sequential => self.ring_in_turn(group, 0, exit),
            RingGroupStrategy::RoundRobin => {
                let first = self.request.sequence % group.members.len().max(1);
                self.ring_in_turn(group, first, exit)
            }
        }
    }

    /// One member after another, each with all devices.
    fn ring_in_turn(&mut self, group: &RingGroupSettings, first: usize, exit: Step) -> Step {
        let (before, from) = group.members.split_at(first.min(group.members.len()));
        let members: Vec<&RingGroupMember> = from.iter().chain(before).collect();
        // From the last one on: each step contains the next one.
        members.into_iter().rev().fold(exit, |next, member| {
            let timeout = member.timeout_sec.map_or(group.ring_timeout_sec.get(), |timeout| timeout.get());
            let legs = self.member(member, timeout);
            if legs.is_empty() {
                return next;
            }
            ring(legs, timeout, next)
        })
    }

    /// All members at once. Where members have a delay, those without one ring first, then all together.
    fn ring_all(&mut self, group: &RingGroupSettings, timeout: u32, exit: Step) -> Step {
        let delay = |member: &RingGroupMember| member.delay_sec.map_or(0, |delay| delay.get());
        let mut starts: Vec<u32> = group.members.iter().map(delay).filter(|delay| *delay < timeout).collect();
        starts.sort_unstable();
        starts.dedup();
        let ends = starts.iter().skip(1).copied().chain([timeout]);
        let phases: Vec<(u32, u32)> = starts.iter().copied().zip(ends).collect();
        phases.into_iter().rev().fold(exit, |next, (start, end)| {
            let is_ringing = |member: &&RingGroupMember| {
                let stops = member.timeout_sec.map_or(timeout, |own| delay(member) + own.get());
                delay(member) <= start && start < stops
            };
            let members: Vec<&RingGroupMember> = group.members.iter().filter(is_ringing).collect();
            let mut legs: Vec<RingLeg> = Vec::new();
            for leg in members.into_iter().flat_map(|member| self.member(member, end - start)) {
                if legs.iter().all(|known| known.device != leg.device) {
                    legs.push(leg);
                }
            }
            if legs.is_empty() {
                return next;
            }
            legs.truncate(DEVICES_RUNG);
            ring(legs, end - start, next)
        })
    }

    /// The devices of a member. Forwards of its user do not apply; one who is busy, or must not be disturbed, is left out.
    fn member(&self, member: &RingGroupMember, timeout_sec: u32) -> Vec<RingLeg> {
        if let Some(id) = &member.device_id {
            let device = self.directory.device(id).filter(|device| device.is_active && self.rings(&device.user_id));
            let leg = device.and_then(|device| {
                self.directory.user(&device.user_id).map(|user| ring_leg(&user, &device, timeout_sec))
            });
            return leg.into_iter().collect();
        }
        let user = member.user_id.as_ref().filter(|id| self.rings(id)).and_then(|id| self.directory.user(id));
        let Some(user) = user else { return Vec::new() };
        // The group decides in which order members ring; a member's devices ring together.
        let strategy = match user.ring_strategy {
            RingStrategy::Specific => RingStrategy::Specific,
            RingStrategy::Simultaneous | RingStrategy::Sequential => RingStrategy::Simultaneous,
        };
        ringing(&user, self.directory.devices_of(&user.id), strategy, timeout_sec)
    }

    fn rings(&self, user: &EdgeUserId) -> bool {
        let is_caller = self.request.caller.as_ref() == Some(user);
        let user = self.directory.user(user);
        let is_available = |user: UserEntry<'_>| user.is_active && !user.options.is_some_and(|options| options.dnd);
        !is_caller && user.is_some_and(|user| !self.request.busy.contains(&user.id) && is_available(user))
    }
}

fn gone(target: &Target) -> Step {
    Step::Reject(Reject::new(404, format!("{target} does not exist any more")))
}

fn ring(legs: Vec<RingLeg>, timeout_sec: u32, next: Step) -> Step {
    let next = Box::new(next);
    Step::Ring(Ring { user: None, legs, sequential: false, timeout_sec, busy: next.clone(), no_answer: next })
}

fn ringing(
    user: &UserEntry<'_>,
    devices: Vec<DeviceEntry<'_>>,
    strategy: RingStrategy,
    timeout_sec: u32,
) -> Vec<RingLeg> {
    let is_ringing =
        |device: &&DeviceEntry<'_>| device.is_active && (strategy != RingStrategy::Specific || device.ring_on_fork);
    let mut devices: Vec<&DeviceEntry<'_>> = devices.iter().filter(is_ringing).collect();
    devices.sort_by(|one, other| (one.ring_order, &one.id).cmp(&(other.ring_order, &other.id)));
    devices.into_iter().take(DEVICES_RUNG).map(|device| ring_leg(user, device, timeout_sec)).collect()
}

fn ring_leg(user: &UserEntry<'_>, device: &DeviceEntry<'_>, timeout_sec: u32) -> RingLeg {
    RingLeg { device: device.id.clone(), aor: user_aor(user.username, device.realm), timeout_sec }
}

fn total(legs: &[RingLeg], sequential: bool) -> u32 {
    let times = legs.iter().map(|leg| leg.timeout_sec);
    if sequential { times.sum() } else { times.max().unwrap_or_default() }
}
