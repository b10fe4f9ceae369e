enum UserError {
    /// There is no such user.
    #[status(404)]
    #[detail("user {id} not found")]
    NotFound { id: u64 },
    #[status(500)]
    Database(#[from] DatabaseError),
}
