//! The integrations of providers that sell numbers, their secrets sealed.

use domain::{
    AccountId, IntegrationCheck, IntegrationId, NumberIntegration, NumberProviderKind, NumberProviderSettings,
    ProviderSecret, ProviderTrunk, Secret, SipCredentials, SipPassword, Timestamp, TwilioSettings, TwilioSid,
    VonageKey, VonageSettings,
};
use sqlx_macros::FromRow;

use crate::{
    Error, Result, Tx, Vault,
    row::{corrupt, parse, zero_as_never},
    statement::statements,
    tx::{execute, fetch},
};

const TABLE: &str = "integrations";

statements! {
    INSERT = "INSERT INTO integrations (id, account_id, provider, account_sid, host, api_key, api_token, sip_username, \
              sip_password, last_checked_at, created_at, updated_at, version) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11, $12) ON CONFLICT (account_id, provider) DO NOTHING";
    UPDATE = "UPDATE integrations SET account_sid = $1, host = $2, api_key = $3, api_token = $4, sip_username = $5, \
              sip_password = $6, trunk_reference = '', trunk_address = '', last_checked_at = 0, last_check_error = NULL, \
              updated_at = $7, version = version + 1 WHERE id = $8 AND version = $9";
    DELETE = "DELETE FROM integrations WHERE id = $1 AND account_id = $2";
    BY_PROVIDER = "SELECT id, account_id, provider, account_sid, host, api_key, api_token, sip_username, sip_password, \
                   trunk_reference, trunk_address, last_checked_at, last_check_error, created_at, updated_at, version \
                   FROM integrations WHERE account_id = $1 AND provider = $2";
    NOTE_CHECK = "UPDATE integrations SET last_checked_at = $1, last_check_error = $2 WHERE id = $3 AND version = $4";
    SET_CREDENTIALS = "UPDATE integrations SET sip_username = $1, sip_password = $2 WHERE id = $3 AND version = $4 \
                       AND sip_username = ''";
    SET_TRUNK = "UPDATE integrations SET trunk_reference = $1, trunk_address = $2 WHERE id = $3 AND version = $4";
}

impl Tx {
    /// Adds the integration. False where the account has one of the provider already.
    pub async fn insert_number_integration(&mut self, integration: &NumberIntegration) -> Result<bool> {
        let columns = Columns::of(integration, &self.vault);
        let inserted = execute!(
            self,
            sqlx::query(INSERT)
                .bind(integration.id.as_str())
                .bind(integration.account_id.as_str())
                .bind(integration.settings.kind().as_str())
                .bind(integration.settings.account())
                .bind(columns.host)
                .bind(columns.user)
                .bind(columns.password)
                .bind(columns.sip_username)
                .bind(columns.sip_password)
                .bind(integration.created_at.millis())
                .bind(integration.updated_at.millis())
                .bind(integration.version)
        )?;
        Ok(inserted == 1)
    }

    /// Writes the settings over the row of version `integration.version - 1`, and clears its trunk and the result of the last
    /// check, which concerned other credentials. False where the row has another version, or is gone.
    pub async fn update_number_integration(&mut self, integration: &NumberIntegration) -> Result<bool> {
        let columns = Columns::of(integration, &self.vault);
        let updated = execute!(
            self,
            sqlx::query(UPDATE)
                .bind(integration.settings.account())
                .bind(columns.host)
                .bind(columns.user)
                .bind(columns.password)
                .bind(columns.sip_username)
                .bind(columns.sip_password)
                .bind(integration.updated_at.millis())
                .bind(integration.id.as_str())
                .bind(integration.version - 1)
        )?;
        Ok(updated == 1)
    }

    /// Deletes the integration; bought numbers stay. False where it is gone already.
    pub async fn delete_number_integration(&mut self, account: &AccountId, id: &IntegrationId) -> Result<bool> {
        Ok(execute!(self, sqlx::query(DELETE).bind(id.as_str()).bind(account.as_str()))? == 1)
    }

    /// The account's integration of a provider.
    pub async fn number_integration(
        &mut self,
        account: &AccountId,
        provider: NumberProviderKind,
    ) -> Result<Option<NumberIntegration>> {
        let row = fetch!(
            self,
            connection => sqlx::query_as::<_, NumberIntegrationRow>(BY_PROVIDER)
                .bind(account.as_str())
                .bind(provider.as_str())
                .fetch_optional(connection)
        )?;
        row.map(|row| row.open(&self.vault)).transpose()
    }

    /// Writes how a call with the credentials of this version went; that is no new version of the row. False where the row
    /// has another version, or is gone.
    pub async fn note_integration_check(
        &mut self,
        id: &IntegrationId,
        version: i64,
        check: &IntegrationCheck,
    ) -> Result<bool> {
        let noted = execute!(
            self,
            sqlx::query(NOTE_CHECK)
                .bind(check.at.millis())
                .bind(check.error.as_deref())
                .bind(id.as_str())
                .bind(version)
        )?;
        Ok(noted == 1)
    }

