use api_types::view::ExotelSummary;
use domain::ExotelSubdomain;
use leptos::prelude::*;

use super::account::code;
use crate::components::ui::CopyButton;

/// Shown if LiveKit's SIP host is not configured.
const PLACEHOLDER: &str = "YOUR-LIVEKIT-SIP-HOST";

/// The settings to enter at Exotel, and on the carrier here.
///
/// After <https://developer.exotel.com/docs/sip-trunking/quickstart>, …/connect-applet-inbound, …/vsip/flow-integration and
/// Exotel's notes on LiveKit (github.com/exotel/AgentStream-VoiceAIEcosystem); read in November 2026.
pub fn setup(summary: &ExotelSummary) -> AnyView {
    let host = summary.livekit_sip_host.clone();
    let known = host.is_some();
    let host = host.unwrap_or_else(|| PLACEHOLDER.to_owned());
    let account = summary.account_sid.clone().unwrap_or_else(|| "YOUR-ACCOUNT-SID".to_owned());
    let (tls, tcp) = match summary.subdomain {
        Some(ExotelSubdomain::Singapore) => ("pstn.sgp1.exotel.com:443", None),
        _ => ("in.voip.exotel.com:443", Some("in.voip.exotel.com:5070")),
    };
    view! {
        <section class="card p-4 mt-4" aria-labelledby="exotel-side">
            <h2 id="exotel-side" class="text-[14px] font-medium">"At Exotel"</h2>
            <p class="hint mb-2">
                "A SIP trunk (Dynamic SIP trunking, vSIP) carries the calls; Exotel's SIP trunk API or its support sets it up. \
                 KYC has to be done first."
            </p>
            <dl class="facts facts-wide">
                {copied("Trunk's domain", "trunk's domain", format!("{account}.pstn.exotel.com"), "nso_code is ANY-ANY.")}
                {copied(
                    "Destination, TLS",
                    "TLS destination",
                    destination(&host, 5061, "tls"),
                    "Calls come in here. TLS is what Exotel advises for production.",
                )}
                {copied("Destination, TCP", "TCP destination", destination(&host, 5060, "tcp"), "Where LiveKit takes no TLS.")}
                {instruction("Numbers", "Map each one to the trunk as +91…, mode pstn. “Show numbers” copies the whole list.")}
                {instruction(
                    "Flow",
                    "A flow with a Connect applet that dials sip:<trunk_sid>, assigned to every number. The trunk's sid, no address.",
                )}
                {instruction(
                    "Outgoing calls",
                    "Add digest credentials to the trunk, and enter the same on the carrier here. A fixed address of LiveKit's can be whitelisted instead, never a range.",
                )}
            </dl>
            {(!known).then(|| view! {
                <p class="hint">
                    "LiveKit Cloud shows its SIP URI under Settings, Project; on your own server it is where livekit-sip listens. "
                    "Start Trunkline with " <code class="font-mono">"LIVEKIT_SIP_HOST"</code> ", and it stands here by itself."
                </p>
            })}
            <h3 class="text-[13.5px] font-medium mt-4">"On the carrier here"</h3>
            <dl class="facts facts-wide">
                {copied("SIP address, TLS", "carrier's address", tls.to_owned(), "With transport TLS. Where Exotel assigned another edge, that one.")}
                {tcp.map(|tcp| copied("SIP address, TCP", "carrier's TCP address", tcp.to_owned(), "With transport TCP."))}
                {instruction(
                    "Inbound",
                    "Exotel sends no credentials: choose the IP allowlist, with the signalling addresses that Exotel names for your edge.",
                )}
                {instruction("Pacing", "Exotel grants a trunk 200 calls a minute: 3 calls per second stay within that.")}
            </dl>
        </section>
    }
    .into_any()
}

/// `host:port;transport=…`; a port in `LIVEKIT_SIP_HOST` is kept.
fn destination(host: &str, port: u16, transport: &str) -> String {
    let bare = host.rsplit_once(']').map_or(host, |(_, rest)| rest);
    if bare.contains(':') {
        format!("{host};transport={transport}")
    } else {
        format!("{host}:{port};transport={transport}")
    }
}

fn copied(term: &'static str, what: &'static str, text: String, hint: &'static str) -> AnyView {
    view! {
        <div class="fact">
            <dt>{term}</dt>
            <dd>
                <span class="inline-flex items-center gap-1 max-w-full">{code(text.clone())} <CopyButton text what/></span>
                <p class="hint mt-0">{hint}</p>
            </dd>
        </div>
    }
    .into_any()
}

fn instruction(term: &'static str, text: &'static str) -> AnyView {
    view! { <div class="fact"><dt>{term}</dt> <dd>{text}</dd></div> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn destination_has_the_configured_port_or_the_default() {
        assert_eq!(destination("sip.example.com", 5061, "tls"), "sip.example.com:5061;transport=tls");
        assert_eq!(destination("sip.example.com:5070", 5060, "tcp"), "sip.example.com:5070;transport=tcp");
        assert_eq!(destination("[2001:db8::1]", 5060, "tcp"), "[2001:db8::1]:5060;transport=tcp");
        assert_eq!(destination("[2001:db8::1]:9", 5060, "tcp"), "[2001:db8::1]:9;transport=tcp");
    }
}
