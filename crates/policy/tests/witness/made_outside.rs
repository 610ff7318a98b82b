//! Nobody but the policy makes a permit.

use policy::{Permit, Read};

fn forge(real: Permit<Read>) -> Permit<Read> {
    Permit { at: kernel::Timestamp(0), ..real }
}

fn grant(real: Permit<Read>) -> Permit<Read> {
    Permit::grant(real.principal().clone(), real.shared_plan(), kernel::Timestamp(0))
}

fn main() {}
