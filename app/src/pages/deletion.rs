use domain::{Problem, view::ChangedNoun};
use leptos::prelude::*;

use crate::live::on_deleted;

/// Whether the row that a page shows was deleted, and by whom: another's deletion is told on the page, one's own goes on
/// to where the form that deletes leads.
#[derive(Clone, Copy)]
pub struct Deletion {
    /// Deleted by someone else.
    pub gone: RwSignal<bool>,
    ours: StoredValue<bool>,
}

impl Deletion {
    pub fn watch(noun: ChangedNoun, id: String) -> Self {
        let deletion = Self { gone: RwSignal::new(false), ours: StoredValue::new(false) };
        on_deleted(noun, id, move || deletion.found());
        deletion
    }

    /// The row is not there any more.
    pub fn found(self) {
        if self.ours.try_get_value() == Some(false) {
            let _ = self.gone.try_set(true);
        }
    }

    /// There is nothing left to ask the server for.
    pub fn under_way(self) -> bool {
        self.ours.try_get_value() != Some(false) || self.gone.try_get_untracked() != Some(false)
    }

    /// One's own deletion: the server's word of it may be here before the answer is.
    pub async fn ours<T>(self, request: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
        let _ = self.ours.try_set_value(true);
        let answer = request.await;
        let _ = self.ours.try_set_value(answer.is_ok());
        answer
    }
}
