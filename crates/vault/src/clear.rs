//! A value in clear that refuses to be shown by accident.

use zeroize::{Zeroize, Zeroizing};

/// A clear value: no `Debug`, no `Serialize`, no `Clone`; wiped when dropped.
pub struct Clear<T: Zeroize>(Zeroizing<T>);

impl<T: Zeroize> Clear<T> {
    /// Takes a value in.
    pub fn new(value: T) -> Self {
        Self(Zeroizing::new(value))
    }

    /// Looks at it: a deliberate act.
    pub fn expose(&self) -> &T {
        &self.0
    }
}
