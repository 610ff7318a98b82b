//! Nobody invents actions, nor plans.

struct Anything;

impl policy::Action for Anything {
    const KIND: policy::ActionKind = policy::ActionKind::Export;
}

fn plan() -> policy::AccessPlan {
    policy::AccessPlan { action: policy::ActionKind::Export }
}

fn main() {}
