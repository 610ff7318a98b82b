//! Duties: what the company's own jobs may do. Not data: no administrator can widen, narrow or hand them out.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use kernel::RuleId;
use uuid::Uuid;

use crate::action::ActionKind;
use crate::principal::PrincipalKind;
use crate::rule::{ANY_OBJECT, Effect, Obligations, RowScope, Rule, Who};

/// The duty of handing somebody's records over: to list and assign what that one person owns, and no field of it.
/// Only jobs have it: it is no role that people can be given.
pub const HAND_OVER: &str = "duty.hand_over";

static RULES: LazyLock<[Arc<Rule>; 1]> = LazyLock::new(|| {
    [Arc::new(Rule {
        id: RuleId(Uuid::from_u128(0x5d07_0000_0000_7000_8000_0000_0000_0001)),
        name: "交接".to_owned(),
        effect: Effect::Permit,
        who: Who::Role(HAND_OVER.to_owned()),
        object: ANY_OBJECT.to_owned(),
        actions: BTreeSet::from([ActionKind::List, ActionKind::Assign]),
        rows: RowScope::Own,
        fields: Vec::new(),
        obligations: Obligations::default(),
        circumstances: None,
        valid_from: None,
        valid_until: None,
        builtin: true,
    })]
});

/// The rules of duties, for jobs only.
pub(crate) fn rules(kind: PrincipalKind) -> &'static [Arc<Rule>] {
    if kind == PrincipalKind::Person { &[] } else { &*RULES }
}
