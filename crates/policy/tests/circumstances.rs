//! Rules that hold under circumstances only: against policies without circumstances, and through one shared cache.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod support;

use std::collections::BTreeSet;
use std::sync::Arc;

use kernel::{Timestamp, builtin};
use policy::*;
use proptest::prelude::*;
use support::*;

fn company() -> Org {
    Org::new(vec![someone(1, &["sales"], &[1])], vec![some_department(1, None)])
}

fn time(text: &str) -> DayTime {
    DayTime::try_from(text.to_owned()).expect("well formed")
}

fn office_hours() -> Hours {
    Hours { days: (1..=5).collect(), from: time("09:00"), until: time("18:00") }
}

fn under(circumstances: Circumstances, n: u128) -> Rule {
    Rule { circumstances: Some(circumstances), ..rule(n, "customer") }
}

fn seen_from(zone: Option<&str>, trusted_device: bool, strength: Strength) -> Arc<Principal> {
    let mut who = (*session(&company(), 1)).clone();
    who.zone = zone.map(str::to_owned);
    who.trusted_device = trusted_device;
    who.strength = strength;
    Arc::new(who)
}

fn reads(policy: &Policy, who: &Arc<Principal>, now: Timestamp) -> bool {
    policy.permit::<Read>(who, "customer", now).is_ok()
}

#[test]
fn a_rule_holds_in_its_zone_only_also_for_the_same_session_that_moves() {
    let office = Circumstances { zones: vec!["office".to_owned()], ..Circumstances::default() };
    let policy = Policy::new(builtin::catalog(), vec![under(office, 1)], company());
    for _ in 0..2 {
        assert!(reads(&policy, &seen_from(Some("office"), false, Strength::Password), noon()));
        assert!(!reads(&policy, &seen_from(Some("home"), false, Strength::Password), noon()));
        assert!(!reads(&policy, &seen_from(None, true, Strength::Passkey), noon()));
    }
}

#[test]
fn a_refusal_says_that_circumstances_were_missing() {
    let strong = Circumstances { min_strength: Some(Strength::SecondFactor), ..Circumstances::default() };
    let policy = Policy::new(builtin::catalog(), vec![under(strong, 1)], company());
    let who = seen_from(None, false, Strength::Password);
    let refusal = policy.permit::<Read>(&who, "customer", noon()).unwrap_err();
    assert_eq!(refusal.explanation().rules[0].outcome, Outcome::OtherCircumstances);
}

#[test]
fn who_can_counts_those_who_can_under_the_right_circumstances() {
    let office = Circumstances { zones: vec!["office".to_owned()], ..Circumstances::default() };
    let forbid = Rule { effect: Effect::Forbid, ..under(office.clone(), 2) };
    let policy = Policy::new(builtin::catalog(), vec![under(office, 1), forbid], company());
    let viewers = policy.who_can(ActionKind::Read, "customer", &Record::new(9).owned(1), noon());
    assert_eq!(viewers.len(), 1, "in the office at best, without the prohibition");
}

