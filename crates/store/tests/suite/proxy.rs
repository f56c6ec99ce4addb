//! A TCP proxy before a server, to cut or stall its connections.

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Network {
    Up,
    /// Connections are closed, new ones at once.
    Cut,
    /// Connections stay open, and nothing passes: so it is where the server's machine is gone, or its process stopped.
    Stalled,
}

pub struct Proxy {
    pub port: u16,
    network: watch::Sender<Network>,
}

impl Proxy {
    pub async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (network, state) = watch::channel(Network::Up);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(forward(client, server.clone(), state.clone()));
            }
        });
        Self { port, network }
    }

    pub fn set(&self, network: Network) {
        self.network.send_replace(network);
    }
}

async fn forward(mut client: TcpStream, server: String, mut state: watch::Receiver<Network>) {
    let mut server = TcpStream::connect(server).await.unwrap();
    let changed = async { state.wait_for(|network| *network != Network::Up).await.map(|network| *network) };
    let network = tokio::select! {
        biased;
        network = changed => network,
        _ = copy_bidirectional(&mut client, &mut server) => return,
    };
    if network.is_ok_and(|network| network == Network::Stalled) {
        // The sockets stay open until the test ends.
        std::future::pending::<()>().await;
    }
}
