//! The only door to customer data
