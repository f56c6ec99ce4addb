use domain::{
    IntegrationCheck, IntegrationId, NumberIntegration, NumberProviderKind, NumberProviderSettings, ProviderSecret,
    ProviderTrunk, Secret, SipCredentials, SipPassword, TwilioSettings, TwilioSid, VonageKey, VonageSettings,
};
use store::Store;

use crate::{
    database::Database,
    rows::{NOW, account, ulid},
};

const HEX: &str = "0123456789abcdef0123456789abcdef";

fn secret(text: &str) -> ProviderSecret {
    ProviderSecret::new(&Secret::new(text), "the secret").unwrap()
}

fn sip(username: &str) -> SipCredentials {
    SipCredentials {
        username: username.parse().unwrap(),
        password: SipPassword::new(Secret::new("sip-passw0rd")).unwrap(),
    }
}

fn twilio(key_sid: Option<&str>) -> NumberProviderSettings {
    NumberProviderSettings::Twilio(TwilioSettings {
        account_sid: TwilioSid::parse(&format!("AC{HEX}"), "AC", "it").unwrap(),
        key_sid: key_sid.map(|sid| TwilioSid::parse(sid, "SK", "it").unwrap()),
        secret: secret("t0ken"),
    })
}

fn vonage(sip_credentials: Option<SipCredentials>) -> NumberProviderSettings {
    NumberProviderSettings::Vonage(VonageSettings {
        api_key: VonageKey::parse("abcd1234").unwrap(),
        api_secret: secret("s3cret"),
        sip_domain: "acme.sip-us.vonage.com".parse().unwrap(),
        sip_credentials,
    })
}

async fn insert(store: &Store, settings: NumberProviderSettings) -> NumberIntegration {
    let integration = NumberIntegration {
        id: IntegrationId::new(ulid()),
        account_id: account(store).await,
        settings,
        trunk_credentials: None,
        trunk: None,
        check: None,
        created_at: NOW,
        updated_at: NOW,
        version: 1,
    };
    let mut tx = store.write().await.unwrap();
    assert!(tx.insert_number_integration(&integration).await.unwrap());
    assert!(!tx.insert_number_integration(&integration).await.unwrap());
    tx.commit().await.unwrap();
    integration
}

async fn read(store: &Store, integration: &NumberIntegration) -> Option<NumberIntegration> {
    let kind = integration.settings.kind();
    store.read().await.unwrap().number_integration(&integration.account_id, kind).await.unwrap()
}

async fn integration_is_read_as_written(database: &Database) {
    let store = database.open().await;
    let key = format!("SK{HEX}");
    for settings in [twilio(None), twilio(Some(&key)), vonage(None), vonage(Some(sip("acme")))] {
        let integration = insert(&store, settings).await;
        assert_eq!(read(&store, &integration).await, Some(integration.clone()));
        let mut tx = store.write().await.unwrap();
        assert!(tx.delete_number_integration(&integration.account_id, &integration.id).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(read(&store, &integration).await, None);
    }
}

async fn update_clears_trunk_and_check(database: &Database) {
    let store = database.open().await;
    let integration = insert(&store, twilio(None)).await;
    let trunk = ProviderTrunk { reference: "TK1".to_owned(), outbound_address: "a.pstn.twilio.com".parse().unwrap() };
    let check = IntegrationCheck { at: NOW, error: Some("Refused.".to_owned()) };
    let mut tx = store.write().await.unwrap();
    assert!(tx.set_trunk_credentials(&integration.id, 1, &sip("trunkline")).await.unwrap());
    assert!(!tx.set_trunk_credentials(&integration.id, 1, &sip("other")).await.unwrap(), "the first ones stay");
    assert!(tx.set_provider_trunk(&integration.id, 1, &trunk).await.unwrap());
    assert!(tx.note_integration_check(&integration.id, 1, &check).await.unwrap());
    tx.commit().await.unwrap();
    let prepared = NumberIntegration {
        trunk_credentials: Some(sip("trunkline")),
        trunk: Some(trunk),
        check: Some(check),
        ..integration.clone()
    };
    assert_eq!(read(&store, &integration).await, Some(prepared.clone()));

    let changed = NumberIntegration { version: 2, trunk: None, check: None, ..prepared };
    let mut tx = store.write().await.unwrap();
    assert!(tx.update_number_integration(&changed).await.unwrap());
    assert!(!tx.update_number_integration(&changed).await.unwrap(), "the version is another one by now");
    tx.commit().await.unwrap();
    assert_eq!(read(&store, &integration).await, Some(changed));
    assert_eq!(
        store
            .read()
            .await
            .unwrap()
            .number_integration(&integration.account_id, NumberProviderKind::Vonage)
            .await
            .unwrap(),
        None
    );
}

crate::on_both! {
    integration_is_read_as_written
    update_clears_trunk_and_check
}
