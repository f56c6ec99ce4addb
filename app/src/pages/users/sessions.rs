use api_types::view::SessionView;
use leptos::prelude::*;

use crate::components::ui::{Badge, RelativeTime, Tone};

/// The sessions of a user. `end` is the link that ends one of them, where the page offers it.
#[component]
pub fn SessionTable(
    #[prop(into)] sessions: Signal<Vec<SessionView>>,
    #[prop(optional)] end: Option<fn(&SessionView) -> AnyView>,
) -> impl IntoView {
    let content = move || {
        let sessions = sessions.get();
        if sessions.is_empty() {
            return view! { <p class="px-4 pb-4 text-ink-2">"Not logged in anywhere."</p> }.into_any();
        }
        let rows = sessions.iter().map(|session| session_row(session, end)).collect_view();
        view! {
            <table class="table" role="table">
                <thead role="rowgroup">
                    <tr role="row">
                        <th class="th" role="columnheader" scope="col">"Browser or Program"</th>
                        <th class="th" role="columnheader" scope="col">"Address"</th>
                        <th class="th" role="columnheader" scope="col">"Logged In"</th>
                        <th class="th" role="columnheader" scope="col">"Last Used"</th>
                        {end.map(|_| view! { <th class="th" role="columnheader" scope="col"><span class="sr-only">"Actions"</span></th> })}
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <section class="card mt-4 overflow-hidden" aria-labelledby="sessions">
            <div class="section-head"><h2 id="sessions" class="text-[14px] font-medium" tabindex="-1">"Sessions"</h2></div>
            {content}
        </section>
    }
    .into_any()
}

fn session_row(session: &SessionView, end: Option<fn(&SessionView) -> AnyView>) -> AnyView {
    let current = session.is_current.then(|| view! { <Badge tone=Tone::Accent text="This Session"/> });
    let (created_at, last_used_at) = (session.created_at, session.last_used_at);
    view! {
        <tr role="row">
            <td class="td wrap-anywhere" role="cell" title=session.user_agent.clone()>{browser(session)} " " {current}</td>
            <td class="td num" role="cell">{session.address.clone().unwrap_or_else(|| "Unknown".to_owned())}</td>
            <td class="td" role="cell"><RelativeTime at=created_at/></td>
            <td class="td" role="cell"><RelativeTime at=last_used_at/></td>
            {end.map(|end| view! { <td class="td" role="cell">{end(session)}</td> })}
        </tr>
    }
    .into_any()
}

/// "Firefox on Linux"; a program by its product; the exact text is the title of the cell.
pub fn browser(session: &SessionView) -> String {
    session.user_agent.as_deref().map_or_else(|| "Unknown".to_owned(), short)
}

/// Browsers name others, too, for compatibility: the most specific name comes first here.
fn short(user_agent: &str) -> String {
    const BROWSERS: [(&str, &str); 5] =
        [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iPadOS"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let find = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, _) => user_agent.split([' ', '/']).next().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_agent_is_shortened_to_browser_and_system() {
        for (user_agent, shown) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 \
                 Safari/537.36 Edg/140.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/18.6 Mobile/15E148 Safari/604.1",
                "Safari on iOS",
            ),
            ("curl/8.15.0", "curl"),
        ] {
            assert_eq!(short(user_agent), shown);
        }
    }
}
