//! Call admission: admissions and releases per second, in memory and in Redis, and whether a limit was ever exceeded.

use std::{
    env,
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use domain::{
    AccountId, CarrierId, DidId, EdgeUserId,
    edge::cac::{Admission, AdmitRequest, CallParties, ChannelLimit, Dimension, EdgeDirection},
};
use live_state::{LiveState, Memory, Redis};
use services::Clock;
use ulid::Ulid;

use crate::Error;

const TIME: Duration = Duration::from_secs(3);
/// Acts per second: an admission and a release are one act each; refusals do not count.
const MEMORY_TARGET: f64 = 500_000.0;
const REDIS_TARGET: f64 = 20_000.0;
/// Tasks that admit and release; those of Redis share one connection.
const MEMORY_TASKS: u64 = 2;
const REDIS_TASKS: u64 = 64;
/// Users and DIDs; all calls share the account and the carrier.
const USERS: u64 = 1_000;

/// What one engine did.
pub struct Admissions {
    engine: &'static str,
    acts_per_second: f64,
    target: f64,
    /// Admissions while as many calls were open as the limit allows.
    over_admissions: u64,
}

/// Prints the rates. Redis is measured where `TEST_REDIS_URL` names one.
pub async fn print() -> Result<Vec<Admissions>, Error> {
    let mut measured =
        vec![measure("memory", Arc::new(Memory::new(Clock::default().steady())), MEMORY_TASKS, MEMORY_TARGET).await?];
    match env::var("TEST_REDIS_URL") {
        Ok(url) => measured.push(measure("Redis", Arc::new(Redis::new(&url)?), REDIS_TASKS, REDIS_TARGET).await?),
        Err(_) => eprintln!("Redis is not measured: use scripts/with-redis"),
    }
    println!("### Call admission, with four dimensions each\n");
    println!("| engine | tasks | admissions and releases per second | over-admissions |");
    println!("|---|--:|--:|--:|");
    for row in &measured {
        let tasks = if row.engine == "memory" { MEMORY_TASKS } else { REDIS_TASKS };
        println!("| {} | {tasks} | {:.0} | {} |", row.engine, row.acts_per_second, row.over_admissions);
    }
    println!();
    Ok(measured)
}

pub fn print_targets(measured: &[Admissions]) {
    for row in measured {
        let reached = row.acts_per_second > row.target && row.over_admissions == 0;
        println!(
            "- admissions and releases in {} above {:.0} per second without an over-admission: {:.0}, {}, {}",
            row.engine,
            row.target,
            row.acts_per_second,
            row.over_admissions,
            if reached { "reached" } else { "NOT reached" }
        );
    }
}

async fn measure(engine: &'static str, live: Arc<dyn LiveState>, tasks: u64, target: f64) -> Result<Admissions, Error> {
    let account = AccountId::new(Clock::default().ulid());
    // So few that the limit refuses some calls all the time.
    let limit = u32::try_from(tasks)? - 1;
    let (open, over, acts) = (Arc::<AtomicU32>::default(), Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default());
    let start = Instant::now();
    let running: Vec<_> = (0..tasks)
        .map(|task| {
            let (live, account) = (live.clone(), account.clone());
            let (open, over, acts) = (open.clone(), over.clone(), acts.clone());
            tokio::spawn(async move {
                let mut number = 0;
                while start.elapsed() < TIME {
                    number += 1;
                    let call = request(&format!("{task}-{number}"), (task * 7 + number) % USERS, limit);
                    let admission = live.admit(&account, &call).await?;
                    if matches!(admission, Admission::Admitted(_)) {
                        if open.fetch_add(1, Ordering::SeqCst) >= limit {
                            over.fetch_add(1, Ordering::Relaxed);
                        }
                        open.fetch_sub(1, Ordering::SeqCst);
                        live.release(&account, &call.call_id).await?;
                        acts.fetch_add(2, Ordering::Relaxed);
                    }
                }
                Ok::<_, live_state::Error>(())
            })
        })
        .collect();
    for task in running {
        task.await??;
    }
    let acts_per_second = acts.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64();
    Ok(Admissions { engine, acts_per_second, target, over_admissions: over.load(Ordering::Relaxed) })
}

fn request(call_id: &str, user: u64, carrier_limit: u32) -> AdmitRequest {
    let limit = |dimension, max| ChannelLimit { dimension, max: Some(max) };
    AdmitRequest {
        call_id: call_id.to_owned(),
        parties: CallParties {
            direction: EdgeDirection::Outbound,
            from: "+14155550123".to_owned(),
            to: "+12025550123".to_owned(),
        },
        channels: vec![
            limit(Dimension::AccountOut, 100_000),
            limit(Dimension::User(EdgeUserId::new(Ulid::from_parts(user, 1))), 1_000),
            limit(Dimension::Did(DidId::new(Ulid::from_parts(user, 2))), 1_000),
        ],
        alternatives: vec![limit(Dimension::Carrier(CarrierId::new(Ulid::from_parts(1, 3))), carrier_limit)],
        windows: Vec::new(),
        lease_millis: 60_000,
    }
}
