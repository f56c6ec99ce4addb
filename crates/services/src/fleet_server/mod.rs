//! The fleet: settings of its servers, their health, and the choice of one for a call.

mod monitor;
mod poller;

use std::{sync::Arc, time::Duration};

use api_types::{
    input::{FleetInput, FleetServerInput},
    view::{ChangeKind, ChangedNoun, FleetOverview, FleetServerView, FleetSettings, FleetStatus},
};
use domain::{AccountId, Action, AuditAction, FieldFault, FleetServer, FleetServerId, FleetServerSettings, FleetUrl};
use fleet::Client;
use store::Tx;

use self::monitor::Monitor;
pub use self::poller::FleetPoller;
use crate::{
    Actor, Error, Result,
    context::Context,
    snapshot::FleetServerSnapshot,
    unit_of_work::{Entry, UnitOfWork},
};

/// How long a page waits for servers that were not polled yet.
const PAGE_WAIT: Duration = Duration::from_millis(1_500);

/// Use cases of the fleet. Cheap to clone.
#[derive(Clone)]
pub struct FleetServers {
    context: Arc<Context>,
    monitor: Arc<Monitor>,
}

impl FleetServers {
    pub(crate) fn new(context: Arc<Context>, client: Client) -> Self {
        let monitor = Monitor::new(client, context.clock.clone(), context.events.clone());
        Self { context, monitor: Arc::new(monitor) }
    }

    /// The client of the fleet's HTTP API.
    pub(crate) fn client(&self) -> &Client {
        self.monitor.client()
    }

    /// The worker that polls the servers; every server process runs it.
    pub(crate) fn poller(&self) -> FleetPoller {
        FleetPoller::new(self.context.clone(), self.monitor.clone())
    }

    /// The server that gets the next call: healthy, with the most free capacity. The call counts against it until its next
    /// report.
    ///
    /// # Errors
    /// [`Error::NoFleet`] where no server is enabled, [`Error::NoHealthyFleet`] where none of them can accept a call.
    pub async fn pick(&self, account: &AccountId) -> Result<FleetUrl> {
        let urls = self.enabled(account).await?;
        self.monitor.pick(&urls).await.ok_or(Error::NoHealthyFleet)
    }

    /// Fails where [`Self::pick`] would, without giving out a call.
    ///
    /// # Errors
    /// As [`Self::pick`].
    pub(crate) async fn require_capacity(&self, account: &AccountId) -> Result<()> {
        let urls = self.enabled(account).await?;
        if self.monitor.has_capacity(&urls).await { Ok(()) } else { Err(Error::NoHealthyFleet) }
    }

    /// The enabled servers, of which there is at least one.
    async fn enabled(&self, account: &AccountId) -> Result<Vec<FleetUrl>> {
        let servers = self.context.store.read().await?.fleet_servers(account).await?;
        let urls = enabled(&servers);
        if urls.is_empty() { Err(Error::NoFleet) } else { Ok(urls) }
    }

    /// To be called where a call that [`Self::pick`] gave out is not placed.
    pub(crate) fn give_back(&self, url: &FleetUrl) {
        self.monitor.give_back(url);
    }

    /// To be called where a server did not accept a connection: it gets no call until a poll finds it healthy.
    pub(crate) fn failed(&self, url: &FleetUrl, reason: &str) {
        self.monitor.fail(url, reason);
    }

    /// Capacity and load of the enabled servers. Waits for servers that were not polled lately.
    pub async fn status(&self, actor: &Actor) -> Result<FleetStatus> {
        actor.require(Action::ManageFleet)?;
        let servers = self.context.store.read().await?.fleet_servers(&actor.account_id).await?;
        self.monitor.poll_stale(&enabled(&servers)).await;
        Ok(self.monitor.status(&servers))
    }

    /// The page of the fleet: settings and health. Waits for a moment only.
    pub async fn overview(&self, actor: &Actor) -> Result<FleetOverview> {
        actor.require(Action::ManageFleet)?;
        let mut tx = self.context.store.read().await?;
        let servers = tx.fleet_servers(&actor.account_id).await?;
        let settings = FleetSettings::new(&servers, tx.fleet_version(&actor.account_id).await?);
        drop(tx);
        let _ = tokio::time::timeout(PAGE_WAIT, self.monitor.poll_stale(&enabled(&servers))).await;
        Ok(FleetOverview { settings, status: self.monitor.status(&servers) })
    }

    /// All servers.
    pub async fn settings(&self, actor: &Actor) -> Result<FleetSettings> {
        actor.require(Action::ManageFleet)?;
        let mut tx = self.context.store.read().await?;
        settings(&mut tx, &actor.account_id).await
    }

    /// Replaces the list of servers. Those with the same URL stay the same rows.
    pub async fn save(&self, actor: &Actor, input: &FleetInput) -> Result<FleetSettings> {
        actor.require(Action::ManageFleet)?;
        self.context.transact(Some(actor), input.clone(), |uow, input| Box::pin(save(uow, input))).await
    }

    /// Adds a server.
    pub async fn create(&self, actor: &Actor, input: &FleetServerInput) -> Result<FleetServerView> {
        actor.require(Action::ManageFleet)?;
        let settings = input.parse(None)?;
        self.context.transact(Some(actor), settings, |uow, settings| Box::pin(create(uow, settings))).await
    }

    /// Absent fields keep their value.
    pub async fn update(&self, actor: &Actor, id: &FleetServerId, input: &FleetServerInput) -> Result<FleetServerView> {
        actor.require(Action::ManageFleet)?;
        let input = (id.clone(), input.clone());
        self.context.transact(Some(actor), input, |uow, (id, input)| Box::pin(update(uow, id, input))).await
    }

