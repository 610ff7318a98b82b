//! A permit to read does not open what asks for a permit to export.

use policy::{Export, Permit, Read};

fn export(_: Permit<Export>) {}

fn reader(permit: Permit<Read>) {
    export(permit);
}

fn main() {}
