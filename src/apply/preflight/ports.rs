//! Ports that a plan's servers will need and that others hold.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};

use super::Problem;
use crate::plan::{Plan, Step};

/// How the key of a port ends in a server's settings.
const PORT: &str = "_port";

pub(super) fn problems(plan: &Plan) -> Vec<Problem> {
    let needed = plan.steps.iter().flat_map(|step| match step {
        Step::MakeHome { listen, ports, .. } => ports.iter().map(|port| (listen.clone(), *port)).collect(),
        Step::EditFile { before, after, .. } => moved(before, after),
        Step::CreateFile { content, .. } => moved("", content),
        _ => Vec::new(),
    });
    needed.filter_map(|(listen, port)| bindable(&listen, port)).collect()
}

/// The ports that a server's changed settings name and the earlier ones do not: those it holds itself until it stops.
fn moved(before: &str, after: &str) -> Vec<(String, u16)> {
    let Some((listen, ports)) = listens(after) else { return Vec::new() };
    let held = listens(before).map(|(_, ports)| ports).unwrap_or_default();
    ports.into_iter().filter(|port| !held.contains(port)).map(|port| (listen.clone(), port)).collect()
}

/// Address and ports of a server's settings; `None` when the text is none.
fn listens(text: &str) -> Option<(String, Vec<u16>)> {
    let settings: toml::Table = toml::from_str(text).ok()?;
    let listen = settings.get("listen")?.as_str()?.to_owned();
    if let Ok(socket) = listen.parse::<SocketAddr>() {
        return Some((socket.ip().to_string(), vec![socket.port()]));
    }
    let ports = settings.iter().filter(|(key, _)| key.ends_with(PORT));
    Some((listen, ports.filter_map(|(_, port)| port.as_integer()?.try_into().ok()).collect()))
}

fn bindable(listen: &str, port: u16) -> Option<Problem> {
    let Ok(address) = listen.parse::<IpAddr>() else {
        return Some(Problem::new("listen", format!("authority.listen {listen} is no IP address")));
    };
    let error = TcpListener::bind((address, port)).err()?;
    let (code, text) = match error.kind() {
        io::ErrorKind::AddrInUse => (
            "port-in-use",
            format!("port {port} on {listen} is in use: stop what listens there or choose another port"),
        ),
        io::ErrorKind::PermissionDenied => {
            ("port-forbidden", format!("port {port} on {listen} is not open to this user: choose one from 1024 on"))
        }
        _ => ("listen", format!("port {port} on {listen} cannot be used: {error}")),
    };
    Some(Problem::new(code, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_named_with_the_remedy() {
        let held = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = held.local_addr().expect("an address").port();
        let problem = bindable("127.0.0.1", port).expect("it is in use");
        assert_eq!(problem.code, "port-in-use");
        assert!(problem.text.contains(&port.to_string()) && problem.text.contains("choose another"));
    }

    #[test]
    fn a_server_may_name_address_and_port_in_one() {
        assert_eq!(moved("", "listen = \"127.0.0.1:6180\"\n"), [("127.0.0.1".to_owned(), 6180)]);
        assert_eq!(moved("", "format = 1\n[authority]\nlisten = \"127.0.0.1\"\n"), []);
    }

    #[test]
    fn ports_that_the_server_itself_will_free_do_not_count() {
        let settings = |https: u16, other: u16| {
            format!("host = \"h\"\nlisten = \"127.0.0.1\"\nhttps_port = {https}\nclient_auth_port = {other}\n")
        };
        let moved = |https, other| moved(&settings(6453, 6666), &settings(https, other));
        assert!(moved(6666, 6453).is_empty());
        assert_eq!(moved(6453, 7666), [("127.0.0.1".to_owned(), 7666)]);
        assert!(super::moved("", "format = 1").is_empty());
    }
}
