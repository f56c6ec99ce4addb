//! The LiveKit project that a database belongs to.
//!
//! The carriers' sync status and trunk ids are about one project. With another one they would be wrong, and nothing would
//! bring the carriers there.

use api_types::view::{ChangeKind, ChangedNoun};
use thiserror::Error;

use crate::{Result, Services, unit_of_work::UnitOfWork};

/// The setting with the recorded project.
const SETTING: &str = "livekit project";

/// Why a project was not accepted.
#[derive(Debug, Error)]
pub enum ProjectError {
    /// The database has been synced with another project.
    #[error(
        "This database is synced with the LiveKit project {recorded}, and this server was started for {given}. Start it for \
         {recorded}, or start it once with --switch-livekit: then all carriers are synced to {given}. What {recorded} has stays \
         there; delete it there if it is not needed any more."
    )]
    Other {
        /// The database's project.
        recorded: String,
        /// The server's.
        given: String,
    },
    /// The project could not be read or recorded.
    #[error(transparent)]
    Service(#[from] crate::Error),
}

/// How an accepted project compares with the recorded one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProjectClaim {
    /// There was none: it is recorded now.
    First,
    /// It is the same.
    Same,
    /// It replaces another one, and all carriers are synced to it.
    Switched,
}

impl Services {
    /// Records the project at the first start, and compares it with the recorded one at each further start. With `switch`
    /// it replaces another project.
    ///
    /// `project` identifies the project, see [`livekit::Config::project`].
    ///
    /// # Errors
    /// [`ProjectError::Other`] where another project is recorded and `switch` is not set.
    pub async fn claim_livekit_project(&self, project: &str, switch: bool) -> Result<ProjectClaim, ProjectError> {
        let input = (project.to_owned(), switch);
        let recorded = self
            .context
            .transact(None, input, |uow, (project, switch)| Box::pin(record(uow, project, *switch)))
            .await?;
        match recorded {
            None => Ok(ProjectClaim::First),
            Some(recorded) if recorded == project => Ok(ProjectClaim::Same),
            Some(_) if switch => Ok(ProjectClaim::Switched),
            Some(recorded) => Err(ProjectError::Other { recorded, given: project.to_owned() }),
        }
    }
}

/// Records the project; over another one only with `switch`. Returns what was recorded before.
async fn record(uow: &mut UnitOfWork, project: &str, switch: bool) -> Result<Option<String>> {
    let recorded = uow.tx.setting(SETTING).await?;
    match recorded.as_deref() {
        None => {}
        Some(recorded) if recorded == project || !switch => return Ok(Some(recorded.to_owned())),
        Some(_) => {
            uow.tx.forget_all_livekit_objects().await?;
            for (id, name) in uow.tx.all_carrier_names(&uow.account).await? {
                uow.request_sync(&id, &name).await?;
                uow.publish(ChangedNoun::Carrier, ChangeKind::Updated, id);
            }
        }
    }
    uow.tx.set_setting(SETTING, project).await?;
    Ok(recorded)
}
