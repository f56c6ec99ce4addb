//! A TCP proxy before PostgreSQL, to cut or stall its connections.

use tokio::{
    io::{self, AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// A simple query of PostgreSQL's protocol ends with a zero byte.
const COMMIT: &[u8] = b"COMMIT\0";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    Up,
    /// Connections are closed, new ones at once.
    Cut,
    /// Connections stay open, and nothing passes: so it is where the server's machine is gone, or its process stopped.
    Stalled,
    /// A connection is closed when PostgreSQL has committed, before its answer arrives.
    CutAfterCommit,
}

pub struct Proxy {
    port: u16,
    network: watch::Sender<Network>,
}

impl Proxy {
    /// `url` is PostgreSQL's, with user, host and port.
    pub async fn to(url: &str) -> Self {
        let (before, _) = url.rsplit_once('/').expect("a URL that names a database");
        let (_, server) = before.rsplit_once('@').expect("a URL with a user");
        let server = server.to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (network, state) = watch::channel(Network::Up);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (server, state) = (server.clone(), state.clone());
                tokio::spawn(async move { forward(client, &server, state).await });
            }
        });
        Self { port, network }
    }

    /// The URL by way of this proxy.
    pub fn url(&self, url: &str) -> String {
        let (before, name) = url.rsplit_once('/').expect("a URL that names a database");
        let (user, _) = before.rsplit_once('@').expect("a URL with a user");
        format!("{user}@127.0.0.1:{}/{name}", self.port)
    }

    pub fn set(&self, network: Network) {
        self.network.send_replace(network);
    }
}

async fn forward(mut client: TcpStream, server: &str, mut state: watch::Receiver<Network>) -> io::Result<()> {
    let mut server = TcpStream::connect(server).await?;
    let (mut request, mut response) = ([0; 8192], [0; 8192]);
    loop {
        let network = *state.borrow_and_update();
        match network {
            Network::Cut => return Ok(()),
            // The sockets stay open until the test ends.
            Network::Stalled => std::future::pending().await,
            Network::Up | Network::CutAfterCommit => {}
        }
        tokio::select! {
            biased;
            changed = state.changed() => if changed.is_err() { return Ok(()) },
            read = client.read(&mut request) => {
                let request = &request[..read?];
                if request.is_empty() {
                    return Ok(());
                }
                server.write_all(request).await?;
                if network == Network::CutAfterCommit && request.windows(COMMIT.len()).any(|part| part == COMMIT) {
                    // Any part of the answer shows that the commit was executed.
                    let _read = server.read(&mut response).await?;
                    return Ok(());
                }
            }
            read = server.read(&mut response) => {
                let response = &response[..read?];
                if response.is_empty() {
                    return Ok(());
                }
                client.write_all(response).await?;
            }
        }
    }
}
