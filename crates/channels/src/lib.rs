//! Mail (mbox, .eml) into communications
