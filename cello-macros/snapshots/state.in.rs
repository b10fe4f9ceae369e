struct Services<R: Repository> {
    users: UserStore,
    repository: R,
    #[state(skip)]
    started: Instant,
    #[state(flatten)]
    shared: Shared,
}
