//! Messages after RFC 4475 (SIP torture tests) and RFC 5118 (for IPv6), sent as they are.

use std::{net::SocketAddr, time::Duration};

use tokio::{net::UdpSocket, time::timeout};

use super::{
    edge::{Edge, free_port, unique},
    stub::{Stub, proxy},
};

/// Name, and the message with `{edge}`, `{us}` and `{id}` to be filled in. Lines end in CR LF.
const MESSAGES: &[(&str, &str)] = &[
    // RFC 4475 section 3.1.1: valid.
    (
        "short and tortuous",
        "INVITE sip:vivekg@{edge};unknownparam SIP/2.0\nTO :\n sip:vivekg@{edge} ;   tag    = 1918181833n\n\
      from   : \"J Rosenberg \\\\\\\"\"       <sip:jdrosen@example.com>\n  ;\n  tag = 98asjd8\nMaX-fOrWaRdS: 0068\n\
      Call-ID: {id}\nContent-Length   : 0\ncseq: 0009\n  INVITE\nVia  : SIP  /   2.0\n /UDP\n    {us};branch={branch}\n\
      s :\nNewFangledHeader:   newfangled value\n continued newfangled value\nUnknownHeaderWithUnusualValue: ;;,,;;,;\n\
      Route:\n <sip:services.example.com;lr;unknownwith=value;unknown-no-value>\n\
      m:\"Quoted string \\\"\\\"\" <sip:jdrosen@example.com> ; newparam =\n      newvalue ;\n  secondparam ; q = 0.33\n\n",
    ),
    (
        "wide range of characters",
        "!interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:\
      &it+has=1,weird!*pas$wo~d_too.(doesn't-it)@{edge} SIP/2.0\nVia: SIP/2.0/UDP {us};branch={branch}\n\
      To: \"BEL:\\\u{7} NUL:\\\u{0} DEL:\\\u{7f}\" <sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@{edge}>\n\
      From: token1~` token2'+_ token3*%!.- <sip:mundane@example.com>;fromParam''~+*_!.-%=\"\u{440}\u{430}\";tag=_token~1'+`*%!-.\n\
      Max-Forwards: 70\nCall-ID: {id}\nCSeq: 139122385 !interesting-Method0123456789_*+`.%indeed'~\nContent-Length: 0\n\n",
    ),
    (
        "escaped NUL in a URI",
        "REGISTER sip:{edge} SIP/2.0\nTo: sip:null-%00-null@{edge}\nFrom: sip:null-%00-null@{edge};tag=839923423\n\
      Max-Forwards: 70\nCall-ID: {id}\nCSeq: 14398234 REGISTER\nVia: SIP/2.0/UDP {us};branch={branch}\n\
      Contact: <sip:%00@host5.example.com>\nContact: <sip:%00%00@host5.example.com>\nL:0\n\n",
    ),
    (
        "escapes that are none",
        "RE%47IST%45R sip:registrar.example.com SIP/2.0\nTo: \"%Z%45\" <sip:resource@example.com>\n\
      From: \"%Z%45\" <sip:resource@example.com>;tag=f232jadfj23\nCall-ID: {id}\nVia: SIP/2.0/UDP {us};branch={branch}\n\
      CSeq: 29344 RE%47IST%45R\nMax-Forwards: 70\nContact: <sip:alias1@host1.example.com>\nContent-Length: 0\n\n",
    ),
    (
        "no white space before <",
        "OPTIONS sip:user@{edge} SIP/2.0\nTo: sip:user@{edge}\nFrom: caller<sip:caller@example.com>;tag=323\n\
      Max-Forwards: 70\nCall-ID: {id}\nCSeq: 60 OPTIONS\nVia: SIP/2.0/UDP {us};branch={branch}\nl: 0\n\n",
    ),
    (
        "long values",
        "INVITE sip:{long}@{edge} SIP/2.0\nTo: \"{long}\" <sip:{long}@{edge}>\nFrom: sip:{long}@example.com;tag={long}\n\
      Max-Forwards: 70\nCall-ID: {id}{long}\nCSeq: 3882340 INVITE\nUnknown-{long}: {long}\nVia: SIP/2.0/UDP {us};branch={branch}\n\
      Contact: <sip:{long}@host5.example.net>\nContent-Length: 0\n\n",
    ),
    (
        "extra octets after the message",
        "REGISTER sip:{edge} SIP/2.0\nTo: sip:j.user@{edge}\nFrom: sip:j.user@{edge};tag=43251j3j324\n\
      Max-Forwards: 8\nI: {id}\nContact: sip:j.user@host.example.com\nCSeq: 8 REGISTER\nVia: SIP/2.0/UDP {us};branch={branch}\n\
      Content-Length: 0\n\nINVITE sip:1002@{edge} SIP/2.0\nX-Injected: 1\n\n",
    ),
    (
        "semicolon in the user part",
        "OPTIONS sip:user;par=u%40example.net@{edge} SIP/2.0\nTo: sip:j_user@{edge}\n\
      From: sip:caller@example.org;tag=33242\nMax-Forwards: 3\nCall-ID: {id}\nCSeq: 8 OPTIONS\n\
      Accept: application/sdp, application/pkcs7-mime\nVia: SIP/2.0/UDP {us};branch={branch}\nl: 0\n\n",
    ),
    // RFC 4475 section 3.1.2: invalid.
    (
        "extraneous separators",
        "INVITE sip:user@{edge} SIP/2.0\nTo: sip:j.user@{edge}\nFrom: sip:caller@example.net;tag=134161461246\n\
      Max-Forwards: 7\nCall-ID: {id}\nCSeq: 8 INVITE\nVia: SIP/2.0/UDP {us};branch={branch};;,;,,\n\
      Contact: \"Joe\" <sip:joe@example.org>;;;;\nContent-Length: 0\n\n",
    ),
    (
        "Content-Length too large",
        "INVITE sip:user@{edge} SIP/2.0\nMax-Forwards: 80\nTo: sip:j.user@{edge}\n\
      From: sip:caller@example.net;tag=93942939o2\nContact: <sip:caller@hungry.example.net>\nCall-ID: {id}\nCSeq: 8 INVITE\n\
      Via: SIP/2.0/UDP {us};branch={branch}\nContent-Length: 9999\n\nv=0\n",
    ),
    (
        "negative Content-Length",
        "INVITE sip:user@{edge} SIP/2.0\nMax-Forwards: 254\nTo: sip:j.user@{edge}\n\
      From: sip:caller@example.net;tag=32394234\nCall-ID: {id}\nCSeq: 8 INVITE\nVia: SIP/2.0/UDP {us};branch={branch}\n\
      Contact: <sip:caller@host5.example.net>\nContent-Length: -999\n\nv=0\n",
    ),
    (
        "scalars out of range",
        "REGISTER sip:{edge} SIP/2.0\nVia: SIP/2.0/UDP {us};branch={branch}\nTo: <sip:user@{edge}>\n\
      From: <sip:user@{edge}>;tag=239232jh3\nCSeq: 36893488147419103232 REGISTER\nCall-ID: {id}\nMax-Forwards: 255\n\
      Expires: 10000000000000000000000000000000000000000\nContact: <sip:user@host129.example.com>\n  ;expires=280297596632815\n\
      Content-Length: 0\n\n",
    ),
    (
        "unterminated quoted string",
        "INVITE sip:user@{edge} SIP/2.0\nTo: \"Mr. J. User <sip:j.user@{edge}>\n\
      From: sip:caller@example.net;tag=93334\nMax-Forwards: 10\nCall-ID: {id}\nContact: <sip:caller@host59.example.net>\n\
      CSeq: 8 INVITE\nVia: SIP/2.0/UDP {us};branch={branch}\nContent-Length: 0\n\n",
    ),
    (
        "request URI in <>",
        "INVITE <sip:user@{edge}> SIP/2.0\nTo: sip:user@{edge}\nFrom: sip:caller@example.net;tag=39291\n\
      Max-Forwards: 23\nCall-ID: {id}\nCSeq: 1 INVITE\nVia: SIP/2.0/UDP {us};branch={branch}\nContent-Length: 0\n\n",
    ),
    (
        "white space in the request URI",
        "INVITE sip:user@{edge}; lr SIP/2.0\nTo: sip:user@{edge};tag=3xfe-9921883-z9f\n\
      From: sip:caller@example.net;tag=231413434\nMax-Forwards: 5\nCall-ID: {id}\nCSeq: 2130706432 INVITE\n\
      Via: SIP/2.0/UDP {us};branch={branch}\nContent-Length: 0\n\n",
    ),
    (
        "escaped headers in the request URI",
        "INVITE sip:1002@{edge}?Route=%3Csip:example.com%3E&X-Injected=1 SIP/2.0\n\
      To: sip:1002@{edge}\nFrom: sip:caller@example.net;tag=341518\nMax-Forwards: 7\nContact: <sip:caller@host39923.example.net>\n\
      Call-ID: {id}\nCSeq: 149209342 INVITE\nVia: SIP/2.0/UDP {us};branch={branch}\nContent-Length: 0\n\n",
    ),
    (
        "escaped line end in the user part",
        "INVITE sip:1002%0d%0aX-Injected:%201@{edge} SIP/2.0\nTo: sip:1002@{edge}\n\
      From: \"x\" <sip:a%0d%0aX-Injected:%201@example.net>;tag=341519\nMax-Forwards: 7\nCall-ID: {id}\nCSeq: 1 INVITE\n\
      Via: SIP/2.0/UDP {us};branch={branch}\nContact: <sip:caller@{us}>\nContent-Length: 0\n\n",
    ),
    (
        "forged header of the edge",
        "INVITE sip:1002@{edge} SIP/2.0\nTo: sip:1002@{edge}\nFrom: <sip:a@example.net>;tag=341520\n\
      X-Trunkline-Source: ip=192.0.2.1;time=0;mac=X-Injected\nMax-Forwards: 7\nCall-ID: {id}\nCSeq: 1 INVITE\n\
      Via: SIP/2.0/UDP {us};branch={branch}\nContact: <sip:caller@{us}>\nContent-Length: 0\n\n",
    ),
    (
        "unknown version",
        "OPTIONS sip:t.watson@{edge} SIP/7.0\nVia: SIP/7.0/UDP {us};branch={branch}\nFrom: A. Bell <sip:a@example.com>;tag=qweoiqpe\n\
      To: T. Watson <sip:t.watson@{edge}>\nCall-ID: {id}\nCSeq: 31417 OPTIONS\nl: 0\n\n",
    ),
    (
        "CSeq of another method",
        "OPTIONS sip:user@{edge} SIP/2.0\nTo: sip:j.user@{edge}\nFrom: sip:caller@example.net;tag=34525\n\
      Max-Forwards: 6\nCall-ID: {id}\nCSeq: 8 INVITE\nVia: SIP/2.0/UDP {us};branch={branch}\nl: 0\n\n",
    ),
    // RFC 4475 sections 3.2 and 3.3.
    (
        "missing headers",
        "INVITE sip:user@{edge} SIP/2.0\nCSeq: 193942 INVITE\nVia: SIP/2.0/UDP {us};branch={branch}\nl: 0\n\n",
    ),
    (
        "unknown scheme",
        "OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0\nTo: sip:user@{edge}\n\
      From: sip:caller@example.net;tag=384\nMax-Forwards: 3\nCall-ID: {id}\nCSeq: 3923423 OPTIONS\n\
      Via: SIP/2.0/UDP {us};branch={branch}\nContent-Length: 0\n\n",
    ),
    (
        "headers that occur twice",
        "REGISTER sip:{edge} SIP/2.0\nVia: SIP/2.0/UDP {us};branch={branch}\nMax-Forwards: 70\nFrom: sip:a@{edge};tag=1\n\
      From: sip:b@{edge};tag=2\nTo: sip:a@{edge}\nTo: sip:b@{edge}\nCall-ID: {id}\nCall-ID: other\nCSeq: 5 REGISTER\nCSeq: 6 INVITE\n\
      Content-Length: 0\nContent-Length: 15\n\n",
    ),
    ("no request at all", "\n\n\n"),
    ("binary", "\u{0}\u{1}\u{2}\u{ff}\u{fe} SIP/2.0\n\n"),
    // RFC 5118.
    (
        "IPv6 address without brackets",
        "REGISTER sip:2001:db8::10 SIP/2.0\nTo: sip:user@{edge}\nFrom: sip:user@{edge};tag=81x2\n\
      Via: SIP/2.0/UDP {us};branch={branch}\nCall-ID: {id}\nMax-Forwards: 70\nCSeq: 98176 REGISTER\nContent-Length: 0\n\n",
    ),
    (
        "IPv6 address with port",
        "REGISTER sip:[2001:db8::10]:5070 SIP/2.0\nTo: sip:user@{edge}\nFrom: sip:user@{edge};tag=81x2\n\
      Via: SIP/2.0/UDP {us};branch={branch}\nCall-ID: {id}\nMax-Forwards: 70\nContact: \"Caller\" <sip:caller@[2001:db8::1]>\n\
      CSeq: 98176 REGISTER\nContent-Length: 0\n\n",
    ),
    (
        "IPv6 received parameter",
        "BYE sip:[2001:db8::10] SIP/2.0\nTo: sip:user@{edge};tag=bd76ya\nFrom: sip:user@{edge};tag=81x2\n\
      Via: SIP/2.0/UDP {us};received=[2001:db8::9:255];branch={branch}\nCall-ID: {id}\nMax-Forwards: 70\nCSeq: 321 BYE\nContent-Length: 0\n\n",
    ),
    (
        "IPv4-mapped IPv6 address",
        "OPTIONS sip:[::ffff:192.0.2.10] SIP/2.0\nTo: sip:user@[::ffff:192.0.2.10]\n\
      From: sip:user@[::ffff:192.0.2.2];tag=i7\nVia: SIP/2.0/UDP {us};branch={branch}\nCall-ID: {id}\nMax-Forwards: 70\n\
      CSeq: 1 OPTIONS\nContent-Length: 0\n\n",
    ),
];

