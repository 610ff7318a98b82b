//! Rules, access plans, explanations
