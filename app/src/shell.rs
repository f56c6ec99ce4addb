//! The document around the pages.

use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;

use crate::App;

/// URL paths of the files that the browser loads, with their hashed names: `/pkg/trunkline.1a2b3c.js`.
#[derive(Clone, Debug)]
pub struct Assets {
    pub js: String,
    pub wasm: String,
    pub css: String,
}

/// Runs before the first paint, so that the chosen theme and the controls that need JavaScript are shown from the start.
const BEFORE_PAINT: &str = r#"(function(d){d.dataset.js="";try{var t=localStorage.getItem("theme");if(t==="dark"||t==="light")d.dataset.theme=t}catch(e){}})(document.documentElement)"#;

/// Replaces Leptos' `HydrationScripts`, which reads the hashed names from a file beside the binary. Here the assets are
/// embedded in the server, which passes their names.
pub fn shell(options: LeptosOptions, assets: Assets) -> impl IntoView {
    let Assets { js, wasm, css } = assets;
    let nonce = use_nonce();
    let start = format!("import({js:?}).then(m=>m.default({{module_or_path:{wasm:?}}}).then(()=>m.hydrate()))");
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <script nonce=nonce.clone()>{BEFORE_PAINT}</script>
                <link rel="preload" href="/fonts/inter-latin.woff2" r#as="font" r#type="font/woff2" crossorigin="anonymous"/>
                <link rel="stylesheet" href=css/>
                <link rel="icon" href="/favicon.svg" r#type="image/svg+xml"/>
                <link rel="modulepreload" href=js/>
                <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
                <script r#type="module" nonce=nonce>{start}</script>
                <AutoReload options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
