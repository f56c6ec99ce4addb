//! The deprecated `media_encryption` and `media.encryption`, which LiveKit keeps equal (`UpgradeWith` in
//! `livekit/sip.go`).

use livekit_protocol as proto;

/// Afterwards there always is a media configuration, be it empty.
pub(crate) fn upgrade(media: &mut Option<proto::SipMediaConfig>, encryption: i32) {
    let media = media.get_or_insert_default();
    if media.encryption.is_none() && encryption != proto::SipMediaEncryption::SipMediaEncryptDisable as i32 {
        media.encryption = Some(encryption);
    }
}

/// `updateMediaConfig`
pub(crate) fn update(
    media: &mut Option<proto::SipMediaConfig>,
    encryption: &mut i32,
    new_media: Option<proto::SipMediaConfig>,
    new_encryption: Option<i32>,
) {
    if new_media.is_some() {
        *media = new_media;
    }
    if let Some(new) = new_encryption {
        *encryption = new;
    }
    upgrade(media, *encryption);
    *encryption = media.as_ref().and_then(|media| media.encryption).unwrap_or_default();
}
