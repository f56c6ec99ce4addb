//! The LiveKit project that a database belongs to.
//!
//! The carriers' sync status and trunk ids are about one project. With another one they would be wrong, and nothing would
//! bring the carriers there.

use thiserror::Error;

use crate::{Services, unit_of_work::UnitOfWork};

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
    Other { recorded: String, given: String },
    #[error(transparent)]
    Service(#[from] crate::Error),
}

impl Services {
    /// Records the project with the first start, and compares it with each further one. With `switch` another project is
    /// recorded, and all carriers are synced to it. True: it was.
    ///
    /// `project` identifies the project, see [`livekit::Config::project`].
    ///
    /// # Errors
    /// [`ProjectError::Other`] without `switch`.
    pub async fn claim_livekit_project(&self, project: &str, switch: bool) -> Result<bool, ProjectError> {
        let mut uow = UnitOfWork::begin(&self.context, None).await?;
        let recorded = uow.tx.setting(SETTING).await.map_err(crate::Error::from)?;
        let switched = match recorded {
            Some(recorded) if recorded == project => return Ok(false),
            Some(recorded) if !switch => return Err(ProjectError::Other { recorded, given: project.to_owned() }),
            recorded => recorded.is_some(),
        };
        if switched {
            uow.tx.forget_all_livekit_objects().await.map_err(crate::Error::from)?;
            let account = uow.account.clone();
            for (id, name) in uow.tx.all_carrier_names(&account).await.map_err(crate::Error::from)? {
                uow.request_sync(&id, &name).await?;
            }
        }
        uow.tx.set_setting(SETTING, project).await.map_err(crate::Error::from)?;
        uow.commit().await?;
        Ok(switched)
    }
}
