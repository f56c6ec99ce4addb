use api_types::view::ExotelSummary;
use domain::ExotelSubdomain;
use leptos::prelude::*;

use super::account::code;
use crate::components::ui::CopyField;

/// The settings to enter at Exotel, and on the carrier here.
///
/// After <https://developer.exotel.com/docs/sip-trunking/quickstart>, …/connect-applet-inbound, …/vsip/flow-integration and
/// Exotel's notes on LiveKit (github.com/exotel/AgentStream-VoiceAIEcosystem); read in November 2026.
#[component]
pub fn Setup(summary: RwSignal<ExotelSummary>) -> impl IntoView {
    let settings = Memo::new(move |_| {
        summary.with(|summary| (summary.account_sid.clone(), summary.subdomain, summary.livekit_sip_host.clone()))
    });
    move || {
        let (account, subdomain, host) = settings.get();
        facts(account.as_deref(), subdomain, host.as_deref())
    }
}

fn facts(account: Option<&str>, subdomain: Option<ExotelSubdomain>, host: Option<&str>) -> AnyView {
    let domain = account.map(|account| format!("{account}.pstn.exotel.com"));
    let (tls, tcp) = match subdomain {
        Some(ExotelSubdomain::Singapore) => ("pstn.sgp1.exotel.com:443", None),
        _ => ("in.voip.exotel.com:443", Some("in.voip.exotel.com:5070")),
    };
    let known = |text: &'static str| Value::Known(text.to_owned());
    let livekit = |port, transport, placeholder| {
        host.map_or(Value::Placeholder(placeholder), |host| Value::Known(destination(host, port, transport)))
    };
    let unknown_host = host.is_none().then(|| {
        view! {
            <p class="hint">
                "LiveKit Cloud shows its SIP URI under Settings, Project. On your own server it is the address of livekit-sip. \
                 Set "
                <code class="font-mono">"LIVEKIT_SIP_HOST"</code>
                " when you start Trunkline to have it filled in here."
            </p>
        }
    });
    view! {
        <section class="card p-4 mt-4" aria-labelledby="exotel-side">
            <h2 id="exotel-side" class="text-[14px] font-medium">"At Exotel"</h2>
            <p class="hint mb-2">
                "Calls use a SIP trunk (Dynamic SIP Trunking, vSIP). Exotel's SIP trunk API or its support sets it up, after KYC."
            </p>
            <dl class="facts facts-wide">
                {value(
                    "Trunk Domain",
                    "trunk domain",
                    domain.map_or(Value::Placeholder("your-account-sid.pstn.exotel.com"), Value::Known),
                    "With nso_code ANY-ANY.",
                )}
                {value(
                    "Destination, TLS",
                    "TLS destination",
                    livekit(5061, "tls", "your-livekit-sip-host:5061;transport=tls"),
                    "For inbound calls. Exotel recommends TLS for production.",
                )}
                {value(
                    "Destination, TCP",
                    "TCP destination",
                    livekit(5060, "tcp", "your-livekit-sip-host:5060;transport=tcp"),
                    "Instead, if LiveKit does not accept TLS.",
                )}
                {instruction("Numbers", "Map each one to the trunk in E.164 form (+91…), mode pstn. “Copy All” on the numbers page copies them.")}
                {instruction(
                    "Flow",
                    "A flow with a Connect applet that dials sip:<trunk_sid>, assigned to every number: the trunk's sid, not an address.",
                )}
                {instruction(
                    "Outbound Calls",
                    "Add digest credentials to the trunk, and enter the same username and password on the carrier. Alternatively, Exotel can allow a fixed IP address of LiveKit's, but no range.",
                )}
            </dl>
            {unknown_host}
            <h3 class="text-[13.5px] font-medium mt-4">"On the carrier in Trunkline"</h3>
            <dl class="facts facts-wide">
                {value("SIP Address, TLS", "SIP address for TLS", known(tls), "With transport TLS. If Exotel assigned another edge, use that one.")}
                {tcp.map(|tcp| value("SIP Address, TCP", "SIP address for TCP", known(tcp), "With transport TCP."))}
                {instruction(
                    "Inbound Authentication",
                    "Exotel sends no credentials: choose the IP allowlist, with the signalling addresses that Exotel names for your edge.",
                )}
                {instruction("Outbound CPS", "Exotel accepts 200 calls a minute for each trunk: 3 calls per second stay within that.")}
            </dl>
        </section>
    }
    .into_any()
}

/// A value to enter. A placeholder cannot be copied.
enum Value {
    Known(String),
    Placeholder(&'static str),
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

fn value(term: &'static str, what: &'static str, value: Value, hint: &'static str) -> AnyView {
    let value = match value {
        Value::Known(value) => view! { <CopyField value what/> }.into_any(),
        Value::Placeholder(text) => code(text),
    };
    view! {
        <div class="fact">
            <dt>{term}</dt>
            <dd>
                {value}
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
