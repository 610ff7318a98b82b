//! Under which circumstances a rule holds: where the request comes from, by which device, how the person proved who
//! they are, at which hours. A rule without any holds everywhere and always.

use std::collections::BTreeSet;

use kernel::Timestamp;
use serde::{Deserialize, Serialize};

use crate::plan::Fresh;
use crate::principal::{Principal, Strength};
use crate::rule::{Effect, Rule};

/// Circumstances (情形). Every one that is named must be met; what is not named does not matter. An unknown one is
/// refused when a rule is read: a rule must not become wider by being misread.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Circumstances {
    /// In one of these network zones, by key. Empty: wherever.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<String>,
    /// By a device that is known and trusted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub trusted_device: bool,
    /// With at least this proof of who they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_strength: Option<Strength>,
    /// At these hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
}

/// Hours of days of the week, in China Standard Time (UTC+8), which knows no summer time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// Days on which the hours begin: 1 is Monday, 7 is Sunday. Empty: every day.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub days: BTreeSet<u8>,
    /// Their beginning.
    pub from: DayTime,
    /// Their end, no longer within. Not after the beginning: on the next day.
    pub until: DayTime,
}

/// A time of day: minutes since midnight, 0 to 1440; written `09:30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DayTime(u16);

const DAY_MINUTES: i64 = 24 * 60;

/// Not a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a time of day is written like 09:30, from 00:00 to 24:00")]
pub struct NoDayTime;

impl DayTime {
    /// From minutes since midnight.
    ///
    /// # Errors
    /// Beyond 1440.
    pub fn new(minutes: u16) -> Result<Self, NoDayTime> {
        if i64::from(minutes) <= DAY_MINUTES { Ok(Self(minutes)) } else { Err(NoDayTime) }
    }
}

impl TryFrom<String> for DayTime {
    type Error = NoDayTime;

    fn try_from(text: String) -> Result<Self, NoDayTime> {
        let digits = |part: &str| {
            let fits = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
            fits.then(|| part.parse::<u16>().ok()).flatten().ok_or(NoDayTime)
        };
        let (hours, minutes) = text.split_once(':').ok_or(NoDayTime)?;
        let (hours, minutes) = (digits(hours)?, digits(minutes)?);
        if minutes > 59 { Err(NoDayTime) } else { Self::new(hours * 60 + minutes) }
    }
}

impl From<DayTime> for String {
    fn from(time: DayTime) -> Self {
        time.to_string()
    }
}

impl std::fmt::Display for DayTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// How far China Standard Time is ahead, in seconds.
const EAST_8: i64 = 8 * 3_600;

impl Hours {
    /// Whether a moment is within them.
    #[must_use]
    pub fn hold(&self, now: Timestamp) -> bool {
        let local = now.plus_seconds(EAST_8);
        let day = local.day();
        let minute = (local.seconds() - Timestamp::from_day(day).seconds()) / 60;
        let (from, until) = (i64::from(self.from.0), i64::from(self.until.0));
        if from < until {
            self.begins_on(day) && (from..until).contains(&minute)
        } else {
            (self.begins_on(day) && minute >= from) || (self.begins_on(day - 1) && minute < until)
        }
    }

    fn begins_on(&self, day: i64) -> bool {
        // 1970-01-01 was a Thursday.
        let weekday = (day + 3).rem_euclid(7) + 1;
        self.days.is_empty() || self.days.iter().any(|d| i64::from(*d) == weekday)
    }

    /// The stretch around a moment in which the answer does not change.
    fn stretch(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        let day = now.plus_seconds(EAST_8).day();
        let minutes = [0, i64::from(self.from.0), i64::from(self.until.0)];
        let edges = (day..=day + 1)
            .flat_map(|day| minutes.map(|m| Timestamp::from_day(day).plus_seconds(m * 60 - EAST_8)));
        let (mut since, mut until) = (Timestamp(i64::MIN), Timestamp(i64::MAX));
        for edge in edges {
            if edge <= now {
                since = since.max(edge);
            } else {
                until = until.min(edge);
            }
        }
        (since, until)
    }
}

/// What is known of the circumstances of a request, as far as any rule asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Situation {
    zone: Option<String>,
    trusted_device: bool,
    strength: Strength,
}

/// Under which circumstances a plan is made.
#[derive(Clone, Debug)]
pub(crate) enum Setting {
    /// Those of a request.
    Known(Situation),
    /// The best there can be, at any hour: for "who can at all".
    AtBest,
}