    /// Writes the SIP credentials of the provider's trunk, where there are none. False where there are, or the row has another
    /// version.
    pub async fn set_trunk_credentials(
        &mut self,
        id: &IntegrationId,
        version: i64,
        credentials: &SipCredentials,
    ) -> Result<bool> {
        let sealed = seal_sip_password(credentials, id, &self.vault);
        let set = execute!(
            self,
            sqlx::query(SET_CREDENTIALS)
                .bind(credentials.username.as_str())
                .bind(sealed)
                .bind(id.as_str())
                .bind(version)
        )?;
        Ok(set == 1)
    }

    /// Writes the trunk that was prepared at the provider. False where the row has another version.
    pub async fn set_provider_trunk(
        &mut self,
        id: &IntegrationId,
        version: i64,
        trunk: &ProviderTrunk,
    ) -> Result<bool> {
        let set = execute!(
            self,
            sqlx::query(SET_TRUNK)
                .bind(&trunk.reference)
                .bind(trunk.outbound_address.to_string())
                .bind(id.as_str())
                .bind(version)
        )?;
        Ok(set == 1)
    }
}

/// The settings as the row has them; each secret is bound to its row and column.
struct Columns {
    host: String,
    user: String,
    password: String,
    sip_username: String,
    sip_password: String,
}

impl Columns {
    fn of(integration: &NumberIntegration, vault: &Vault) -> Self {
        let (host, user, secret, sip) = match &integration.settings {
            NumberProviderSettings::Twilio(settings) => {
                (String::new(), settings.user(), &settings.secret, integration.trunk_credentials.as_ref())
            }
            NumberProviderSettings::Vonage(settings) => (
                settings.sip_domain.to_string(),
                settings.api_key.as_str(),
                &settings.api_secret,
                settings.sip_credentials.as_ref(),
            ),
        };
        let seal = |secret: &Secret, column: &str| vault.seal(secret, &cell(integration.id.as_str(), column));
        Self {
            host,
            user: seal(&Secret::new(user), "api_key"),
            password: seal(secret.secret(), "api_token"),
            sip_username: sip.map(|sip| sip.username.to_string()).unwrap_or_default(),
            sip_password: sip.map(|sip| seal_sip_password(sip, &integration.id, vault)).unwrap_or_default(),
        }
    }
}

fn seal_sip_password(credentials: &SipCredentials, id: &IntegrationId, vault: &Vault) -> String {
    vault.seal(&credentials.password.clone().into_secret(), &cell(id.as_str(), "sip_password"))
}

fn cell(id: &str, column: &str) -> String {
    format!("{id}/{column}")
}

#[derive(FromRow)]
struct NumberIntegrationRow {
    id: String,
    account_id: String,
    provider: String,
    account_sid: String,
    host: String,
    api_key: String,
    api_token: String,
    sip_username: String,
    sip_password: String,
    trunk_reference: String,
    trunk_address: String,
    last_checked_at: i64,
    last_check_error: Option<String>,
    created_at: i64,
    updated_at: i64,
    version: i64,
}

impl NumberIntegrationRow {
    /// `TryFrom`, for a row with secrets.
    fn open(self, vault: &Vault) -> Result<NumberIntegration> {
        let id = &self.id;
        let open = |sealed: &str, column: &str| {
            vault.open(sealed, &cell(id, column)).ok_or_else(|| Error::WrongKey { table: TABLE, id: id.clone() })
        };
        let fault = |fault| corrupt(TABLE, id, &fault);
        let secret = ProviderSecret::new(&open(&self.api_token, "api_token")?, "the secret").map_err(fault)?;
        let sip = match self.sip_username.is_empty() {
            true => None,
            false => Some(SipCredentials {
                username: parse(TABLE, id, &self.sip_username)?,
                password: SipPassword::new(open(&self.sip_password, "sip_password")?).map_err(fault)?,
            }),
        };
        let (settings, trunk_credentials) = match parse(TABLE, id, &self.provider)? {
            NumberProviderKind::Twilio => {
                let user = open(&self.api_key, "api_key")?;
                let key_sid = match user.expose() == self.account_sid {
                    true => None,
                    false => Some(TwilioSid::parse(user.expose(), "SK", "the API key SID").map_err(fault)?),
                };
                let account_sid = TwilioSid::parse(&self.account_sid, "AC", "the account SID").map_err(fault)?;
                (NumberProviderSettings::Twilio(TwilioSettings { account_sid, key_sid, secret }), sip)
            }
            NumberProviderKind::Vonage => {
                let settings = VonageSettings {
                    api_key: VonageKey::parse(&self.account_sid).map_err(fault)?,
                    api_secret: secret,
                    sip_domain: parse(TABLE, id, &self.host)?,
                    sip_credentials: sip,
                };
                (NumberProviderSettings::Vonage(settings), None)
            }
        };
        let trunk = match self.trunk_reference.is_empty() {
            true => None,
            false => Some(ProviderTrunk {
                outbound_address: parse(TABLE, id, &self.trunk_address)?,
                reference: self.trunk_reference.clone(),
            }),
        };
        Ok(NumberIntegration {
            id: parse(TABLE, id, id)?,
            account_id: parse(TABLE, id, &self.account_id)?,
            settings,
            trunk_credentials,
            trunk,
            check: zero_as_never(self.last_checked_at).map(|at| IntegrationCheck { at, error: self.last_check_error }),
            created_at: Timestamp::from_millis(self.created_at),
            updated_at: Timestamp::from_millis(self.updated_at),
            version: self.version,
        })
    }
}
