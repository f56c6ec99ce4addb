use tokio::sync::Notify;

/// A bell: rung after each commit that leaves LiveKit behind. A ring while nobody listens is kept.
#[derive(Default)]
pub struct Wake(Notify);

impl Wake {
    pub(crate) fn wake(&self) {
        self.0.notify_one();
    }

    pub(crate) async fn woken(&self) {
        self.0.notified().await;
    }
}
