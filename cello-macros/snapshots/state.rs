#[automatically_derived]
impl<
    R: Repository + ::core::marker::Send + ::core::marker::Sync + 'static,
> ::cello::AppState for Services<R> {
    fn provide(
        &self,
        of_cello_id: ::core::any::TypeId,
    ) -> ::core::option::Option<
        &(dyn ::core::any::Any + ::core::marker::Send + ::core::marker::Sync),
    > {
        use ::cello::__private::NoPiece as _;
        if of_cello_id == ::core::any::TypeId::of::<UserStore>() {
            return ::cello::__private::Piece(&self.users).given();
        }
        if of_cello_id == ::core::any::TypeId::of::<R>() {
            return ::cello::__private::Piece(&self.repository).given();
        }
        ::cello::AppState::provide(&self.shared, of_cello_id)
    }
}
impl<
    R: Repository + ::core::marker::Send + ::core::marker::Sync + 'static,
> ::cello::Provide<UserStore> for Services<R> {}
impl<
    R: Repository + ::core::marker::Send + ::core::marker::Sync + 'static,
> ::cello::Provide<R> for Services<R> {}
impl<
    R: Repository + ::core::marker::Send + ::core::marker::Sync + 'static,
    __Given,
> ::cello::Provide<__Given> for Services<R>
where
    Shared: ::cello::Provide<__Given>,
{}
