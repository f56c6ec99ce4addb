use api_types::view::UserLink;
use domain::UserState;
use leptos::prelude::*;

use crate::components::ui::{Banner, CopyField, Tone};

/// Id of the heading, which is focused when the link is shown.
pub const HEADING: &str = "one-time-link";

/// A new link, to be passed on.
#[component]
pub fn NewLink(link: UserLink) -> impl IntoView {
    let UserLink { url, expires_at, user } = link;
    let (title, what) = if user.state == UserState::Invited {
        (format!("Invited {}", user.email), "invitation link")
    } else {
        (format!("Password Link for {}", user.email), "password link")
    };
    view! {
        <section class="card p-5 mb-4 grid gap-4" aria-labelledby=HEADING>
            <h2 id=HEADING tabindex="-1" class="text-[14px] font-medium">{title}</h2>
            <Banner tone=Tone::Warn title="Copy the link now">
                "It is shown this once, and works once. Pass it on by a way that only the user can read: whoever opens it first \
                 sets the password."
            </Banner>
            <CopyField value=url.expose() what wrap=true/>
            <p class="text-ink-2">
                "The link expires on " <time class="num" datetime=expires_at.rfc3339()>{expires_at.readable()}</time>
                ". A new link replaces it."
            </p>
        </section>
    }
    .into_any()
}
