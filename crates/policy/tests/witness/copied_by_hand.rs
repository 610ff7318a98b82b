//! Nobody makes a permit, or a plan, from the parts of another. (Alone in its file: the compiler looks at private
//! fields only when all else is right.)

use policy::{Permit, Read};

fn forge(real: Permit<Read>) -> Permit<Read> {
    Permit { at: kernel::Timestamp(0), ..real }
}

fn main() {}
