"/teams/<team>", [list, #[cfg(feature = "admin")] members::add], parent = super, params(org), guard(Member)
