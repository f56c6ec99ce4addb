//! Start-up and shut-down.

use std::{future::Future, net::SocketAddr, sync::Arc, time::Duration};

use domain::{Email, Secret};
use live_state::{LiveState, Memory, Redis};
use livekit::{Client, WebhookReceiver};
use livekit_sandbox as sandbox;
use services::{
    Clock, Dependencies, ProjectClaim, Services, Timing,
    edge::{EdgeOptions, ProtectedSources},
};
use store::Store;
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{info, warn};

use crate::{
    Config, TrustedProxies,
    config::{self, LiveKit},
    http, master_key,
    server_id::ServerId,
};

/// Time-out of one LiveKit request.
const LIVEKIT_TIMEOUT: Duration = Duration::from_secs(10);
/// Time-out of one request to a provider, which a page may wait for.
const PROVIDER_TIMEOUT: Duration = Duration::from_secs(10);
/// How long open requests may take to finish when the server stops.
const REQUEST_GRACE: Duration = Duration::from_secs(10);
/// How long the reconciler may take to finish the request to LiveKit that it is in.
const RECONCILER_GRACE: Duration = Duration::from_secs(15);
/// LiveKit's SIP address in the sandbox, which receives no calls (RFC 2606).
const SANDBOX_SIP_HOST: &str = "sip.livekit.invalid";
/// How long the database and the sandbox may take to close.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(6);

/// A server that listens, but does not serve yet.
pub struct Application {
    listener: TcpListener,
    /// Of the edge's paths, where they have one of their own.
    edge_listener: Option<TcpListener>,
    edge: config::Edge,
    services: Services,
    livekit: Client,
    server_id: ServerId,
    sandbox: Option<sandbox::Sandbox>,
    /// The providers that are simulated in this process.
    simulated: Simulated,
    public_url: Option<String>,
    trusted_proxies: TrustedProxies,
    core_secret: Option<Secret>,
    webhooks: WebhookReceiver,
    drift_interval: Duration,
    setup_token: Option<String>,
}

/// The LiveKit to manage.
pub enum LiveKitTarget {
    Server(LiveKit),
    /// Simulated in this process, listening at this address; its state is stored beside the database.
    Sandbox(SocketAddr),
}

type Error = Box<dyn std::error::Error + Send + Sync>;

/// The database and the use cases, without a server around them.
pub async fn open(config: &Config, sandbox: bool) -> Result<Services, Error> {
    let folder = config.data_folder();
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let master_key = master_key::load(config.master_key.as_ref(), &folder)?;
    let store = Store::open(config.database_url.expose(), master_key.vault())
        .await
        .map_err(|error| format!("The database {} does not open: {error}", config.database_label()))?;
    let clock = Clock::default();
    let live: Arc<dyn LiveState> = match &config.redis_url {
        Some(url) => Arc::new(Redis::new(url.expose())?),
        None => Arc::new(Memory::new(clock.steady())),
    };
    let dependencies = Dependencies {
        store,
        master_key,
        clock,
        sandbox,
        exotel: exotel::Client::new(exotel::Config { url: config.exotel_url.clone(), timeout: PROVIDER_TIMEOUT })?,
        twilio: twilio::Client::new(&twilio_config(config.twilio_url.as_deref()))?,
        vonage: vonage::Client::new(&vonage::Config {
            url: config.vonage_url.clone().unwrap_or_else(|| vonage::Config::URL.to_owned()),
            timeout: PROVIDER_TIMEOUT,
        })?,
        fleet: fleet::Client::new(fleet::Config::default())?,
        live,
        edge: EdgeOptions {
            edge_nonces: config.edge.edge_nonces,
            protected: ProtectedSources {
                trusted_proxies: config.trusted_proxies.ranges().to_vec(),
                media_nodes: config.edge.media_nodes.ranges().to_vec(),
            },
        },
        edge_journal: config.data_folder().join("edge-journal"),
        livekit_sip_host: config.livekit_sip_host.clone(),
        timing: Timing::default(),
    };
    Ok(Services::new(dependencies).await?)
}

fn twilio_config(url: Option<&str>) -> twilio::Config {
    url.map_or_else(|| twilio::Config::new(PROVIDER_TIMEOUT), |url| twilio::Config::at(url, PROVIDER_TIMEOUT))
}

/// Providers that sell numbers, simulated for the sandbox, so that search and purchase can be tried without an account.
#[derive(Default)]
struct Simulated {
    twilio: Option<twilio_fake::Fake>,
    vonage: Option<vonage_fake::Fake>,
}