impl Setting {
    /// Whether a rule holds. Notes when that changes by itself.
    pub(crate) fn meets(&self, rule: &Rule, now: Timestamp, fresh: &mut Fresh) -> bool {
        let Some(asked) = &rule.circumstances else { return true };
        match self {
            Self::AtBest => rule.effect == Effect::Permit,
            Self::Known(situation) => {
                if let Some(hours) = &asked.hours {
                    let (since, until) = hours.stretch(now);
                    fresh.within(since, until);
                }
                asked.met(situation, now)
            }
        }
    }
}

impl Circumstances {
    fn met(&self, situation: &Situation, now: Timestamp) -> bool {
        let zone = || situation.zone.as_ref().is_some_and(|z| self.zones.contains(z));
        (self.zones.is_empty() || zone())
            && (!self.trusted_device || situation.trusted_device)
            && self.min_strength.is_none_or(|least| situation.strength >= least)
            && self.hours.as_ref().is_none_or(|h| h.hold(now))
    }
}

/// Which circumstances the rules ask for at all. What none asks for is no reason to make a plan anew.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    zones: BTreeSet<String>,
    device: bool,
    strength: bool,
}

impl Asked {
    pub(crate) fn by<'a>(rules: impl Iterator<Item = &'a Rule>) -> Self {
        let mut asked = Self::default();
        for circumstances in rules.filter_map(|r| r.circumstances.as_ref()) {
            asked.zones.extend(circumstances.zones.iter().cloned());
            asked.device |= circumstances.trusted_device;
            asked.strength |= circumstances.min_strength.is_some();
        }
        asked
    }

    /// The situation of a principal, without what no rule asks for.
    pub(crate) fn of(&self, who: &Principal) -> Situation {
        Situation {
            zone: who.zone.clone().filter(|z| self.zones.contains(z)),
            trusted_device: self.device && who.trusted_device,
            strength: if self.strength { who.strength } else { Strength::default() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(days: &[u8], from: &str, until: &str) -> Hours {
        let time = |t: &str| DayTime::try_from(t.to_owned()).unwrap();
        Hours { days: days.iter().copied().collect(), from: time(from), until: time(until) }
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn hours_are_those_of_china() {
        // 2026-11-23 is a Monday.
        let office = hours(&[1, 2, 3, 4, 5], "09:00", "18:00");
        assert!(office.hold(at("2026-11-23T01:00:00Z")));
        assert!(!office.hold(at("2026-11-23T00:59:59Z")));
        assert!(office.hold(at("2026-11-23T09:59:59Z")));
        assert!(!office.hold(at("2026-11-23T10:00:00Z")));
        assert!(!office.hold(at("2026-11-22T04:00:00Z")), "Sunday");
    }

    #[test]
    fn a_night_belongs_to_the_day_it_began_on() {
        let friday_night = hours(&[5], "22:00", "06:00");
        assert!(friday_night.hold(at("2026-11-27T14:00:00Z")));
        assert!(friday_night.hold(at("2026-11-27T21:59:00Z")), "Saturday 05:59");
        assert!(!friday_night.hold(at("2026-11-27T22:00:00Z")));
        assert!(!friday_night.hold(at("2026-11-26T21:00:00Z")), "Friday 05:00 is Thursday's night");
    }

    #[test]
    fn the_answer_stands_for_the_whole_stretch() {
        for hours in
            [hours(&[], "09:00", "18:00"), hours(&[1, 6], "22:15", "06:30"), hours(&[7], "00:00", "24:00")]
        {
            for minute in (0..9 * DAY_MINUTES).step_by(7) {
                let now = at("2026-11-23T00:00:00Z").plus_seconds(minute * 60);
                let (since, until) = hours.stretch(now);
                assert!(since <= now && now < until);
                for other in [since, Timestamp(until.0 - 1)] {
                    assert_eq!(hours.hold(other), hours.hold(now), "{hours:?} {now} {other}");
                }
            }
        }
    }

    #[test]
    fn times_of_day_are_read_strictly() {
        for bad in ["9:00", "09:60", "24:01", "ab:cd", "0900", "+9:00", "09:00:00", ""] {
            assert!(DayTime::try_from(bad.to_owned()).is_err(), "{bad}");
        }
        assert_eq!(String::from(DayTime::try_from("24:00".to_owned()).unwrap()), "24:00");
        assert!(serde_json::from_str::<Circumstances>(r#"{"zone":["office"]}"#).is_err());
    }
}
