//! The allowlist as nodes of the edge and operators' tools change it. The console changes the same entries.

use api_types::{
    input::AllowInput,
    view::{AllowList, AllowView},
};
use domain::{
    AllowEntryId, IpRange,
    edge::{AllowEntryInput, AllowEntrySettings, EdgeObject},
};
use store::{Cursor, EdgeSearch};

use super::{MAX_IN_FORCE, Security, lift};
use crate::{
    Error, Result,
    context::Context,
    edge::object::{create, delete},
    unit_of_work::UnitOfWork,
};

/// Who lifts the bans of a source that is put on the allowlist.
const BY_ALLOWLIST: &str = "allowlist";
/// Entries that are read at once.
const PAGE: u32 = 200;

impl Security {
    /// The allowlist, by address.
    pub async fn allowed(&self) -> Result<AllowList> {
        let allow = entries(&self.context, "").await?.into_iter();
        Ok(AllowList { allow: allow.map(|entry| view(&entry)).collect() })
    }

    /// Adds a source, and lifts its bans. One that is on the list stays as it is.
    pub async fn allow(&self, input: &AllowInput) -> Result<AllowView> {
        let input = AllowEntryInput {
            ip: Some(input.ip.clone().into()),
            reason: input.reason.clone().map(Into::into),
            ..AllowEntryInput::default()
        };
        let settings: AllowEntrySettings = domain::edge::EdgeInput::parse(&input, None)?;
        if let Some(entry) = self.entry(&settings.ip).await? {
            return Ok(view(&entry));
        }
        self.context
            .transact(None, input, |uow, input| {
                Box::pin(async move { create::<AllowEntrySettings>(uow, input).await.map(drop) })
            })
            .await?;
        let reason = settings.reason.as_ref().map(ToString::to_string);
        Ok(AllowView { ip: settings.ip.to_string(), reason })
    }

    /// Removes a source. It can be banned from now on.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it is not on the list.
    pub async fn disallow(&self, ip: &str) -> Result<()> {
        let ip: IpRange = ip.parse().map_err(|fault| Error::field("ip", fault))?;
        let entry = self.entry(&ip).await?.ok_or(Error::NotFound("allowlist entry"))?;
        let id: AllowEntryId = entry.id;
        self.context.transact(None, id, |uow, id| Box::pin(delete::<AllowEntrySettings>(uow, id))).await
    }

    async fn entry(&self, ip: &IpRange) -> Result<Option<EdgeObject<AllowEntrySettings>>> {
        Ok(entries(&self.context, &ip.to_string()).await?.into_iter().find(|entry| entry.settings.ip == *ip))
    }
}

fn view(entry: &EdgeObject<AllowEntrySettings>) -> AllowView {
    AllowView { ip: entry.settings.ip.to_string(), reason: entry.settings.reason.as_ref().map(ToString::to_string) }
}

/// The entries whose address contains this text.
async fn entries(context: &Context, q: &str) -> Result<Vec<EdgeObject<AllowEntrySettings>>> {
    let mut tx = context.store.read().await?;
    let mut entries = Vec::new();
    let mut after: Option<Cursor> = None;
    loop {
        let search = EdgeSearch { q: q.to_owned(), limit: PAGE, after, ..EdgeSearch::default() };
        let page = tx.edge_objects::<AllowEntrySettings>(&context.account, &search).await?;
        entries.extend(page.objects);
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(entries),
        }
    }
}

/// Lifts the bans of the sources in a range that is put on the allowlist.
pub(in crate::edge) async fn lift_bans_of(uow: &mut UnitOfWork, allowed: &IpRange) -> Result<()> {
    let now = uow.now();
    let limit = i64::try_from(MAX_IN_FORCE).unwrap_or(i64::MAX);
    let bans = uow.tx.edge_bans_in_force(&uow.account, now, limit).await?;
    for ban in bans.iter().filter(|ban| allowed.covers(&ban.ip)) {
        lift(uow, &ban.id, BY_ALLOWLIST).await?;
    }
    Ok(())
}