impl Simulated {
    /// Simulates the providers whose address is not configured, and configures it, with the SIP address of LiveKit.
    async fn start(config: &mut Config) -> Self {
        let mut simulated = Self::default();
        // Where the simulated providers send calls: to nowhere.
        config.livekit_sip_host = config.livekit_sip_host.take().or_else(|| SANDBOX_SIP_HOST.parse().ok());
        if config.twilio_url.is_none() {
            let twilio = twilio_fake::Fake::start_for_sandbox().await;
            config.twilio_url = Some(twilio.url());
            simulated.twilio = Some(twilio);
        }
        if config.vonage_url.is_none() {
            let vonage = vonage_fake::Fake::start_for_sandbox().await;
            config.vonage_url = Some(vonage.url());
            simulated.vonage = Some(vonage);
        }
        simulated
    }
}

async fn listen(address: &str, flag: &str) -> Result<TcpListener, Error> {
    let fault = |error| format!("Cannot listen on {address}: {error}. Choose another with {flag}.");
    Ok(TcpListener::bind(address).await.map_err(fault)?)
}

pub fn client(livekit: &LiveKit) -> Result<Client, Error> {
    Ok(Client::new(livekit_config(livekit))?)
}

fn livekit_config(livekit: &LiveKit) -> livekit::Config {
    livekit::Config {
        url: livekit.url.clone(),
        api_key: livekit.api_key.clone(),
        api_secret: livekit.api_secret.clone(),
        timeout: LIVEKIT_TIMEOUT,
    }
}

impl Application {
    /// Refused where the database belongs to another LiveKit project.
    pub async fn build(config: &Config, target: LiveKitTarget) -> Result<Self, Error> {
        Self::build_for(config, target, false).await
    }

    /// With `switch_livekit` a database that belongs to another LiveKit project is synced to this one from now on.
    pub async fn build_for(config: &Config, target: LiveKitTarget, switch_livekit: bool) -> Result<Self, Error> {
        let mut config = config.clone();
        let simulated = match target {
            LiveKitTarget::Sandbox(_) => Simulated::start(&mut config).await,
            LiveKitTarget::Server(_) => Simulated::default(),
        };
        let services = open(&config, matches!(target, LiveKitTarget::Sandbox(_))).await?;
        let project = match &target {
            LiveKitTarget::Server(server) => livekit_config(server).project()?,
            LiveKitTarget::Sandbox(_) => "sandbox".to_owned(),
        };
        if services.claim_livekit_project(&project, switch_livekit).await? == ProjectClaim::Switched {
            warn!(project, "the database belongs to another LiveKit project now: all carriers are synced to it");
        }
        let (livekit, webhooks, sandbox) = match target {
            LiveKitTarget::Server(server) => {
                (client(&server)?, WebhookReceiver::new(server.api_key, server.api_secret), None)
            }
            LiveKitTarget::Sandbox(address) => {
                let file = config.data_folder().join("sandbox-livekit.json");
                let options = sandbox::Options { file: Some(file), ..sandbox::Options::default() };
                let sandbox = sandbox::Sandbox::start(address, options).await?;
                let webhooks = WebhookReceiver::new(sandbox.api_key().to_owned(), sandbox.api_secret().clone());
                (Client::new(sandbox.config(LIVEKIT_TIMEOUT))?, webhooks, Some(sandbox))
            }
        };
        if let Some((email, password)) = &config.administrator {
            let email: Email = email.parse().map_err(|fault| format!("TRUNKLINE_ADMIN_EMAIL: {fault}"))?;
            let password = domain::Password::new(password.clone())
                .map_err(|fault| format!("TRUNKLINE_ADMIN_PASSWORD: {fault}"))?;
            if services.setup.ensure_administrator(&email, &password).await? {
                info!("created the first administrator");
            }
        }
        let setup_token = services.setup.token().await?;
        services.build_index().await?;
        services.edge.security.load().await?;
        services.recover_edge().await?;
        let listener = listen(&config.listen, "--listen").await?;
        let edge_listener = match &config.edge.listen {
            Some(address) => Some(listen(address, "--edge-listen").await?),
            None => None,
        };
        Ok(Self {
            listener,
            edge_listener,
            edge: config.edge.clone(),
            services,
            livekit,
            server_id: ServerId::load(&config.data_folder()),
            sandbox,
            simulated,
            public_url: config.public_url.clone(),
            trusted_proxies: config.trusted_proxies.clone(),
            core_secret: config.core_secret.clone(),
            webhooks,
            drift_interval: config.drift_interval,
            setup_token,
        })
    }

    /// The address that browsers use, without a final slash.
    pub fn url(&self) -> String {
        let local = || self.listener.local_addr().map_or_else(|_| String::new(), |address| format!("http://{address}"));
        self.public_url.clone().unwrap_or_else(local)
    }

    /// The address of the edge's own listener.
    pub fn edge_url(&self) -> Option<String> {
        let address = self.edge_listener.as_ref()?.local_addr().ok()?;
        Some(format!("http://{address}"))
    }

