#[allow(
    clippy::needless_pass_by_value,
    clippy::trivially_copy_pass_by_ref,
    clippy::unused_async
)]
/// Creates a user.
async fn create_user(new: Json<NewUser>, store: &UserStore) -> Created<Json<User>> {
    store.create(new)
}
::cello::__private::__handler! {
    create_user path
    doc "The route `POST /users`, for `routes![...]` and for links: [`path`](Self::path)."
    use names
    code b"\x04\0\0\0\n\0\0\0\0\0\0users"
    methods 4
    told "src/lib.rs\x001\x001\0create_user\0Creates a user."
    pattern "/users"
    row of_cello_extracting_handler CelloExtractsAndCalls
    one [Json < NewUser >]
    responds [Created < Json < User >>]
    shim of_cello_x of_cello_body (of_cello :: call_ea_async :: < Json < NewUser >, _ , _ , of_cello :: The < _ > > (of_cello_x , of_cello_body , of_cello_state :: < UserStore > (of_cello_x) , create_user))
    link () ()
    item struct create_user { }
}
impl<CelloS> CelloNeeds<CelloS> for create_user
where
    CelloS: CelloProvideFor<UserStore, create_user>,
    CelloTakes<
        (Json<NewUser>,),
        { CelloProbe::<(Json<NewUser>,)>::IS },
    >: CelloTakesFor<CelloS, create_user>,
{}
