use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

use super::*;

fn name() -> impl Strategy<Value = Name> {
    prop_oneof!["[a-z_.]{0,20}", "\\PC{0,90}"].prop_map(Name::Owned)
}

fn id() -> impl Strategy<Value = Uuid> {
    any::<[u8; 16]>().prop_map(Uuid::from_bytes)
}

fn sealed() -> impl Strategy<Value = Sealed> {
    let by = prop_oneof![
        Just(Sealing::Workspace),
        any::<[u8; 16]>().prop_map(|id| Sealing::Subject(SubjectId::from_bytes(id)))
    ];
    (by, vec(any::<u8>(), 0..300)).prop_map(|(by, bytes)| Sealed { by, bytes })
}

prop_compose! {
    fn actor()(
        kind in prop::sample::select(vec![ActorKind::Person, ActorKind::System, ActorKind::Setup]),
        person in of(id()), session in of(id()), device in of("\\PC{0,40}"), ip in of("[0-9.:]{0,20}"),
    ) -> Actor {
        Actor { kind, person: person.map(PersonId), session: session.map(SessionId), device, ip }
    }
}

prop_compose! {
    fn entry()(
        at in any::<i64>(), actor in actor(), action in name(), object in of(name()),
        records in vec(id(), 0..260), fields in vec(name(), 0..5), class in of(0u8..4),
        outcome in prop::sample::select(vec![Outcome::Ok, Outcome::Refused, Outcome::Failed]),
        rules in vec(name(), 0..4), subject in of(id()), sealed in (of(sealed()), of(sealed())),
    ) -> Entry {
        Entry {
            at: Timestamp(at), actor, action, object, records: RecordSet::of(records), fields,
            class: class.and_then(class_from_code), outcome, rules, subject: subject.map(SubjectId),
            reason: sealed.0, details: sealed.1,
        }
    }
}

proptest! {
    #[test]
    fn an_entry_reads_back_as_it_was(entry in entry()) {
        let bytes = entry.bytes().unwrap();
        prop_assert_eq!(Entry::from_bytes(&bytes), Some(entry));
    }

    #[test]
    fn an_entry_has_only_one_encoding(entry in entry(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = entry.bytes().unwrap();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Some(read) = Entry::from_bytes(&bytes) {
            prop_assert_eq!(read.bytes().unwrap(), bytes.clone());
        }
        bytes.truncate(at);
        if let Some(read) = Entry::from_bytes(&bytes) {
            prop_assert_eq!(read.bytes().unwrap(), bytes);
        }
    }
}

#[test]
fn an_entry_beyond_a_bundle_is_refused() {
    let details = Sealed { by: Sealing::Workspace, bytes: vec![0; MOST_BYTES] };
    let entry = Entry::new(Timestamp(0), Actor::system(), "export").details(details);
    assert!(matches!(entry.bytes(), Err(Error::TooLarge { bytes, .. }) if bytes > MOST_BYTES));
}

#[test]
fn the_documented_vectors_hold() {
    let page = include_str!("../../../docs/formats/ledger-entry.md");
    let vectors: Vec<(&str, &str)> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.strip_suffix("` |")?.split_once("` | `"))
        .filter(|(body, leaf)| body.len() > 40 && leaf.len() == 64)
        .collect();
    assert_eq!(vectors.len(), 2, "the page has two vectors");
    let at = Timestamp::parse("2026-11-23T05:00:00Z").unwrap();
    let person = PersonId::from_bytes([0x11; 16]);
    let record = Uuid::from_bytes([0x22; 16]);
    let small = Entry::new(at, Actor::setup(), "setup");
    let subject = SubjectId(record);
    let reveal = Entry::new(at, Actor::person(person).ip(Some("127.0.0.1".to_owned())), "reveal")
        .object("customer")
        .records([record])
        .fields(["phone"], Some(Class::Restricted))
        .rules(["starter.sales"])
        .subject(subject)
        .reason(Sealed { by: Sealing::Subject(subject), bytes: vec![0xab; 4] });
    for (entry, (body, leaf)) in [small, reveal].iter().zip(vectors) {
        let bytes = entry.bytes().unwrap();
        assert_eq!(hex::encode(&bytes), body);
        assert_eq!(hex::encode(crate::hash::leaf_hash(&bytes)), leaf);
        assert_eq!(Entry::from_bytes(&bytes).as_ref(), Some(entry));
    }
}