    /// The address to create the first administrator at; None if a user exists.
    pub fn setup_url(&self) -> Option<String> {
        self.setup_token.as_ref().map(|token| format!("{}/setup?token={token}", self.url()))
    }

    pub fn services(&self) -> &Services {
        &self.services
    }

    pub fn sandbox(&self) -> Option<&sandbox::Sandbox> {
        self.sandbox.as_ref()
    }

    /// Serves until `stop` resolves; then waits, within limits, for open requests and the running sync.
    pub async fn run_until(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), Error> {
        let stopping = CancellationToken::new();
        let workers = TaskTracker::new();
        let reconciler = self
            .services
            .reconciler(self.livekit.clone(), self.server_id.as_str())
            .with_drift_checks(self.drift_interval);
        let reconciling = workers.spawn(reconciler.run(stopping.clone()));
        let edge_lease = self.services.edge_lease_worker(self.server_id.as_str());
        if let Err(error) = edge_lease.ensure().await {
            warn!(%error, "the lease of the SIP edge was not acquired; trying again");
        }
        let edge_lease = workers.spawn(edge_lease.run(stopping.clone()));
        workers.spawn(self.services.event_feed().run(stopping.clone()));
        workers.spawn(self.services.fleet_poller().run(stopping.clone()));
        workers.spawn(self.services.channel_worker().run(stopping.clone()));
        workers.spawn(self.services.index_worker().run(stopping.clone()));
        workers.spawn(self.services.trunk_worker().run(stopping.clone()));
        workers.spawn(self.services.ban_worker().run(stopping.clone()));
        workers.spawn(self.services.lease_worker().run(stopping.clone()));
        let journaling = workers.spawn(self.services.journal_worker().run(stopping.clone()));
        workers.spawn(self.services.call_upkeep().run(stopping.clone()));
        workers.spawn(self.services.purchase_worker(self.server_id.as_str()).run(stopping.clone()));
        workers.spawn(http::Metrics::install().run_upkeep(stopping.clone()));
        workers.spawn(self.services.api_keys.clone().run(stopping.clone()));
        workers.spawn(self.services.sessions.clone().run(stopping.clone()));
        workers.close();

        let routers = http::routers(
            self.services.clone(),
            self.public_url.clone(),
            self.trusted_proxies.clone(),
            self.core_secret.clone(),
            &self.edge,
            self.webhooks,
            stopping.clone(),
        );
        let service = routers.main.into_make_service_with_connect_info::<SocketAddr>();
        let graceful = stopping.clone();
        let server = axum::serve(self.listener, service).with_graceful_shutdown(async move {
            stop.await;
            info!("stopping");
            graceful.cancel();
        });
        let edge_server = self.edge_listener.zip(routers.edge).map(|(listener, router)| {
            let service = router.into_make_service_with_connect_info::<SocketAddr>();
            axum::serve(listener, service).with_graceful_shutdown(stopping.clone().cancelled_owned()).into_future()
        });
        let edge_server = async { if let Some(server) = edge_server { server.await } else { Ok(()) } };
        let mut server = std::pin::pin!(async { tokio::try_join!(server.into_future(), edge_server).map(|_| ()) });
        let served = tokio::select! {
            served = &mut server => served,
            () = async { stopping.cancelled().await; tokio::time::sleep(REQUEST_GRACE).await } => {
                warn!("stopping with requests that did not finish in time");
                Ok(())
            }
        };
        stopping.cancel();
        match tokio::time::timeout(CLOSE_TIMEOUT, self.services.api_keys.save_uses()).await {
            Ok(Ok(())) => {}
            failed => warn!(?failed, "the times at which API keys were used last were not written"),
        }
        match tokio::time::timeout(CLOSE_TIMEOUT, self.services.sessions.save_uses()).await {
            Ok(Ok(())) => {}
            failed => warn!(?failed, "the times at which sessions were used last were not written"),
        }
        if tokio::time::timeout(RECONCILER_GRACE, reconciling).await.is_err() {
            warn!("the reconciler did not stop in time; it continues at the next start");
        }
        if tokio::time::timeout(CLOSE_TIMEOUT, edge_lease).await.is_err() {
            warn!("the lease of the SIP edge was not released in time; it expires");
        }
        if tokio::time::timeout(CLOSE_TIMEOUT, journaling).await.is_err() {
            warn!("the edge's journal was not written to the database in time; it is at the next start");
        }
        drop(self.simulated);
        if let Some(sandbox) = self.sandbox {
            match tokio::time::timeout(CLOSE_TIMEOUT, sandbox.shutdown()).await {
                Ok(closed) => closed?,
                Err(_) => warn!("the sandbox did not close in time"),
            }
        }
        // A database that does not respond must not keep the process.
        if tokio::time::timeout(CLOSE_TIMEOUT, self.services.store().close()).await.is_err() {
            warn!("the database did not close in time");
        }
        served?;
        info!("stopped");
        Ok(())
    }
}
