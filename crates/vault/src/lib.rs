//! Keys, encryption, masks, detection, blind index