#[test]
fn stored_rules_without_circumstances_still_read_and_are_written_as_before() {
    let plain = serde_json::to_string(&rule(1, "customer")).expect("well formed");
    assert!(!plain.contains("circumstances"));
    assert_eq!(serde_json::from_str::<Rule>(&plain).expect("well formed"), rule(1, "customer"));
    let hours = Circumstances { hours: Some(office_hours()), ..Circumstances::default() };
    let text = serde_json::to_string(&under(hours.clone(), 1)).expect("well formed");
    assert!(text.contains(r#""from":"09:00""#), "{text}");
    assert_eq!(serde_json::from_str::<Rule>(&text).expect("well formed"), under(hours, 1));
}

#[test]
fn a_rule_says_its_circumstances_in_words() {
    let asked = Circumstances {
        zones: vec!["office".to_owned()],
        trusted_device: true,
        min_strength: Some(Strength::SecondFactor),
        hours: Some(Hours { days: [1].into(), ..office_hours() }),
    };
    let policy = Policy::new(builtin::catalog(), Vec::new(), company());
    let said = policy.sentence(&under(asked, 1), &[]);
    for part in ["限网络区域 office", "限受信任的设备", "须经第二因素验证", "限周一 09:00–18:00"]
    {
        assert!(said.zh.contains(part), "{}", said.zh);
    }
    for part in
        ["from the network office", "by a trusted device", "after a second factor", "on Monday 09:00–18:00"]
    {
        assert!(said.en.contains(part), "{}", said.en);
    }
}

const ZONES: [&str; 3] = ["office", "home", "depot"];
const STRENGTHS: [Strength; 3] = [Strength::Password, Strength::SecondFactor, Strength::Passkey];

fn some_hours() -> impl Strategy<Value = Hours> {
    let days = prop::collection::btree_set(1u8..=7, 0..4);
    (days, 0u16..=1440, 0u16..=1440).prop_map(|(days, from, until): (BTreeSet<u8>, u16, u16)| Hours {
        days,
        from: DayTime::new(from).expect("well formed"),
        until: DayTime::new(until).expect("well formed"),
    })
}

fn circumstances() -> impl Strategy<Value = Circumstances> {
    let zones = prop::collection::vec(prop::sample::select(&ZONES[..2]), 0..3);
    let strength = prop::option::of(prop::sample::select(&STRENGTHS[..]));
    (zones, any::<bool>(), strength, prop::option::of(some_hours())).prop_map(
        |(zones, trusted_device, min_strength, hours)| Circumstances {
            zones: zones.into_iter().map(str::to_owned).collect(),
            trusted_device,
            min_strength,
            hours,
        },
    )
}

fn rules() -> impl Strategy<Value = Vec<Rule>> {
    let one = (prop::option::of(circumstances()), any::<bool>(), any::<bool>());
    prop::collection::vec(one, 1..5).prop_map(|all| {
        let numbered = (1u128..).zip(all);
        numbered
            .map(|(n, (circumstances, forbids, own))| Rule {
                circumstances,
                effect: if forbids && n > 1 { Effect::Forbid } else { Effect::Permit },
                rows: if own { RowScope::Own } else { RowScope::All },
                ..rule(n, "customer")
            })
            .collect()
    })
}

/// Zone, trust, strength, minutes after the beginning.
type Moment = (Option<&'static str>, bool, Strength, i64);

fn moments() -> impl Strategy<Value = Vec<Moment>> {
    let zone = prop::option::of(prop::sample::select(&ZONES[..]));
    let strength = prop::sample::select(&STRENGTHS[..]);
    prop::collection::vec((zone, any::<bool>(), strength, 0i64..3 * 1440), 1..24)
}

/// Said anew, without the policy's own code: is the rule met?
fn met(asked: &Circumstances, (zone, trusted, strength, _): Moment, now: Timestamp) -> bool {
    let in_zone = asked.zones.is_empty() || zone.is_some_and(|z| asked.zones.iter().any(|a| a == z));
    let rank = |s: Strength| STRENGTHS.iter().position(|x| *x == s);
    let strong = asked.min_strength.is_none_or(|least| rank(strength) >= rank(least));
    in_zone
        && (trusted || !asked.trusted_device)
        && strong
        && asked.hours.as_ref().is_none_or(|h| h.hold(now))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// One policy with one cache, asked from changing circumstances, answers each time as a policy that was never
    /// told of the rules that do not hold.
    #[test]
    fn a_rule_never_applies_outside_its_circumstances(rules in rules(), moments in moments()) {
        let shared = Policy::new(builtin::catalog(), rules.clone(), company());
        for moment in moments {
            let now = noon().plus_seconds(moment.3 * 60);
            let who = seen_from(moment.0, moment.1, moment.2);
            let holding: Vec<Rule> = rules
                .iter()
                .filter(|r| r.circumstances.as_ref().is_none_or(|c| met(c, moment, now)))
                .map(|r| Rule { circumstances: None, ..r.clone() })
                .collect();
            let naive = Policy::new(builtin::catalog(), holding, company());
            let (got, wanted) = (shared.permit::<Read>(&who, "customer", now), naive.permit::<Read>(&who, "customer", now));
            prop_assert_eq!(got.is_ok(), wanted.is_ok(), "{:?} at {}", moment, now);
            if let (Ok(got), Ok(wanted)) = (got, wanted) {
                prop_assert_eq!(got.plan().rows(), wanted.plan().rows());
                prop_assert_eq!(got.plan().deciding_rules(), wanted.plan().deciding_rules());
            }
        }
    }
}
