//! Conditions in words, Chinese and English.
