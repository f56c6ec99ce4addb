//! Values of the installation.

use crate::database::Database;

async fn setting_is_overwritten_and_removed_once(database: &Database) {
    let store = database.open().await;
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.setting("token").await.unwrap(), None);
    tx.set_setting("token", "one").await.unwrap();
    tx.set_setting("token", "two").await.unwrap();
    assert_eq!(tx.setting("token").await.unwrap().as_deref(), Some("two"));
    assert!(!tx.remove_setting("token", "one").await.unwrap());
    assert!(tx.remove_setting("token", "two").await.unwrap());
    assert!(!tx.remove_setting("token", "two").await.unwrap());
}

crate::on_both! { setting_is_overwritten_and_removed_once }
