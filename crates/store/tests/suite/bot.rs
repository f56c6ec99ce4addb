//! Bots with all their settings.

use api_types::input::BotInput;
use domain::{AnsweredBy, Bot, RuntimeConfig, SipHeaderConfig};
use serde_json::json;

use crate::{
    database::Database,
    rows::{account, saved_bot},
};

async fn settings_are_read_as_they_were_written(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let bot = saved_bot(&store, &account, "Concierge").await;
    assert_eq!(bot.settings.sip_header_config, SipHeaderConfig::default());
    let change = json!({
        "answered_by": "fleet",
        "agent_name": null,
        "sip_header_config": {"enabled": true, "allowed_headers": ["X-Tier", "X-Lead"],
                              "transfer_passthrough_headers": ["X-Lead"], "max_value_length": 64},
        "runtime_config": {"system_prompt": "Grüße \u{0} 😀", "timezone": "Asia/Kolkata", "voice": {"id": 7}},
    });
    let settings = serde_json::from_value::<BotInput>(change).unwrap().parse(Some(&bot.settings)).unwrap();
    let changed = Bot { settings, version: 2, ..bot };
    let mut tx = store.write().await.unwrap();
    assert!(tx.update_bot(&changed).await.unwrap());
    tx.commit().await.unwrap();
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.bot(&account, &changed.id).await.unwrap(), Some(changed.clone()));
    assert_eq!((changed.settings.answered_by, &changed.settings.agent_name), (AnsweredBy::Fleet, &None));
}

async fn row_of_an_earlier_version_has_the_defaults(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let bot = saved_bot(&store, &account, "Concierge").await;
    // What the migration gives to rows that are there already.
    database.run("UPDATE bots SET answered_by = 'agent', sip_header_config = '{}', runtime_config = '{}'").await;
    let read = store.read().await.unwrap().bot(&account, &bot.id).await.unwrap().unwrap();
    assert_eq!(read, bot);
    assert_eq!(read.settings.runtime_config, RuntimeConfig::default());
}

crate::on_both! { settings_are_read_as_they_were_written row_of_an_earlier_version_has_the_defaults }