    /// Calls that run on the server are not affected.
    pub async fn delete(&self, actor: &Actor, id: &FleetServerId) -> Result<()> {
        actor.require(Action::ManageFleet)?;
        self.context.transact(Some(actor), id.clone(), |uow, id| Box::pin(delete(uow, id))).await
    }
}

fn enabled(servers: &[FleetServer]) -> Vec<FleetUrl> {
    servers.iter().filter(|server| server.settings.enabled).map(|server| server.settings.url.clone()).collect()
}

async fn settings(tx: &mut Tx, account: &AccountId) -> Result<FleetSettings> {
    let servers = tx.fleet_servers(account).await?;
    Ok(FleetSettings::new(&servers, tx.fleet_version(account).await?))
}

async fn save(uow: &mut UnitOfWork, input: &FleetInput) -> Result<FleetSettings> {
    let expected = input.version()?;
    let current = uow.tx.fleet_servers(&uow.account).await?;
    let version = uow.tx.fleet_version(&uow.account).await?;
    if expected.is_some_and(|expected| expected != version) {
        return Err(Error::stale(FleetSettings::new(&current, version)));
    }
    let known: Vec<FleetServerSettings> = current.iter().map(|server| server.settings.clone()).collect();
    let wanted = input.parse(&known)?;
    for server in &current {
        if !wanted.iter().any(|settings| settings.url == server.settings.url) {
            remove(uow, server).await?;
        }
    }
    for settings in &wanted {
        match current.iter().find(|server| server.settings.url == settings.url) {
            Some(server) => drop(write(uow, server, settings).await?),
            None => drop(create(uow, settings).await?),
        }
    }
    settings_of(uow).await
}

async fn settings_of(uow: &mut UnitOfWork) -> Result<FleetSettings> {
    let account = uow.account.clone();
    settings(&mut uow.tx, &account).await
}

async fn create(uow: &mut UnitOfWork, settings: &FleetServerSettings) -> Result<FleetServerView> {
    let now = uow.now();
    let server = FleetServer {
        id: FleetServerId::new(uow.ulid()),
        account_id: uow.account.clone(),
        settings: settings.clone(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let others = uow.tx.fleet_servers(&uow.account).await?;
    if others.len() >= FleetInput::MAX {
        let message = format!("A fleet has at most {} servers. Remove one first.", FleetInput::MAX);
        return Err(Error::field("url", FieldFault::new("too_many", message)));
    }
    if !uow.tx.insert_fleet_server(&server).await? {
        return Err(taken(settings));
    }
    audit(uow, &server, AuditAction::Created, (None, Some(FleetServerSnapshot::new(&server)))).await?;
    uow.publish(ChangedNoun::Fleet, ChangeKind::Created, &server.id);
    Ok(FleetServerView::new(&server))
}

async fn update(uow: &mut UnitOfWork, id: &FleetServerId, input: &FleetServerInput) -> Result<FleetServerView> {
    let expected = input.version()?;
    let servers = uow.tx.fleet_servers(&uow.account).await?;
    let current = servers.iter().find(|server| server.id == *id).ok_or(Error::NotFound("fleet server"))?;
    if expected.is_some_and(|expected| expected != current.version) {
        return Err(Error::stale(FleetServerView::new(current)));
    }
    let settings = input.parse(Some(&current.settings))?;
    if servers.iter().any(|server| server.id != *id && server.settings.url == settings.url) {
        return Err(taken(&settings));
    }
    write(uow, current, &settings).await
}

async fn delete(uow: &mut UnitOfWork, id: &FleetServerId) -> Result<()> {
    let servers = uow.tx.fleet_servers(&uow.account).await?;
    let server = servers.iter().find(|server| server.id == *id).ok_or(Error::NotFound("fleet server"))?;
    remove(uow, server).await
}

fn taken(settings: &FleetServerSettings) -> Error {
    let message = format!("{} is already a server of the fleet.", settings.url);
    Error::field("url", FieldFault::new("duplicate_url", message))
}

async fn write(uow: &mut UnitOfWork, current: &FleetServer, settings: &FleetServerSettings) -> Result<FleetServerView> {
    if *settings == current.settings {
        return Ok(FleetServerView::new(current));
    }
    let updated = FleetServer {
        settings: settings.clone(),
        updated_at: uow.now(),
        version: current.version + 1,
        ..current.clone()
    };
    if !uow.tx.update_fleet_server(&updated).await? {
        return Err(Error::ConcurrentChange);
    }
    let change = (Some(FleetServerSnapshot::new(current)), Some(FleetServerSnapshot::new(&updated)));
    audit(uow, &updated, AuditAction::Updated, change).await?;
    uow.publish(ChangedNoun::Fleet, ChangeKind::Updated, &updated.id);
    Ok(FleetServerView::new(&updated))
}

async fn remove(uow: &mut UnitOfWork, server: &FleetServer) -> Result<()> {
    let account = uow.account.clone();
    if !uow.tx.delete_fleet_server(&account, &server.id).await? {
        return Err(Error::ConcurrentChange);
    }
    audit(uow, server, AuditAction::Deleted, (Some(FleetServerSnapshot::new(server)), None)).await?;
    uow.publish(ChangedNoun::Fleet, ChangeKind::Deleted, &server.id);
    Ok(())
}

async fn audit(
    uow: &mut UnitOfWork,
    server: &FleetServer,
    action: AuditAction,
    (before, after): (Option<FleetServerSnapshot>, Option<FleetServerSnapshot>),
) -> Result<()> {
    let (subject_id, subject_name) = (server.id.as_str(), server.settings.label());
    uow.audit(Entry { action, subject_id, subject_name, before, after }).await
}