#[tokio::test]
async fn torture_messages_neither_crash_nor_inject() {
    let (stub, callee) = (Stub::start().await, free_port());
    // Everything that looks like the user 1002 reaches the callee.
    for to in ["1002", "1002%0d%0aX-Injected:%201"] {
        stub.open_route(to, proxy(&[format!("sip:1002@{callee}")]));
    }
    let mut edge = Edge::start(&stub.url, &[]).await;
    let callee = UdpSocket::bind(callee).await.unwrap();
    for (name, message) in MESSAGES {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let message = filled(message, edge.address, socket.local_addr().unwrap());
        socket.send_to(&message, edge.address).await.unwrap();
        for answer in answers(&socket).await {
            // 505 is the answer to another version of SIP.
            assert!(!answer.starts_with("SIP/2.0 5") || answer.starts_with("SIP/2.0 505"), "{name}: {answer}");
            assert!(!answer.contains("\nX-Injected"), "{name}: {answer}");
        }
        assert!(edge.answers([127, 0, 0, 1].into()).await, "after {name}: {}", edge.log());
    }
    edge.assert_healthy();
    let forwarded = answers(&callee).await;
    assert!(!forwarded.is_empty(), "no call has reached the callee");
    for message in forwarded {
        let headers = message.split("\r\n\r\n").next().unwrap();
        assert!(!headers.contains("\nX-Injected") && !headers.contains("mac=X-Injected"), "{message}");
    }
}

fn filled(message: &str, edge: SocketAddr, us: SocketAddr) -> Vec<u8> {
    let id = unique();
    let text = message.replace('\n', "\r\n").replace("{edge}", &edge.to_string()).replace("{us}", &us.to_string());
    let text = text.replace("{branch}", &format!("z9hG4bK{id}")).replace("{id}", &id);
    text.replace("{long}", &"long".repeat(64)).into_bytes()
}

/// What arrives until nothing does for a while.
async fn answers(socket: &UdpSocket) -> Vec<String> {
    let (mut answers, mut buffer) = (Vec::new(), vec![0; 65_536]);
    while let Ok(Ok(length)) = timeout(Duration::from_millis(150), socket.recv(&mut buffer)).await {
        answers.push(String::from_utf8_lossy(&buffer[..length]).into_owned());
    }
    answers
}
