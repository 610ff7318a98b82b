//! What is known of a request before anybody is known: where it comes from and on what it was made; and how a person
//! proved who they are.

use std::net::IpAddr;

use ledger::Actor;
use policy::Strength;

/// Longest user agent that is kept, in characters.
const AGENT: usize = 60;

/// The facts of a request: told by its connection and headers, never by its body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestFacts {
    /// The other end's address; a trusted proxy's word for it counts.
    pub ip: Option<IpAddr>,
    /// Browser and system in short words (`Chrome, Windows`), see [`short_agent`].
    pub agent: Option<String>,
    /// A program on the server's own machine asks for itself, no proxy in between.
    pub local: bool,
}

impl RequestFacts {
    /// Facts of a connection and its `User-Agent` header.
    #[must_use]
    pub fn new(ip: Option<IpAddr>, user_agent: Option<&str>) -> Self {
        Self { ip, agent: user_agent.map(short_agent), local: false }
    }

    /// The address as entries hold it.
    #[must_use]
    pub fn ip_text(&self) -> Option<String> {
        self.ip.map(|ip| ip.to_canonical().to_string())
    }

    /// The actor with these facts.
    #[must_use]
    pub fn of(&self, actor: Actor) -> Actor {
        actor.ip(self.ip_text())
    }
}

/// Browser family and system of a `User-Agent`: enough to recognise one's own session, and the same after an update of
/// the browser. Programs are named by their first word.
#[must_use]
pub fn short_agent(user_agent: &str) -> String {
    const BROWSERS: [(&str, &str); 9] = [
        ("MicroMessenger/", "WeChat"),
        ("DingTalk/", "DingTalk"),
        ("Lark/", "Feishu"),
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("HeadlessChrome/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iPadOS"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let find = |known: &[(&'static str, &'static str)]| {
        known.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => {
            let first = user_agent.split(['/', ' ']).next().unwrap_or_default();
            first.chars().filter(|c| !c.is_control()).take(AGENT).collect()
        }
    }
}

/// By what a person came in; its word stands in the entry `sign_in`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// A password alone.
    Password,
    /// A password and a one-time code of an authenticator (RFC 6238).
    Totp,
    /// A password and a passkey as second factor, or a passkey alone.
    Passkey,
    /// A password and a recovery code.
    RecoveryCode,
    /// A password and a code sent by mail.
    MailCode,
    /// A password and a code sent to a telephone.
    SmsCode,
    /// An OpenID provider.
    Oidc,
    /// An OAuth provider of a workplace application (WeCom, DingTalk, Feishu).
    Workplace,
    /// A company directory.
    Ldap,
    /// A lost factor, with the help of a second person.
    Recovery,
    /// The sealed emergency account.
    BreakGlass,
}

impl Method {
    /// The word in entries and in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Totp => "totp",
            Self::Passkey => "passkey",
            Self::RecoveryCode => "recovery_code",
            Self::MailCode => "mail_code",
            Self::SmsCode => "sms_code",
            Self::Oidc => "oidc",
            Self::Workplace => "workplace",
            Self::Ldap => "ldap",
            Self::Recovery => "recovery",
            Self::BreakGlass => "break_glass",
        }
    }
}

/// How somebody proved who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct How {
    /// How strong the proof is.
    pub strength: Strength,
    /// By what.
    pub method: Method,
    /// Key of the directory or provider that vouches, when one does.
    pub provider: Option<String>,
}

impl How {
    /// By a method of our own.
    #[must_use]
    pub fn by(method: Method, strength: Strength) -> Self {
        Self { strength, method, provider: None }
    }

    /// By a provider's word.
    #[must_use]
    pub fn vouched(method: Method, strength: Strength, provider: impl Into<String>) -> Self {
        Self { strength, method, provider: Some(provider.into()) }
    }
}

/// Why a session opens nothing yet but the way to mend it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restriction {
    /// An initial or expired password must be replaced.
    ChangePassword,
    /// A second factor must be enrolled.
    EnrolFactor,
    /// The session jumped to another network or browser: its person must prove again who they are.
    ProveAgain,
    /// The network rules refuse where the request comes from, by this word.
    Network(&'static str),
    /// Outside of every zone nothing opens without a second factor.
    Challenged,
    /// The browser must enrol its key, or show it.
    Device,
    /// The device waits for an administrator.
    DeviceApproval,
    /// Only devices of the company may be used.
    CompanyDevice,
}

impl Restriction {
    /// Key of the problem that other requests are answered with.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ChangePassword => "must_change_password",
            Self::EnrolFactor => "must_enrol_factor",
            Self::ProveAgain => "must_prove_again",
            Self::Network(key) => key,
            Self::Challenged => "must_give_factor",
            Self::Device => "must_use_device",
            Self::DeviceApproval => "device_pending",
            Self::CompanyDevice => "device_not_company",
        }
    }
}

/// The word under which a strength is stored.
pub(crate) fn strength_word(strength: Strength) -> &'static str {
    match strength {
        Strength::Password => "password",
        Strength::SecondFactor => "second_factor",
        Strength::Passkey => "passkey",
    }
}

/// Reads such a word.
pub(crate) fn strength_of(word: &str) -> Option<Strength> {
    [Strength::Password, Strength::SecondFactor, Strength::Passkey]
        .into_iter()
        .find(|s| strength_word(*s) == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_named_the_same_after_its_update() {
        let chrome = |version: u32| {
            format!(
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version}.0.0.0 Safari/537.36"
            )
        };
        assert_eq!(short_agent(&chrome(140)), "Chrome, Windows");
        assert_eq!(short_agent(&chrome(140)), short_agent(&chrome(141)));
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1";
        assert_eq!(short_agent(phone), "Safari, iOS");
        assert_eq!(short_agent("curl/8.5.0"), "curl");
        assert!(short_agent(&"x".repeat(5_000)).len() <= AGENT);
    }
}
