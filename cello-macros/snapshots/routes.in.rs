index, users, #[cfg(feature = "admin")] admin::panel
